//! Who held each partition, over time: a strip for each, in the colours of the owners, hatched while nobody read.

use kafka_core::time::SimTime;
use playground::comparison::{ConsumerView, Segment, Strip};
use yew::prelude::*;

use super::column::owner_class;
use super::controls::share;
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct StripsProps {
    pub(super) strips: Vec<Strip>,
    pub(super) consumers: Vec<ConsumerView>,
    pub(super) clock: SimTime,
    pub(super) end: SimTime,
}

/// More partitions than these are counted, not drawn.
const MOST_STRIPS: usize = 24;

/// The room that a letter of an owner's name needs, as a share of the strip in percent.
const ROOM_FOR_LETTER: f64 = 3.2;

/// Steps between two marks on the axis, in seconds.
const AXIS_STEPS: [u64; 9] = [1, 2, 5, 10, 20, 60, 120, 300, 600];
const MOST_MARKS: u64 = 6;

#[component]
pub(super) fn Strips(StripsProps { strips, consumers, clock, end }: &StripsProps) -> Html {
    let text = use_text();
    let several =
        strips.iter().any(|strip| (&strip.group, &strip.topic) != (&strips[0].group, &strips[0].topic));
    let more = strips.len().saturating_sub(MOST_STRIPS);
    html! {
        <div class="strips" role="group" aria-label={text.strips()}>
            { for strips.iter().take(MOST_STRIPS).map(|strip| {
                let label = if several { format!("{}-{}", strip.topic, strip.partition) } else { format!("P{}", strip.partition) };
                html! {
                    <div class="strip" key={format!("{} {} {}", strip.group, strip.topic, strip.partition)}>
                        <span class="strip-name">{ label.clone() }</span>
                        <div class="strip-track" role="img" aria-label={told(&label, strip, consumers, text)}>
                            { for strip.segments.iter().map(|segment| drawn(segment, consumers, *end, text)) }
                        </div>
                    </div>
                }
            }) }
            if more > 0 { <p class="nothing">{ text.more_strips(more) }</p> }
            <div class="strip-axis" aria-hidden="true">
                { for marks(*end).map(|second| html! {
                    <span style={format!("left:{:.3}%", share(SimTime::from_millis(second * 1000), *end))}>
                        { format!("{second}s") }
                    </span>
                }) }
                <i class="strip-clock" style={format!("left:{:.3}%", share(*clock, *end))} />
            </div>
        </div>
    }
}

fn drawn(segment: &Segment, consumers: &[ConsumerView], end: SimTime, text: Text) -> Html {
    let (left, right) = (share(segment.from, end), share(segment.to, end));
    let style = format!("left:{left:.3}%;width:{:.3}%", right - left);
    let title = describe(segment, consumers, text);
    match segment.owner {
        Some(number) => {
            let name = name(number, consumers);
            let room = name.chars().count() as f64 * ROOM_FOR_LETTER;
            html! {
                <span class={classes!("owner", owner_class(number))} {style} {title}>
                    if right - left > room { { name } }
                </span>
            }
        }
        None => html! { <span class="unread" {style} {title} /> },
    }
}

fn told(label: &str, strip: &Strip, consumers: &[ConsumerView], text: Text) -> String {
    let segments: Vec<_> = strip.segments.iter().map(|segment| describe(segment, consumers, text)).collect();
    format!("{label}: {}", segments.join("; "))
}

fn describe(segment: &Segment, consumers: &[ConsumerView], text: Text) -> String {
    match segment.owner {
        Some(number) => {
            text.strip_read(name(number, consumers), &segment.from.to_string(), &segment.to.to_string())
        }
        None => text.strip_unread(&text.span(segment.to.since(segment.from)), &segment.from.to_string()),
    }
}

fn name(number: u32, consumers: &[ConsumerView]) -> &str {
    consumers.iter().find(|consumer| consumer.number == number).map_or("", |consumer| &consumer.name)
}

/// The seconds that have a mark.
fn marks(end: SimTime) -> impl Iterator<Item = u64> {
    let seconds = end.as_millis() / 1000;
    let step = AXIS_STEPS.into_iter().find(|step| seconds / step <= MOST_MARKS).unwrap_or(3600);
    (0..=seconds / step).map(move |mark| mark * step)
}
