//! What a decision of the coordinator asks of its broker, as data.
//!
//! Mirrors `CoordinatorResult`, `CoordinatorTimer` and the futures that a request waits on.
//! Leaves out: failed writes; a record that was decided is taken to be committed.

use std::time::Duration;

use crate::event::Event;
use crate::group::GroupCoordinatorConfig;
use crate::group::record::CoordinatorRecord;
use crate::protocol::{
    ErrorCode, GroupId, JoinGroupResponse, JoinedGeneration, MemberId, RequestHandle, Response,
    SyncGroupResponse,
};
use crate::rng::Rng;
use crate::time::SimTime;
use crate::topic::{TopicId, TopicPartition};

/// One timer of the coordinator; setting it again replaces it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GroupTimer {
    /// The join phase of a rebalance ends, or its initial delay does.
    Join { group: GroupId },
    /// Members that have not synced by now are removed.
    Sync { group: GroupId },
    /// `session.timeout.ms` of a member, or of a member id that was handed out and has not come back.
    Session { group: GroupId, member: MemberId },
    /// `group.consumer.session.timeout.ms` of a member of a KIP-848 group.
    ConsumerSession { group: GroupId, member: MemberId },
    /// Until when a member of a KIP-848 group has to revoke what it was asked to.
    ConsumerRebalance { group: GroupId, member: MemberId },
    /// A classic member of a KIP-848 group has not rejoined.
    ConsumerJoin { group: GroupId, member: MemberId },
    /// A classic member of a KIP-848 group has joined and not synced.
    ConsumerSync { group: GroupId, member: MemberId },
    /// The job that removes expired offsets and empty groups runs.
    OffsetExpiration,
}

/// The broker appends `records` to the group's partition of `__consumer_offsets` and sends `responses` once
/// these are committed. Timers and events take effect at once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[must_use]
pub struct Effects {
    pub records: Vec<CoordinatorRecord>,
    pub responses: Vec<(RequestHandle, Response)>,
    /// Set (or replace) at a time, or cancel.
    pub timers: Vec<(GroupTimer, Option<SimTime>)>,
    pub events: Vec<Event>,
}

impl Effects {
    pub const NONE: Self =
        Self { records: Vec::new(), responses: Vec::new(), timers: Vec::new(), events: Vec::new() };
}

/// Where the random part of a member id comes from.
pub trait MemberIdSource {
    /// `java.util.UUID.randomUUID`
    fn uuid(&mut self) -> String;

    /// `org.apache.kafka.common.Uuid.randomUuid`, for a classic member of a KIP-848 group.
    fn base64_uuid(&mut self) -> String;
}

impl MemberIdSource for Rng {
    fn uuid(&mut self) -> String {
        Self::uuid(self)
    }

    fn base64_uuid(&mut self) -> String {
        TopicId::random(self).to_string()
    }
}

/// What a handler knows while it decides, and what it decided so far.
pub(super) struct Decision<'a> {
    pub(super) config: &'a GroupCoordinatorConfig,
    pub(super) now: SimTime,
    /// Milliseconds since the Unix epoch.
    pub(super) timestamp: i64,
    pub(super) effects: Effects,
}

impl Decision<'_> {
    pub(super) fn respond(&mut self, handle: RequestHandle, response: Response) {
        self.effects.responses.push((handle, response));
    }

    pub(super) fn respond_join(
        &mut self,
        handle: RequestHandle,
        member_id: &MemberId,
        outcome: Result<JoinedGeneration, ErrorCode>,
    ) {
        self.respond(
            handle,
            Response::JoinGroup(JoinGroupResponse { member_id: member_id.clone(), outcome }),
        );
    }

    pub(super) fn respond_sync(
        &mut self,
        handle: RequestHandle,
        assignment: Result<Vec<TopicPartition>, ErrorCode>,
    ) {
        self.respond(handle, Response::SyncGroup(SyncGroupResponse { assignment }));
    }

    /// Returns when the timer will fire.
    pub(super) fn set_timer(&mut self, timer: GroupTimer, after: Duration) -> SimTime {
        let at = self.now + after;
        self.effects.timers.push((timer, Some(at)));
        at
    }

    pub(super) fn cancel_timer(&mut self, timer: GroupTimer) {
        self.effects.timers.push((timer, None));
    }

    pub(super) fn emit(&mut self, event: Event) {
        self.effects.events.push(event);
    }
}
