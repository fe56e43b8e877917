//! What is compared, and the clock that all columns share.

use std::rc::Rc;

use kafka_core::time::SimTime;
use playground::comparison::{ComparisonView, Story};
use playground::script::Script;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::subject::{Subject, Wish};
use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct ControlsProps {
    pub(super) own: Rc<Script>,
    pub(super) chosen: Subject,
    pub(super) view: Rc<ComparisonView>,
    pub(super) send: Callback<Intent>,
    pub(super) wish: Callback<Wish>,
}

/// Virtual per real time, in per mille.
const SPEEDS: [u32; 6] = [10, 100, 1000, 2000, 4000, 10_000];

/// The visitor's own session among the names of stories.
const OWN: &str = "own";

#[component]
pub(super) fn Controls(ControlsProps { own, chosen, view, send, wish }: &ControlsProps) -> Html {
    let text = use_text();
    let say = |wanted: Wish| wish.reform(move |_: MouseEvent| wanted.clone());
    let (label, icon, toggle) = if view.playing {
        (text.pause(), "M4 3h3.2v10H4zM8.8 3H12v10H8.8z", Wish::Pause)
    } else {
        (text.play(), "M5 2.8L13 8l-8 5.2z", Wish::Play)
    };
    let button = |class: &'static str, label: &'static str, icon: &'static str, wanted: Wish| {
        html! {
            <button type="button" {class} title={label} aria-label={label} onclick={say(wanted)}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d={icon} /></svg>
            </button>
        }
    };
    html! {
        <header class="comparison-bar">
            <h2>{ text.compare() }</h2>
            <label class="visually-hidden" for="scenario">{ text.scenario() }</label>
            <select id="scenario" onchange={onstory(own, wish)}>
                <option value={OWN} selected={matches!(chosen, Subject::Own(_))}>{ text.own_session() }</option>
                { for Story::ALL.map(|story| html! {
                    <option value={story.name()} selected={*chosen == Subject::Story(story)}>{ text.story(story) }</option>
                }) }
            </select>
            <div class="transport" role="group" aria-label={text.transport()}>
                { button("icon", text.to_start(), "M3 3h2v10H3zM13 3v10L6 8z", Wish::Seek(SimTime::ZERO)) }
                { button("icon primary", label, icon, toggle) }
                { button("icon", text.step(), "M3 3v10l7-5zM11 3h2v10h-2z", Wish::Step) }
                { button("icon", text.to_end(), "M2 3v10l5.5-5zM7.5 3v10L13 8zM13 3h1.8v10H13z", Wish::Seek(view.end)) }
                <label class="visually-hidden" for="comparison-speed">{ text.speed() }</label>
                <select id="comparison-speed" onchange={onspeed(wish)}>
                    { for SPEEDS.map(|speed| html! {
                        <option value={speed.to_string()} selected={speed == view.speed}>{ times(speed) }</option>
                    }) }
                </select>
            </div>
            <span class="time">{ view.clock.to_string() }</span>
            <Scrubber clock={view.clock} reached={view.reached} end={view.end} wish={wish} />
            <button type="button" class="icon close" title={text.close_comparison()} aria-label={text.close_comparison()}
                onclick={send.reform(|_: MouseEvent| Intent::CloseComparison)}>
                <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d="M4 4l8 8M12 4l-8 8" /></svg>
            </button>
        </header>
    }
}

#[derive(Properties, PartialEq)]
struct ScrubberProps {
    clock: SimTime,
    reached: SimTime,
    end: SimTime,
    wish: Callback<Wish>,
}

#[component]
fn Scrubber(ScrubberProps { clock, reached, end, wish }: &ScrubberProps) -> Html {
    let text = use_text();
    let percent = |at: &SimTime| format!("{:.2}%", share(*at, *end));
    let oninput = {
        let wish = wish.clone();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = input {
                wish.emit(Wish::Seek(SimTime::from_micros(input.value_as_number() as u64)));
            }
        })
    };
    html! {
        <div class="scrubber">
            <svg aria-hidden="true">
                <rect class="rail" y="13" width="100%" height="4" rx="2" />
                <rect class="known" y="13" width={percent(reached)} height="4" rx="2" />
                <rect class="played" y="13" width={percent(clock)} height="4" rx="2" />
            </svg>
            <input type="range" min="0" step="any" max={end.as_micros().max(1).to_string()}
                value={clock.as_micros().to_string()} aria-label={text.timeline()}
                aria-valuetext={text.timeline_value(&clock.to_string(), &end.to_string())} {oninput} />
        </div>
    }
}

/// How far a moment is on the way to the end, in percent.
pub(super) fn share(at: SimTime, end: SimTime) -> f64 {
    at.as_micros() as f64 * 100.0 / end.as_micros().max(1) as f64
}

fn times(per_mille: u32) -> String {
    if per_mille < 1000 { format!("1/{}×", 1000 / per_mille) } else { format!("{}×", per_mille / 1000) }
}

fn chosen_value(event: &Event) -> Option<String> {
    let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
    select.map(|select| select.value())
}

fn onstory(own: &Rc<Script>, wish: &Callback<Wish>) -> Callback<Event> {
    let (own, wish) = (own.clone(), wish.clone());
    Callback::from(move |event: Event| {
        let Some(name) = chosen_value(&event) else { return };
        let story = Story::from_name(&name).map(Subject::Story);
        wish.emit(Wish::Choose(story.unwrap_or_else(|| Subject::Own(own.clone()))));
    })
}

fn onspeed(wish: &Callback<Wish>) -> Callback<Event> {
    let wish = wish.clone();
    Callback::from(move |event: Event| {
        if let Some(speed) = chosen_value(&event).and_then(|value| value.parse().ok()) {
            wish.emit(Wish::SetSpeed(speed));
        }
    })
}
