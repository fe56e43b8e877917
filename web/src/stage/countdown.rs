//! Countdowns: as bars below a consumer, and as a ring around a member.

use playground::scene::{Countdown, Countdowns};
use yew::prelude::*;

use super::geometry::{fitted, px};
use crate::i18n::Text;

/// The countdowns of a consumer along the bottom of its card, each as wide as its share; with numbers where there is
/// room above the bars.
pub(super) fn bars(countdowns: &Countdowns, bottom: f64, width: f64, labels: bool, text: Text) -> Html {
    const GAP: f64 = 8.0;
    let session =
        countdowns.session.map(|left| (left, "session", text.session_left(&text.countdown(left.left)), 5.0));
    let heartbeat =
        countdowns.heartbeat.map(|left| (left, "heartbeat", format!("♥ {}", text.countdown(left.left)), 3.0));
    let poll = countdowns.poll.map(|left| (left, "poll", text.poll_left(&text.countdown(left.left)), 4.0));
    let shown: Vec<_> = [session, heartbeat, poll].into_iter().flatten().collect();
    let shares: f64 = shown.iter().map(|(.., share)| share).sum();
    let room = width - GAP * shown.len().saturating_sub(1) as f64;
    let mut x = 14.0;
    shown
        .into_iter()
        .map(|(countdown, class, label, share)| {
            let (left, wide) = (x, room * share / shares);
            x += wide + GAP;
            html! {
                <g class={classes!("countdown", class, urgency(countdown))} key={class}>
                    <title>{ &label }</title>
                    <rect class="whole" x={px(left)} y={px(bottom - 3.0)} width={px(wide)} height="3" rx="1.5" />
                    <rect class="left" x={px(left)} y={px(bottom - 3.0)} width={px(wide * share_of(countdown))} height="3" rx="1.5" />
                    if labels {
                        <text x={px(left)} y={px(bottom - 8.0)}>{ fitted(&label, 10.0, wide + GAP) }</text>
                    }
                </g>
            }
        })
        .collect()
}

/// How much of the session is left, clockwise from the top.
pub(super) fn ring(countdown: Option<Countdown>, x: f64, y: f64, radius: f64) -> Html {
    let Some(countdown) = countdown else { return Html::default() };
    let share = share_of(countdown) * 100.0;
    html! {
        <circle class={classes!("ring", urgency(countdown))} cx={px(x)} cy={px(y)} r={px(radius)} pathLength="100"
            stroke-dasharray={format!("{share:.1} 100")} transform={format!("rotate(-90 {x:.1} {y:.1})")} />
    }
}

pub(super) fn share_of(Countdown { left, whole }: Countdown) -> f64 {
    f64::from(left) / f64::from(whole.max(1))
}

/// A heartbeat always runs out; the others should not.
fn urgency(countdown: Countdown) -> &'static str {
    match share_of(countdown) {
        share if share > 0.6 => "plenty",
        share if share > 0.25 => "short",
        _ => "urgent",
    }
}
