//! The wide stage: producers left, lanes in the middle, consumers right, coordinators below.

use super::{Caption, CaptionOf, Cast, Layout, Placeholder, Rest, Room};
use crate::stage::geometry::{Point, Rect};

const MARGIN: f64 = 22.0;
const TOP: f64 = 38.0;
const CAPTION: f64 = 28.0;
const COORDINATOR: f64 = 92.0;
const COORDINATOR_GAP: f64 = 10.0;
/// Consumers speak with their coordinator along the right margin.
const RAIL: f64 = 20.0;

/// Column widths for a stage of this width.
struct Columns {
    producer: f64,
    consumer: f64,
    gap: f64,
}

impl Columns {
    fn of(width: f64) -> Self {
        let share = ((width - 620.0) / 520.0).clamp(0.0, 1.0);
        Self { producer: 138.0 + 46.0 * share, consumer: 160.0 + 56.0 * share, gap: 40.0 + 44.0 * share }
    }
}

pub(super) fn lay_out(cast: &Cast<'_>, room: Room) -> Layout {
    let columns = Columns::of(room.width);
    let lane_x = MARGIN + columns.producer + columns.gap;
    let right = room.width - MARGIN - RAIL;
    let consumer_x = right - columns.consumer;
    let lane_width = consumer_x - columns.gap - lane_x;

    let coordinators = cast.groups.len() as f64 * (COORDINATOR + COORDINATOR_GAP);
    let below = coordinators + if cast.more_groups > 0 { 22.0 } else { 0.0 } + 14.0;
    let captions = cast.topics.len().saturating_sub(1) as f64 * CAPTION;
    let lanes = cast.lanes().max(1) as f64;
    let rests = cast.topics.iter().filter(|topic| topic.hidden() > 0).count() as f64 * 26.0;
    let least = (lanes * 46.0 + captions + rests).max(cast.consumer_count as f64 * 52.0).max(190.0);
    let body = (room.height - TOP - below).max(least);

    let mut layout =
        Layout { width: room.width, height: TOP + body + below, stacked: false, ..Layout::default() };
    producers(cast, &mut layout, &columns, body);
    topics(cast, &mut layout, Rect::new(lane_x, TOP, lane_width, body - captions - rests));
    consumers(cast, &mut layout, Rect::new(consumer_x, TOP, columns.consumer, body));

    let group_x = if room.width < 900.0 { MARGIN } else { lane_x };
    let mut y = TOP + body + 6.0;
    for group in cast.groups {
        layout.groups.push((group.name.clone(), Rect::new(group_x, y, right - group_x, COORDINATOR)));
        y += COORDINATOR + COORDINATOR_GAP;
    }
    if cast.more_groups > 0 {
        layout.rests.push((Rest::Groups(cast.more_groups), Point { x: group_x, y: y + 8.0 }));
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
        let rect = Rect::new(MARGIN, TOP, columns.producer, 84.0);
        layout.placeholders.push((Placeholder::Producers, rect));
        return;
    }
    let pitch = (body / count as f64).clamp(62.0, 186.0);
    let height = (pitch - 12.0).clamp(54.0, 168.0);
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
        layout.placeholders.push((Placeholder::Topics, Rect { height: 84.0, ..area }));
        return;
    }
    let pitch = (area.height / count as f64).clamp(46.0, 116.0);
    let gap = if pitch > 80.0 { 12.0 } else { 7.0 };
    let mut y = area.y;
    for (index, topic) in cast.topics.iter().enumerate() {
        if index > 0 {
            y += CAPTION;
        }
        layout.captions.push(Caption {
            at: Point { x: area.x, y: y - 14.0 },
            width: area.width,
            of: CaptionOf::Topic {
                name: topic.topic.name.clone(),
                partitions: topic.topic.lanes.len(),
                replication_factor: topic.topic.replication_factor,
            },
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
        layout.placeholders.push((Placeholder::Consumers, Rect { height: 84.0, ..area }));
        return;
    }
    let captions = cast.consumers.len().saturating_sub(1) as f64 * CAPTION;
    let rest = if cast.more_consumers > 0 { 20.0 } else { 0.0 };
    let pitch = ((area.height - captions - rest) / cast.consumer_count as f64).clamp(52.0, 116.0);
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
