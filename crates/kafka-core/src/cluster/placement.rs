//! Where the replicas of new partitions go.
//!
//! Mirrors `StripedReplicaPlacer`. Leaves out: racks.

use crate::cluster::Partition;
use crate::protocol::BrokerId;
use crate::rng::Rng;

/// Stripes replicas over the `active` brokers from a random start; after as many partitions as there are
/// brokers the order is shuffled and the striping goes on. Where these are too few, `fenced` ones fill up,
/// out of sync. `active` must not be empty.
pub(super) fn place(
    active: &[BrokerId],
    fenced: &[BrokerId],
    partitions: u32,
    replication_factor: u32,
    rng: &mut Rng,
) -> Vec<Partition> {
    let mut order = active.to_vec();
    let count = order.len();
    let start = rng.below(count as u32) as usize;
    order.rotate_left(start);
    let wanted = replication_factor as usize;
    (0..partitions as usize)
        .map(|index| {
            if index > 0 && index.is_multiple_of(count) {
                shuffle(&mut order, rng);
            }
            let isr: Vec<_> = (0..wanted.min(count)).map(|step| order[(index + step) % count]).collect();
            let replicas: Vec<_> = isr.iter().chain(fenced).copied().take(wanted).collect();
            Partition::new(replicas, isr)
        })
        .collect()
}

/// Fisher and Yates.
fn shuffle(brokers: &mut [BrokerId], rng: &mut Rng) {
    for last in (1..brokers.len()).rev() {
        brokers.swap(last, rng.below(last as u32 + 1) as usize);
    }
}
