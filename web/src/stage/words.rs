//! The stage told in sentences, for those who do not see it.

use std::rc::Rc;

use playground::scene::{Consumer, Countdowns, Group, Lane, LaneId, Producer, Scene};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::consumer::state;
use super::coordinator::wait;
use super::member::member_title;
use super::producer::batch_words;
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct WordsProps {
    pub(super) scene: Rc<Scene>,
}

/// Told only while somebody reads it: the scene changes with every frame.
#[component]
pub(super) fn Words(WordsProps { scene }: &WordsProps) -> Html {
    let text = use_text();
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.setter();
        Callback::from(move |event: Event| {
            let details = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            open.set(details.is_some_and(|details| details.has_attribute("open")));
        })
    };
    html! {
        <details class="words" {ontoggle}>
            <summary title={text.in_words()} aria-label={text.in_words()}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4h12M2 8h12M2 12h8" /></svg>
            </summary>
            if *open {
                <h2>{ text.in_words() }</h2>
                <ul>{ for told(scene, text).into_iter().map(|line| html! { <li>{ line }</li> }) }</ul>
            }
        </details>
    }
}

fn told(scene: &Scene, text: Text) -> Vec<String> {
    let producers = scene.producers.iter().map(|one| producer(one, text));
    let lanes = scene
        .topics
        .iter()
        .filter(|topic| topic.active)
        .flat_map(|topic| topic.lanes.iter().map(move |one| lane(&topic.name, one, text)));
    let consumers = scene.consumers.iter().map(|one| consumer(one, text));
    let groups = scene.groups.iter().map(|one| group(one, text));
    let brokers = scene.brokers.iter().map(|one| text.told_broker(one.number, &text.broker_state(one)));
    brokers.chain(producers).chain(lanes).chain(consumers).chain(groups).collect()
}

fn producer(producer: &Producer, text: Text) -> String {
    let mut line = text.told_producer(&producer.name, producer.batches.len(), producer.records_sent);
    for batch in &*producer.batches {
        line.push(' ');
        line.push_str(&batch_words(batch, text));
        line.push('.');
    }
    line
}

fn lane(topic: &str, lane: &Lane, text: Text) -> String {
    let leader = lane.leader.map_or_else(|| text.no_leader().to_owned(), |broker| text.leader(broker));
    let mut line = text.told_lane(
        topic,
        lane.partition,
        &leader,
        lane.log_start_offset,
        lane.log_end_offset,
        lane.high_watermark,
    );
    if lane.replicas.len() > 1 {
        line.push(' ');
        line.push_str(&text.leader_epoch(lane.leader_epoch));
        line.push('.');
        for replica in lane.replicas.iter().filter(|replica| !replica.leads) {
            line.push(' ');
            line.push_str(&text.copy(replica));
        }
    }
    for committed in &*lane.committed {
        line.push(' ');
        line.push_str(&text.told_committed(&committed.group, committed.offset, committed.lag));
    }
    line
}

fn consumer(consumer: &Consumer, text: Text) -> String {
    let name = |lane: &LaneId| format!("{}-{}", lane.topic, lane.partition);
    let held: Vec<_> = consumer.held.iter().map(|held| name(&held.lane)).collect();
    let held = if held.is_empty() { text.told_none().to_owned() } else { held.join(", ") };
    let mut line = text.told_consumer(&consumer.name, &state(consumer, text), &held);
    let Countdowns { session, heartbeat, poll } = consumer.countdowns;
    let told = [
        session.map(|left| text.told_countdown(Text::told_session, left)),
        heartbeat.map(|left| text.told_countdown(Text::told_heartbeat, left)),
        poll.map(|left| text.told_countdown(Text::told_poll, left)),
    ];
    for countdown in told.into_iter().flatten() {
        line.push(' ');
        line.push_str(&countdown);
    }
    line
}

fn group(group: &Group, text: Text) -> String {
    let mut line =
        text.told_group(&group.name, &group.state.to_string(), group.generation, group.members.len());
    let wait = wait(group, text);
    if !wait.is_empty() {
        line.push(' ');
        line.push_str(&wait);
        line.push('.');
    }
    for member in &*group.members {
        line.push(' ');
        line.push_str(&member_title(member, text));
        line.push('.');
    }
    if let Some(last) = text.last_rebalance_of(group) {
        line.push(' ');
        line.push_str(&last);
        line.push('.');
    }
    line
}
