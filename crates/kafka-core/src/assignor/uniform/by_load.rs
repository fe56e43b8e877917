//! Picks the least and the most loaded subscribers of a topic. Mirrors
//! `UniformHeterogeneousAssignmentBuilder.MemberAssignmentBalancer`.

/// The subscribers sorted by load. The lightest form a range at the front that gains partitions
/// level by level and grows backward; the heaviest form one at the back that loses them level by
/// level and grows forward.
pub(super) struct ByLoad {
    sorted: Vec<usize>,
    light_end: usize,
    light_next: usize,
    light_level: i64,
    heavy_start: usize,
    heavy_end: usize,
    /// One past the next to lose a partition.
    heavy_next: usize,
    heavy_level: i64,
}

impl ByLoad {
    /// `loads` are those of all members; ties stay in the order of the subscribers.
    pub(super) fn new(subscribers: &[usize], loads: &[u32]) -> Self {
        let mut sorted = subscribers.to_vec();
        sorted.sort_by_key(|member| loads[*member]);
        let level = |member: Option<&usize>| member.map_or(0, |member| i64::from(loads[*member]));
        Self {
            light_end: 0,
            light_next: 0,
            light_level: level(sorted.first()) - 1,
            heavy_start: sorted.len(),
            heavy_end: sorted.len(),
            heavy_next: sorted.len(),
            heavy_level: level(sorted.last()) + 1,
            sorted,
        }
    }

    /// The member to gain the next partition.
    pub(super) fn next_lightest(&mut self, loads: &[u32]) -> usize {
        if self.light_next == self.light_end {
            self.light_level += 1;
            while self
                .sorted
                .get(self.light_end)
                .is_some_and(|member| i64::from(loads[*member]) == self.light_level)
            {
                self.light_end += 1;
            }
            self.light_next = 0;
        }
        self.light_next += 1;
        self.sorted[self.light_next - 1]
    }

    /// The member to lose the next partition, unless all were excluded.
    pub(super) fn next_heaviest(&mut self, loads: &[u32]) -> Option<usize> {
        if self.heavy_next <= self.heavy_start {
            // A range that was emptied by exclusions must grow, or it would lead to members outside it.
            let emptied = self.heavy_end <= self.heavy_start && self.heavy_start > 0;
            self.heavy_level = if emptied {
                i64::from(loads[self.sorted[self.heavy_start - 1]])
            } else {
                self.heavy_level - 1
            };
            while self.heavy_start > 0
                && i64::from(loads[self.sorted[self.heavy_start - 1]]) == self.heavy_level
            {
                self.heavy_start -= 1;
            }
            self.heavy_next = self.heavy_end;
        }
        self.heavy_next = self.heavy_next.checked_sub(1)?;
        Some(self.sorted[self.heavy_next])
    }

    /// Sets the member just answered by `next_heaviest` aside: it has no partition to lose.
    pub(super) fn exclude_heaviest(&mut self) {
        self.heavy_end -= 1;
        self.sorted.swap(self.heavy_next, self.heavy_end);
    }

    pub(super) fn is_balanced(&self) -> bool {
        self.heavy_level - self.light_level <= 1
    }
}
