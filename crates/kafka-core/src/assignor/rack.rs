//! When racks count (KIP-881). Mirrors `AbstractPartitionAssignor.useRackAwareAssignment`.

use std::collections::BTreeSet;
use std::rc::Rc;

/// Whether matching racks can gain anything: some member shares a rack with some replica, and the
/// partitions are not all on the same racks.
pub(super) fn is_rack_aware<'a>(
    members: &BTreeSet<&str>,
    mut partitions: impl Iterator<Item = Option<&'a BTreeSet<Rc<str>>>> + Clone,
) -> bool {
    let replicas: BTreeSet<&str> = partitions.clone().flatten().flatten().map(|rack| &**rack).collect();
    // A subset of all racks is all of them when it has as many.
    let everywhere = |racks: Option<&BTreeSet<_>>| racks.map_or(0, BTreeSet::len) == replicas.len();
    !members.is_disjoint(&replicas) && !partitions.all(everywhere)
}
