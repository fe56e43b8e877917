//! Which assignor a group uses: the one that most members name.
//!
//! Mirrors `ConsumerGroup.computePreferredServerAssignor` and `preferredServerAssignor`. Leaves out: nothing
//! known. A tie shows the order of Java's tables, so that order is kept here.

use crate::assignor::ServerAssignor;

/// Names with their votes, in the order in which Kafka walks them; none has no vote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct AssignorVotes(Vec<(ServerAssignor, u32)>);

impl AssignorVotes {
    /// The group's own count, a `TimelineHashMap` that lists `uniform` before `range`.
    pub(super) fn count(votes: impl Iterator<Item = ServerAssignor>) -> Self {
        let mut counted = ServerAssignor::ALL.map(|assignor| (assignor, 0)).to_vec();
        for vote in votes {
            for (_, count) in counted.iter_mut().filter(|(assignor, _)| *assignor == vote) {
                *count += 1;
            }
        }
        counted.retain(|(_, count)| *count > 0);
        Self(counted)
    }

    /// A member votes anew. It happens in a copy, a `HashMap` so small that both names share a bucket, and
    /// `compute` puts a new name at the head of its bucket.
    pub(super) fn change(&mut self, from: Option<ServerAssignor>, to: Option<ServerAssignor>) {
        if let Some(position) = self.position(from) {
            self.0[position].1 -= 1;
            if self.0[position].1 == 0 {
                self.0.remove(position);
            }
        }
        match self.position(to) {
            Some(position) => self.0[position].1 += 1,
            None => self.0.splice(0..0, to.map(|assignor| (assignor, 1))).for_each(drop),
        }
    }

    /// The first of the most voted.
    pub(super) fn preferred(&self) -> Option<ServerAssignor> {
        let most = self.0.iter().map(|(_, count)| *count).max()?;
        self.0.iter().find(|(_, count)| *count == most).map(|(assignor, _)| *assignor)
    }

    fn position(&self, of: Option<ServerAssignor>) -> Option<usize> {
        self.0.iter().position(|(assignor, _)| Some(*assignor) == of)
    }
}

#[cfg(test)]
mod tests {
    use super::ServerAssignor::{Range, Uniform};
    use super::*;

    fn after(
        votes: &[ServerAssignor],
        from: Option<ServerAssignor>,
        to: Option<ServerAssignor>,
    ) -> AssignorVotes {
        let mut votes = AssignorVotes::count(votes.iter().copied());
        votes.change(from, to);
        votes
    }

    #[test]
    fn the_majority_decides() {
        assert_eq!(after(&[], None, None).preferred(), None);
        assert_eq!(after(&[Range, Range], None, Some(Uniform)).preferred(), Some(Range));
        assert_eq!(after(&[Range, Range, Uniform], Some(Range), None).preferred(), Some(Uniform));
    }

    #[test]
    fn a_tie_goes_to_the_name_that_is_new() {
        assert_eq!(after(&[Uniform], None, Some(Range)).preferred(), Some(Range));
        assert_eq!(after(&[Range], None, Some(Uniform)).preferred(), Some(Uniform));
        assert_eq!(after(&[Uniform, Range], Some(Range), Some(Range)).preferred(), Some(Range));
        assert_eq!(after(&[Uniform, Range], None, None).preferred(), Some(Uniform));
    }
}
