//! Play, pause, step, speed, and what the time is.

use kafka_core::time::SimTime;
use playground::session::Speed;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::i18n::{Text, use_text};
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct TransportProps {
    pub(super) playing: bool,
    pub(super) speed: Speed,
    pub(super) send: Callback<Intent>,
}

const AUTO: [u32; 5] = [250, 500, 1000, 2000, 4000];
const CONSTANT: [u32; 6] = [1, 10, 100, 1000, 5000, 20_000];

#[component]
pub(super) fn Transport(TransportProps { playing, speed, send }: &TransportProps) -> Html {
    let text = use_text();
    let say = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    let (label, icon, toggle) = if *playing {
        (text.pause(), "M4 3h3.2v10H4zM8.8 3H12v10H8.8z", Intent::Pause)
    } else {
        (text.play(), "M5 2.8L13 8l-8 5.2z", Intent::Play)
    };
    html! {
        <div class="transport" role="group" aria-label={text.transport()}>
            <button type="button" class="icon" title={text.to_start()} aria-label={text.to_start()}
                onclick={say(Intent::Seek(SimTime::ZERO))}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 3h2v10H3zM13 3v10L6 8z" /></svg>
            </button>
            <button type="button" class="icon primary" title={label} aria-label={label} onclick={say(toggle)}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d={icon} /></svg>
            </button>
            <button type="button" class="icon" title={text.step_hint()} aria-label={text.step()}
                onclick={say(Intent::Step)}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 3v10l7-5zM11 3h2v10h-2z" /></svg>
            </button>
            <label class="visually-hidden" for="speed">{ text.speed() }</label>
            <select id="speed" class="speed" title={text.speed_hint()} onchange={onspeed(send)}>
                <optgroup label={text.speed_auto()}>
                    { for AUTO.map(|per_mille| choice(Speed::Auto { per_mille }, *speed, text)) }
                </optgroup>
                <optgroup label={text.speed_constant()}>
                    { for CONSTANT.map(|per_mille| choice(Speed::Constant { per_mille }, *speed, text)) }
                </optgroup>
            </select>
        </div>
    }
}

fn choice(speed: Speed, current: Speed, text: Text) -> Html {
    let (value, label) = match speed {
        Speed::Auto { per_mille } => (format!("auto {per_mille}"), text.speed_auto_short(&times(per_mille))),
        Speed::Constant { per_mille } => (format!("constant {per_mille}"), format!("{}×", times(per_mille))),
    };
    html! { <option {value} selected={speed == current}>{ label }</option> }
}

fn onspeed(send: &Callback<Intent>) -> Callback<Event> {
    let send = send.clone();
    Callback::from(move |event: Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        if let Some(speed) = select.and_then(|select| read_speed(&select.value())) {
            send.emit(Intent::SetSpeed(speed));
        }
    })
}

fn read_speed(value: &str) -> Option<Speed> {
    let (kind, per_mille) = value.split_once(' ')?;
    let per_mille = per_mille.parse().ok()?;
    match kind {
        "auto" => Some(Speed::Auto { per_mille }),
        "constant" => Some(Speed::Constant { per_mille }),
        _ => None,
    }
}

/// A ratio in per mille the way people say it: `12`, `½`, `1/400`.
fn times(per_mille: u32) -> String {
    match per_mille {
        0 => "0".to_owned(),
        250 => "¼".to_owned(),
        500 => "½".to_owned(),
        1..1000 => format!("1/{}", 1000 / per_mille),
        _ => (per_mille / 1000).to_string(),
    }
}

/// The nearest ratio on a coarse scale, so that the badge holds still while the pace glides.
fn coarse(pace: u32) -> u32 {
    const SCALE: [u32; 17] =
        [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000];
    SCALE.into_iter().min_by_key(|step| step.max(&pace) * 1000 / (*step).min(pace).max(1)).unwrap_or(pace)
}

#[derive(Properties, PartialEq)]
pub(super) struct ReadoutProps {
    pub(super) now: SimTime,
    pub(super) playing: bool,
    pub(super) pace: u32,
}

#[component]
pub(super) fn Readout(ReadoutProps { now, playing, pace }: &ReadoutProps) -> Html {
    html! {
        <div class="readout">
            <span class="time">{ now.to_string() }</span>
            <PaceBadge pace={coarse(*pace)} shown={*playing} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PaceProps {
    pace: u32,
    shown: bool,
}

#[component]
fn PaceBadge(PaceProps { pace, shown }: &PaceProps) -> Html {
    let text = use_text();
    let (class, sign, label, hint) = match *pace {
        0..1000 => {
            let times = 1000 / (*pace).max(1);
            let sign = "M8 2a6 6 0 100 12A6 6 0 008 2zm-.7 2.5h1.4v3.3l2.3 1.4-.7 1.2-3-1.8z";
            ("pace slow", sign, text.slower(times), text.pace_slow(times))
        }
        1000 => ("pace", "M5 3l8 5-8 5z", text.real_time().to_owned(), text.pace_real().to_owned()),
        _ => {
            let times = *pace / 1000;
            ("pace fast", "M2 3l6 5-6 5zM8 3l6 5-6 5z", text.faster(times), text.pace_fast(times))
        }
    };
    html! {
        <span class={classes!(class, (!shown).then_some("hidden"))} title={hint}>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d={sign} /></svg>{ label }
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_read_well() {
        assert_eq!(times(12_000), "12");
        assert_eq!(times(250), "¼");
        assert_eq!(times(2), "1/500");
        assert_eq!((coarse(3), coarse(13_100), coarse(0)), (2, 15_000, 1));
    }
}
