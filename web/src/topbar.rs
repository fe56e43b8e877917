//! The top bar: transport, timeline, branches, settings.

mod beginnings;
mod branches;
mod scrubber;
mod settings;
mod transport;

use std::rc::Rc;

use playground::scene::Clock;
use playground::session::{Branch, PlaybackView};
use yew::prelude::*;

use crate::course::Errand;
use crate::i18n::use_text;
use crate::intent::Intent;
use crate::preferences::Theme;
use beginnings::Beginnings;
use branches::Branches;
use scrubber::Scrubber;
use settings::Settings;
use transport::{Readout, Transport};

#[derive(Properties, PartialEq)]
pub(crate) struct TopBarProps {
    pub(crate) clock: Clock,
    pub(crate) playback: PlaybackView,
    pub(crate) branches: Rc<[Branch]>,
    pub(crate) theme: Theme,
    /// The course is open.
    pub(crate) course: bool,
    /// This is a lesson's session.
    pub(crate) lesson: bool,
    pub(crate) send: Callback<Intent>,
}

#[component]
pub(crate) fn TopBar(
    TopBarProps { clock, playback, branches, theme, course, lesson, send }: &TopBarProps,
) -> Html {
    let text = use_text();
    let past = clock.now < clock.end;
    html! {
        <header class={classes!("topbar", past.then_some("past"))}>
            <h1 class="brand">
                <svg viewBox="0 0 26 18" aria-hidden="true">
                    <path d="M1 6q3-4 6 0q3-4 6 0" />
                    <path class="second" d="M9 13q3-4 6 0q3-4 6 0" />
                    <path class="third" d="M16 5q2-3 4.5 0q2-3 4.5 0" />
                </svg>
                <span>{ "Murmuration" }</span>
            </h1>
            <button type="button" class="course-toggle" aria-pressed={course.to_string()} aria-label={text.course()} title={text.course_hint()}
                onclick={send.reform(|_: MouseEvent| Intent::Course(Errand::Open))}>
                <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d="M8 4C6 2.800 4 2.600 2 2.800v9.400c2-.2 4 0 6 1.200 2-1.200 4-1.400 6-1.200V2.800c-2-.2-4 0-6 1.200zM8 4v9.400" /></svg>
                <span>{ text.course() }</span>
            </button>
            if !*lesson { <Beginnings send={send} /> }
            <Transport playing={playback.playing} speed={playback.speed} send={send} />
            <Readout now={clock.now} playing={playback.playing} pace={playback.pace} />
            <Scrubber clock={clock.clone()} send={send} />
            <Branches {past} branches={branches} send={send} />
            <button type="button" class="compare" aria-label={text.compare()} title={text.compare_hint()}
                onclick={send.reform(|_: MouseEvent| Intent::OpenComparison)}>
                <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d="M2.500 3h4.500v10h-4.500zM9 3h4.500v10H9zM2.500 7h4.500M9 10h4.500" /></svg>
                <span>{ text.compare() }</span>
            </button>
            <Settings theme={*theme} send={send} />
            if past {
                <p class="past-note" role="status">{ text.in_the_past() }</p>
            }
        </header>
    }
}
