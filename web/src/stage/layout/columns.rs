//! The wide stage: producers left, lanes in the middle, consumers right, coordinators below.

use super::coordinators::Arrangement;
use super::{Caption, CaptionOf, Cast, Layout, Placeholder, RailPlace, Rest, Room};
use crate::stage::geometry::{Point, Rect};

const MARGIN: f64 = 22.0;
const TOP: f64 = 38.0;
const CAPTION: f64 = 28.0;
/// The least height of a lane and of the space below it: all in one row, which has to be long enough for that.
const LEAST_WIDE_LANE: f64 = 28.0;
const LEAST_LANE: f64 = 45.0;
const MOST_LANE: f64 = 148.0;
const MOST_PRODUCER: f64 = 168.0;
/// Beside the rail.
const EDGE: f64 = 8.0;
/// Wide enough for the names of messages, on a stage that has the room; else they travel upright.
const WIDE_RAIL: f64 = 94.0;
const NARROW_RAIL: f64 = 30.0;

/// Column widths for a stage of this width.
struct Columns {
    producer: f64,
    consumer: f64,
    gap: f64,
    rail: f64,
}

impl Columns {
    fn of(width: f64) -> Self {
        let share = ((width - 620.0) / 520.0).clamp(0.0, 1.0);
        Self {
            producer: 142.0 + 58.0 * share,
            consumer: 164.0 + 46.0 * share,
            gap: 40.0 + 18.0 * share,
            rail: if width >= 980.0 { WIDE_RAIL } else { NARROW_RAIL },
        }
    }
}

pub(super) fn lay_out(cast: &Cast<'_>, room: Room) -> Layout {
    let columns = Columns::of(room.width);
    let lane_x = MARGIN + columns.producer + columns.gap;
    let right = room.width - EDGE - columns.rail;
    let consumer_x = right - columns.consumer;
    let lane_width = consumer_x - columns.gap - lane_x;

    let captions = cast.topics.len().saturating_sub(1) as f64 * CAPTION;
    let lanes = cast.lanes().max(1) as f64;
    let rests = cast.topics.iter().filter(|topic| topic.hidden() > 0).count() as f64 * 26.0;
    let least_lane = if lane_width < 420.0 { LEAST_LANE } else { LEAST_WIDE_LANE };
    let least = (lanes * least_lane + captions + rests).max(cast.consumer_count as f64 * 52.0).max(190.0);
    let group_x = if room.width < 900.0 { MARGIN } else { lane_x };
    let more_groups = if cast.more_groups > 0 { 22.0 } else { 0.0 };
    let coordinators = Arrangement::of(cast, right - group_x, room.height - TOP - least - more_groups);
    let below = coordinators.total() + more_groups;
    let body = (room.height - TOP - below).max(least);

    let mut layout = Layout {
        width: room.width,
        height: TOP + body + below,
        body_bottom: TOP + body,
        stacked: false,
        rail: RailPlace { x: right + columns.rail / 2.0, width: columns.rail },
        ..Layout::default()
    };
    producers(cast, &mut layout, &columns, body);
    topics(cast, &mut layout, Rect::new(lane_x, TOP, lane_width, body - captions - rests));
    consumers(cast, &mut layout, Rect::new(consumer_x, TOP, columns.consumer, body));

    for (index, group) in cast.groups.iter().enumerate() {
        let rect = coordinators.place(index, group_x, TOP + body, right - group_x);
        layout.groups.push((group.name.clone(), rect));
    }
    if cast.groups.is_empty() {
        let rect = coordinators.place(0, group_x, TOP + body, right - group_x);
        layout.placeholders.push((Placeholder::Groups, rect));
    }
    if cast.more_groups > 0 {
        let y = TOP + body + coordinators.total() + 6.0;
        layout.rests.push((Rest::Groups(cast.more_groups), Point { x: group_x, y }));
    }
    layout
}

fn producers(cast: &Cast<'_>, layout: &mut Layout, columns: &Columns, body: f64) {
    layout.captions.push(Caption {
        at: Point { x: MARGIN, y: 24.0 },
        width: columns.producer + columns.gap,
        of: CaptionOf::Producers,
    });
    let count = cast.producers.len();
    if count == 0 {
        let rect = Rect::new(MARGIN, TOP, columns.producer, body.min(MOST_PRODUCER));
        layout.placeholders.push((Placeholder::Producers, rect));
        return;
    }
    let pitch = (body / count as f64).clamp(62.0, MOST_PRODUCER + 18.0);
    let height = (pitch - 12.0).clamp(54.0, MOST_PRODUCER);
    // The sum is shown under the first producer, so a single one stands high.
    for (index, producer) in cast.producers.iter().enumerate() {
        let rect = Rect::new(MARGIN, TOP + index as f64 * pitch, columns.producer, height);
        layout.producers.push((producer.number, rect));
    }
    if cast.more_producers > 0 {
        let y = TOP + count as f64 * pitch + 10.0;
        layout.rests.push((Rest::Producers(cast.more_producers), Point { x: MARGIN, y }));
    }
}

fn topics(cast: &Cast<'_>, layout: &mut Layout, area: Rect) {
    let count = cast.lanes();
    if count == 0 {
        layout.placeholders.push((Placeholder::Topics, area));
        return;
    }
    let pitch = (area.height / count as f64).clamp(LEAST_WIDE_LANE, MOST_LANE);
    let gap = match pitch {
        80.0.. => 12.0,
        40.0..80.0 => 7.0,
        _ => 4.0,
    };
    let mut y = area.y;
    for (index, topic) in cast.topics.iter().enumerate() {
        if index > 0 {
            y += CAPTION;
        }
        layout.captions.push(Caption {
            at: Point { x: area.x, y: y - 14.0 },
            width: area.width,
            of: topic.caption(),
        });
        for lane in &topic.topic.lanes[..topic.shown] {
            let id = super::LaneId { topic: topic.topic.name.clone(), partition: lane.partition };
            layout.lanes.push((id, Rect::new(area.x, y, area.width, pitch - gap)));
            y += pitch;
        }
        if topic.hidden() > 0 {
            layout.rests.push((Rest::Partitions(topic.hidden()), Point { x: area.x, y: y + 12.0 }));
            y += 26.0;
        }
    }
    if cast.all_partitions {
        layout.rests.push((Rest::NoPartitions, Point { x: area.x, y: y + 8.0 }));
    }
}

fn consumers(cast: &Cast<'_>, layout: &mut Layout, area: Rect) {
    if cast.consumer_count == 0 {
        layout.captions.push(Caption {
            at: Point { x: area.x, y: 24.0 },
            width: area.width,
            of: CaptionOf::Consumers,
        });
        let height = area.height.min(MOST_LANE - 12.0);
        layout.placeholders.push((Placeholder::Consumers, Rect { height, ..area }));
        return;
    }
    let captions = cast.consumers.len().saturating_sub(1) as f64 * CAPTION;
    let rest = if cast.more_consumers > 0 { 20.0 } else { 0.0 };
    let pitch = ((area.height - captions - rest) / cast.consumer_count as f64).clamp(52.0, MOST_LANE);
    let gap = if pitch > 80.0 { 12.0 } else { 7.0 };
    let mut y = area.y;
    for (index, (group, members)) in cast.consumers.iter().enumerate() {
        if index > 0 {
            y += CAPTION;
        }
        layout.captions.push(Caption {
            at: Point { x: area.x, y: y - 14.0 },
            width: area.width,
            of: group.clone().map_or(CaptionOf::NoGroup, CaptionOf::Group),
        });
        for consumer in members {
            layout.consumers.push((consumer.number, Rect::new(area.x, y, area.width, pitch - gap)));
            y += pitch;
        }
    }
    if cast.more_consumers > 0 {
        layout.rests.push((Rest::Consumers(cast.more_consumers), Point { x: area.x, y: y + 10.0 }));
    }
}
