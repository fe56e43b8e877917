//! What happened, newest first; each entry leads back to its moment.

use std::rc::Rc;

use kafka_core::event::Event;
use playground::scene::Happening;
use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct FeedProps {
    pub(super) happenings: Rc<[Happening]>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Feed(FeedProps { happenings, send }: &FeedProps) -> Html {
    let text = use_text();
    let entry = |happening: &Happening| {
        let at = happening.at;
        let onclick = send.reform(move |_: MouseEvent| Intent::Seek(at));
        html! {
            <li class={weight(&happening.event)} key={happening.number.to_string()}>
                <button type="button" {onclick}>
                    <span class="at">{ at.to_string() }</span>
                    <span class="what">{ text.happening(happening) }</span>
                </button>
            </li>
        }
    };
    html! {
        <div class="feed">
            if happenings.is_empty() {
                <p class="nothing">{ text.no_events() }</p>
            }
            <ol>{ for happenings.iter().map(entry) }</ol>
        </div>
    }
}

/// How much an event stands out.
const fn weight(event: &Event) -> &'static str {
    match event {
        Event::GroupStateChanged { .. }
        | Event::BrokerChanged { .. }
        | Event::LeaderElected { .. }
        | Event::MemberAdded { .. }
        | Event::PartitionsAssigned { .. }
        | Event::PartitionsRevoked { .. } => "group-event",
        Event::ClientKilled { .. }
        | Event::ClientSuspended { .. }
        | Event::MemberRemoved { .. }
        | Event::PartitionsLost { .. }
        | Event::RecordFailed { .. }
        | Event::BatchRetried { .. }
        | Event::TransactionTimedOut { .. }
        | Event::TransactionCallReturned { outcome: Err(_), .. }
        | Event::BatchSplit { .. }
        | Event::ReplicasChanged { .. }
        | Event::ElectionRefused { .. }
        | Event::LogTruncated { .. }
        | Event::ProcessingFailed { .. }
        | Event::ListenerThrew { .. }
        | Event::PollIntervalExceeded { .. }
        | Event::CommitFailed { .. }
        | Event::ConsumerFailed { .. }
        | Event::MetadataErrorReceived { .. } => "bad-event",
        Event::TopicCreated { .. }
        | Event::ProducerStarted { .. }
        | Event::ProducerClosed { .. }
        | Event::ConsumerStarted { .. }
        | Event::ConsumerClosed { .. }
        | Event::RecordPartitioned { .. }
        | Event::BatchSent { .. }
        | Event::BatchAcknowledged { .. }
        | Event::RecordsAppended { .. }
        | Event::IsrChanged { .. }
        | Event::LeadershipBegan { .. }
        | Event::ProducerIdAssigned { .. }
        | Event::DuplicateDiscarded { .. }
        | Event::TransactionCallReturned { outcome: Ok(()), .. }
        | Event::TransactionStateChanged { .. }
        | Event::MarkerAppended { .. }
        | Event::OffsetsSkipped { .. }
        | Event::SegmentRolled { .. }
        | Event::SegmentDeleted { .. }
        | Event::LogCompacted { .. }
        | Event::HighWatermarkAdvanced { .. }
        | Event::OffsetCommitted { .. }
        | Event::OffsetRemoved { .. }
        | Event::CoordinatorDiscovered { .. }
        | Event::MemberJoined { .. }
        | Event::MemberEpochReached { .. }
        | Event::PositionSet { .. }
        | Event::PartitionsCreated { .. }
        | Event::TopicDeleted { .. }
        | Event::ConfigAltered { .. }
        | Event::RecordsDeleted { .. }
        | Event::PartitionsPaused { .. }
        | Event::PartitionsResumed { .. }
        | Event::SubscriptionChanged { .. }
        | Event::RecordsProcessed { .. }
        | Event::ClientContinued { .. }
        | Event::CommitCompleted { .. }
        | Event::RecordsPolled { .. } => "plain-event",
    }
}
