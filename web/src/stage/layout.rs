//! Where everything stands: from what the scene holds and the room there is to boxes on the stage.
//!
//! On a wide stage producers, lanes and consumers are three columns; on a narrow one they are stacked, and
//! curves run along the margins. Consumers speak with their coordinators along a rail at the edge. A box has its place as long as its neighbours stay: nothing moves because text changed.

mod columns;
mod coordinators;
mod stack;

use std::collections::BTreeSet;
use std::rc::Rc;

use kafka_core::delivery::ProducerTally;
use playground::scene::{Anchor, Consumer, Group, LaneId, Producer, Scene, Topic};

use super::geometry::{Curve, Point, Port, Rail, Rect, Side, Way, strong_width};
use super::replicas;

/// The room on the screen, in CSS pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Room {
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// What a reader chose to see.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Choice {
    /// `None` shows the active topics.
    pub(crate) topics: Option<BTreeSet<Rc<str>>>,
    /// Show every partition, however many.
    pub(crate) all_partitions: bool,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Where producers, lanes and consumers end.
    pub(super) body_bottom: f64,
    pub(super) stacked: bool,
    pub(super) rail: RailPlace,
    pub(super) captions: Vec<Caption>,
    pub(super) producers: Vec<(u32, Rect)>,
    pub(super) lanes: Vec<(LaneId, Rect)>,
    /// Where records get from a lane to a follower's copy of it: both ends of the way.
    pub(super) copies: Vec<(LaneId, u32, Point, Point)>,
    pub(super) consumers: Vec<(u32, Rect)>,
    pub(super) groups: Vec<(Rc<str>, Rect)>,
    pub(super) placeholders: Vec<(Placeholder, Rect)>,
    /// What did not fit.
    pub(super) rests: Vec<(Rest, Point)>,
}

/// Where messages between consumers and coordinators travel: the line's place, and the room around it.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct RailPlace {
    pub(super) x: f64,
    pub(super) width: f64,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Caption {
    pub(super) at: Point,
    pub(super) width: f64,
    pub(super) of: CaptionOf,
}

impl Caption {
    /// The room that a topic's caption leaves to its right: where it ends, and how wide it is.
    pub(super) fn beside_topic(&self) -> Option<(Point, f64)> {
        /// Kind and facts of a topic in the longer of the languages.
        const WORDS: f64 = 200.0;
        let CaptionOf::Topic { name, .. } = &self.of else { return None };
        let width = self.width - WORDS - strong_width(name, 13.0);
        (width > 60.0).then_some((Point { x: self.at.x + self.width, y: self.at.y }, width))
    }
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum CaptionOf {
    Producers,
    Topic { name: Rc<str>, partitions: usize, replication_factor: u32, lost: u64, duplicated: u64 },
    Consumers,
    Group(Rc<str>),
    NoGroup,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Placeholder {
    Producers,
    Topics,
    Consumers,
    Groups,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rest {
    Partitions(usize),
    /// Every partition is shown, more than fit.
    NoPartitions,
    Producers(usize),
    Consumers(usize),
    Groups(usize),
}

/// The parts of the scene that have places, chosen and in order.
struct Cast<'a> {
    producers: &'a [Producer],
    topics: Vec<CastTopic<'a>>,
    consumers: Vec<(Option<Rc<str>>, Vec<&'a Consumer>)>,
    consumer_count: usize,
    groups: &'a [Group],
    more_producers: usize,
    more_consumers: usize,
    more_groups: usize,
    all_partitions: bool,
}

struct CastTopic<'a> {
    topic: &'a Topic,
    shown: usize,
    tally: ProducerTally,
}

impl CastTopic<'_> {
    fn caption(&self) -> CaptionOf {
        CaptionOf::Topic {
            name: self.topic.name.clone(),
            partitions: self.topic.lanes.len(),
            replication_factor: self.topic.replication_factor,
            lost: self.tally.lost,
            duplicated: self.tally.duplicates,
        }
    }

    fn hidden(&self) -> usize {
        self.topic.lanes.len() - self.shown
    }
}

pub(super) const MOST_LANES: usize = 12;
const MOST_PRODUCERS: usize = 6;
const MOST_CONSUMERS: usize = 10;
const MOST_GROUPS: usize = 3;

impl<'a> Cast<'a> {
    fn of(scene: &'a Scene, choice: &Choice) -> Self {
        let topics: Vec<&Topic> = shown_topics(&scene.topics, choice).collect();
        let total: usize = topics.iter().map(|topic| topic.lanes.len()).sum();
        let each = if choice.all_partitions || total <= MOST_LANES {
            usize::MAX
        } else {
            (MOST_LANES / topics.len()).max(2)
        };
        let cast = |topic: &'a Topic| CastTopic {
            topic,
            shown: topic.lanes.len().min(each),
            tally: scene.sent_to(&topic.name),
        };
        let topics: Vec<_> = topics.into_iter().map(cast).collect();
        let consumer_count = scene.consumers.len().min(MOST_CONSUMERS);
        let mut consumers: Vec<(Option<Rc<str>>, Vec<&Consumer>)> = Vec::new();
        for consumer in &scene.consumers[..consumer_count] {
            match consumers.iter_mut().find(|(group, _)| *group == consumer.group) {
                Some((_, members)) => members.push(consumer),
                None => consumers.push((consumer.group.clone(), vec![consumer])),
            }
        }
        let producers = scene.producers.len().min(MOST_PRODUCERS);
        let groups = scene.groups.len().min(MOST_GROUPS);
        Self {
            producers: &scene.producers[..producers],
            topics,
            consumers,
            consumer_count,
            groups: &scene.groups[..groups],
            more_producers: scene.producers.len() - producers,
            more_consumers: scene.consumers.len() - consumer_count,
            more_groups: scene.groups.len() - groups,
            all_partitions: choice.all_partitions && total > MOST_LANES,
        }
    }

    fn lanes(&self) -> usize {
        self.topics.iter().map(|topic| topic.shown).sum()
    }
}

/// Without a choice: the topics that clients work with, or all while there is none of these.
pub(super) fn shown_topics<'a>(topics: &'a [Topic], choice: &Choice) -> impl Iterator<Item = &'a Topic> {
    let idle = topics.iter().all(|topic| !topic.active);
    topics.iter().filter(move |topic| match &choice.topics {
        Some(chosen) => chosen.contains(&topic.name),
        None => topic.active || idle,
    })
}

impl Layout {
    pub(super) fn of(scene: &Scene, room: Room, choice: &Choice) -> Self {
        let cast = Cast::of(scene, choice);
        let mut layout =
            if room.width < 620.0 { stack::lay_out(&cast, room) } else { columns::lay_out(&cast, room) };
        for (id, rect) in &layout.lanes {
            let ways = scene.lane(id).map(|lane| replicas::ways(lane, rect)).unwrap_or_default();
            layout.copies.extend(ways.into_iter().map(|(broker, from, to)| (id.clone(), broker, from, to)));
        }
        layout
    }

    pub(super) fn lane(&self, id: &LaneId) -> Option<Rect> {
        self.lanes.iter().find(|(lane, _)| lane == id).map(|(_, rect)| *rect)
    }

    pub(super) fn producer(&self, number: u32) -> Option<Rect> {
        self.producers.iter().find(|(producer, _)| *producer == number).map(|(_, rect)| *rect)
    }

    pub(super) fn consumer(&self, number: u32) -> Option<Rect> {
        self.consumers.iter().find(|(consumer, _)| *consumer == number).map(|(_, rect)| *rect)
    }

    pub(super) fn group(&self, name: &str) -> Option<Rect> {
        self.groups.iter().find(|(group, _)| **group == *name).map(|(_, rect)| *rect)
    }

    /// The way from one anchor to another; `None` when one of them has no place.
    pub(super) fn way(&self, from: &Anchor, to: &Anchor) -> Option<Way> {
        if matches!((from, to), (Anchor::Coordinator(_), _) | (_, Anchor::Coordinator(_))) {
            let (from, to) = (self.rail_stop(from)?, self.rail_stop(to)?);
            return Some(Way::Rail(Rail { from, to, x: self.rail.x }));
        }
        if let Anchor::Replica(lane, broker) = to {
            return self.copy(lane, *broker).map(|(lane, copy)| Way::Line(lane, copy));
        }
        if let Anchor::Replica(lane, broker) = from {
            return self.copy(lane, *broker).map(|(lane, copy)| Way::Line(copy, lane));
        }
        Some(Way::Curve(Curve::between(self.port(from, to)?, self.port(to, from)?)))
    }

    fn copy(&self, lane: &LaneId, broker: u32) -> Option<(Point, Point)> {
        let found = self.copies.iter().find(|(id, of, ..)| id == lane && *of == broker);
        found.map(|(.., from, to)| (*from, *to))
    }

    fn rect(&self, anchor: &Anchor) -> Option<Rect> {
        match anchor {
            Anchor::Producer(number) => self.producer(*number),
            Anchor::Lane(id) | Anchor::Replica(id, _) => self.lane(id),
            Anchor::Consumer(number) => self.consumer(*number),
            Anchor::Coordinator(group) => self.group(group),
        }
    }

    fn rail_stop(&self, anchor: &Anchor) -> Option<Point> {
        let side = if self.stacked { Side::Left } else { Side::Right };
        Some(self.rect(anchor)?.port(side).at)
    }

    /// Where curves between `anchor` and `other` touch `anchor`.
    fn port(&self, anchor: &Anchor, other: &Anchor) -> Option<Port> {
        let side = match anchor {
            Anchor::Producer(_) if self.stacked => Side::Left,
            Anchor::Lane(_) if matches!(other, Anchor::Producer(_)) => Side::Left,
            Anchor::Consumer(_) if !self.stacked => Side::Left,
            Anchor::Producer(_)
            | Anchor::Lane(_)
            | Anchor::Replica(..)
            | Anchor::Consumer(_)
            | Anchor::Coordinator(_) => Side::Right,
        };
        Some(self.rect(anchor)?.port(side))
    }
}
