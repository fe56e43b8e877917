//! The narrow stage: everything in one column, curves along the margins.

use super::{Caption, CaptionOf, Cast, LaneId, Layout, Placeholder, RailPlace, Rest, Room};
use crate::stage::geometry::{Point, Rect};
use crate::stage::measures::{MOST_COPIES, ROW_PITCH};

const MARGIN: f64 = 26.0;
const CAPTION: f64 = 30.0;

/// Puts boxes below one another.
struct Pile {
    layout: Layout,
    width: f64,
    y: f64,
}

impl Pile {
    fn caption(&mut self, of: CaptionOf) {
        self.layout.captions.push(Caption {
            at: Point { x: MARGIN, y: self.y + 20.0 },
            width: self.width,
            of,
        });
        self.y += CAPTION;
    }

    fn place(&mut self, height: f64) -> Rect {
        let rect = Rect::new(MARGIN, self.y, self.width, height);
        self.y += height + 7.0;
        rect
    }

    fn placeholder(&mut self, what: Placeholder) {
        let rect = self.place(56.0);
        self.layout.placeholders.push((what, rect));
    }

    fn rest(&mut self, rest: Rest) {
        self.layout.rests.push((rest, Point { x: MARGIN, y: self.y + 12.0 }));
        self.y += 24.0;
    }
}

pub(super) fn lay_out(cast: &Cast<'_>, room: Room) -> Layout {
    let rail = RailPlace { x: MARGIN / 2.0, width: MARGIN };
    let layout = Layout { width: room.width, stacked: true, rail, ..Layout::default() };
    let mut pile = Pile { layout, width: room.width - 2.0 * MARGIN, y: 0.0 };

    pile.caption(CaptionOf::Producers);
    if cast.producers.is_empty() {
        pile.placeholder(Placeholder::Producers);
    }
    for producer in cast.producers {
        let rect = pile.place(62.0);
        pile.layout.producers.push((producer.number, rect));
    }
    if cast.more_producers > 0 {
        pile.rest(Rest::Producers(cast.more_producers));
    }

    if cast.topics.is_empty() {
        pile.placeholder(Placeholder::Topics);
    }
    for topic in &cast.topics {
        pile.caption(topic.caption());
        for lane in &topic.topic.lanes[..topic.shown] {
            let copies = lane.replicas.len().saturating_sub(1).min(MOST_COPIES) as f64;
            let rect = pile.place(match topic.shown {
                5.. => 42.0,
                _ if copies > 0.0 => 70.0 + copies * ROW_PITCH,
                _ => 60.0,
            });
            let id = LaneId { topic: topic.topic.name.clone(), partition: lane.partition };
            pile.layout.lanes.push((id, rect));
        }
        if topic.hidden() > 0 {
            pile.rest(Rest::Partitions(topic.hidden()));
        }
    }
    if cast.all_partitions {
        pile.rest(Rest::NoPartitions);
    }

    if cast.consumer_count == 0 {
        pile.caption(CaptionOf::Consumers);
        pile.placeholder(Placeholder::Consumers);
    }
    for (group, members) in &cast.consumers {
        pile.caption(group.clone().map_or(CaptionOf::NoGroup, CaptionOf::Group));
        for consumer in members {
            let rect = pile.place(54.0);
            pile.layout.consumers.push((consumer.number, rect));
        }
    }
    if cast.more_consumers > 0 {
        pile.rest(Rest::Consumers(cast.more_consumers));
    }

    pile.y += 8.0;
    for group in cast.groups {
        let rect = pile.place(92.0);
        pile.layout.groups.push((group.name.clone(), rect));
    }
    if cast.more_groups > 0 {
        pile.rest(Rest::Groups(cast.more_groups));
    }
    pile.layout.height = pile.y + 8.0;
    pile.layout.body_bottom = pile.layout.height;
    pile.layout
}
