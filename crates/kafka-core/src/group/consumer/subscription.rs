//! What a group subscribes to, and whether the metadata of that has changed.
//!
//! Mirrors `ModernGroup.computeSubscribedTopicNames` and `computeMetadataHash`. Leaves out: the racks of
//! replicas (without reassignment they do not change), and Kafka's hash function (XXH3): the value of the hash means
//! nothing, only that it changes.

use std::collections::BTreeSet;

use crate::assignor::{ServerTopic, ServerTopicMap};
use crate::group::consumer::ConsumerGroup;
use crate::group::consumer::member::ConsumerGroupMember;
use crate::protocol::MemberId;
use crate::topic::TopicName;

impl ConsumerGroup {
    /// The members but those that are about to go, or to be written anew.
    pub(super) fn members_except<'a>(
        &'a self,
        gone: &'a [MemberId],
    ) -> impl Iterator<Item = &'a ConsumerGroupMember> {
        self.members().filter(|member| !gone.contains(&member.member_id))
    }
}

/// Topics that do not exist do not count, so that their creation shows.
pub(super) fn metadata_hash<'a>(
    members: impl Iterator<Item = &'a ConsumerGroupMember>,
    image: &ServerTopicMap,
) -> i64 {
    let names: BTreeSet<&TopicName> =
        members.flat_map(|member| &member.metadata.subscribed_topic_names).collect();
    let existing = names.into_iter().filter_map(|name| Some((name, image.get(name)?)));
    let combine = |hash: u64, (name, ServerTopic { id, partitions }): (&TopicName, &ServerTopic)| {
        let id = (id.most_significant_bits, id.least_significant_bits);
        fxhash::hash64(&(hash, &**name, id, *partitions))
    };
    existing.fold(0, combine).cast_signed()
}
