//! The lines between things: who may write where, who reads what, who speaks with which coordinator.

use playground::scene::{Anchor, ConsumerState, Holding, LaneId, Scene};
use yew::prelude::*;

use super::layout::Layout;

#[derive(Clone, PartialEq)]
pub(super) struct Wire {
    key: String,
    path: String,
    class: &'static str,
}

pub(super) fn wires(scene: &Scene, layout: &Layout) -> Vec<Wire> {
    let mut wires = Vec::new();
    for producer in &*scene.producers {
        for (lane, _) in layout.lanes.iter().filter(|(lane, _)| producer.topics.contains(&lane.topic)) {
            let loaded = producer.batches.iter().any(|batch| batch.lane == *lane);
            let class = if loaded { "route loaded" } else { "route" };
            let (from, to) = (Anchor::Producer(producer.number), Anchor::Lane(lane.clone()));
            wires.extend(wire(layout, &from, &to, class));
        }
    }
    for consumer in &*scene.consumers {
        for held in &*consumer.held {
            let class = match held.holding {
                Holding::New => "assignment new",
                Holding::Kept => "assignment",
                Holding::Revoked | Holding::GivingUp => "assignment revoked",
                Holding::Awaited => "assignment awaited",
            };
            let (from, to) = (Anchor::Lane(held.lane.clone()), Anchor::Consumer(consumer.number));
            wires.extend(wire(layout, &from, &to, class));
        }
        if let (Some(group), false) = (&consumer.group, matches!(consumer.state, ConsumerState::Gone { .. }))
        {
            let (from, to) = (Anchor::Consumer(consumer.number), Anchor::Coordinator(group.clone()));
            let busy = scene.travellers.iter().any(|traveller| {
                (traveller.from == from && traveller.to == to)
                    || (traveller.from == to && traveller.to == from)
            });
            wires.extend(wire(layout, &from, &to, if busy { "rail busy" } else { "rail" }));
        }
    }
    wires
}

fn wire(layout: &Layout, from: &Anchor, to: &Anchor, class: &'static str) -> Option<Wire> {
    let path = layout.way(from, to)?.path();
    Some(Wire { key: format!("{}{}", name(from), name(to)), path, class })
}

fn name(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Producer(number) => format!("p{number}"),
        Anchor::Lane(LaneId { topic, partition }) => format!("l{topic}-{partition}"),
        Anchor::Replica(LaneId { topic, partition }, broker) => format!("r{topic}-{partition}-{broker}"),
        Anchor::Consumer(number) => format!("c{number}"),
        Anchor::Coordinator(group) => format!("g{group}"),
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct WiresProps {
    pub(super) wires: Vec<Wire>,
}

#[component]
pub(super) fn Wires(WiresProps { wires }: &WiresProps) -> Html {
    html! {
        <g class="wires">
            { for wires.iter().map(|wire| html! {
                <path key={wire.key.clone()} class={wire.class} pathLength="1" d={wire.path.clone()} />
            }) }
        </g>
    }
}
