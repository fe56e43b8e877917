//! The step that is being done: text, prediction, goals with what is missing, hints, solution, and what it showed.

use course::content::Step;
use yew::prelude::*;

use super::classroom::LessonView;
use super::errand::Errand;
use super::library::Loaded;
use super::prediction::prediction;
use super::prose::{Prose, mark};
use super::solution::Solution;
use crate::i18n::use_text;
use crate::intent::Intent;

pub(super) fn current(
    step: &'static Step,
    LessonView { lesson, study, skipped }: &LessonView,
    prose: Prose<'_>,
) -> Html {
    let Prose { text, send, .. } = prose;
    let say = |errand: Errand| send.reform(move |_: MouseEvent| Intent::Course(errand.clone()));
    let asks = step.prediction.is_some() && study.chosen.is_none() && !skipped && !study.is_done;
    let locked = match (study.is_preparing, asks) {
        (true, _) => Some(text.preparing()),
        (false, true) => Some(text.predict_first()),
        (false, false) => None,
    };
    let reader = Prose { locked, ..prose };
    let has_next = study.step + 1 < lesson.steps.len();
    let goals = study.readings.iter().map(|reading| {
        let done = study.is_done || reading.shortfall.is_none();
        html! {
            <li class={classes!(done.then_some("done"))}>
                { mark(done, text) }
                <span>
                    { text.goal(reading.goal) }
                    if let Some(shortfall) = reading.shortfall.filter(|_| !done) {
                        <small>{ text.shortfall(reading.goal, shortfall) }</small>
                    }
                </span>
            </li>
        }
    });
    html! {
        <>
            { reader.blocks(&step.prose) }
            if study.is_preparing { <p class="hint-line" role="status">{ text.preparing() }</p> }
            if let Some(asked) = &step.prediction {
                { prediction(asked, prose, study.chosen, study.verdict.map(|verdict| verdict.right), asks) }
            }
            <div class="goals">
                <p class="heading">{ if study.is_done { text.goals_met() } else { text.goals() } }</p>
                <ul>{ for goals }</ul>
            </div>
            if study.is_done {
                if !step.insight.is_empty() {
                    <div class="insight">
                        <p class="heading">{ text.insight() }</p>
                        { prose.blocks(&step.insight) }
                    </div>
                }
                <div class="step-keys">
                    if has_next {
                        <button type="button" class="primary next" disabled={study.is_typing} onclick={say(Errand::NextStep)}>
                            { if study.is_typing { text.solution_goes_on() } else { text.next_step() } }
                        </button>
                    }
                    <button type="button" onclick={say(Errand::TryAgain)}>{ text.try_again() }</button>
                </div>
            } else {
                if !study.hints.is_empty() {
                    <ul class="hints">
                        { for study.hints.iter().filter_map(|hint| step.hints.get(*hint)).map(|hint| html! {
                            <li>{ prose.blocks(&hint.text) }</li>
                        }) }
                    </ul>
                }
                <Aids key={step.id.as_str()} step={Loaded(step)} has_hint={study.has_hint} is_typing={study.is_typing} {send} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct AidsProps {
    step: Loaded<Step>,
    has_hint: bool,
    is_typing: bool,
    send: Callback<Intent>,
}

/// What helps on: hints, the solution, and the step from its beginning.
#[component]
fn Aids(AidsProps { step, has_hint, is_typing, send }: &AidsProps) -> Html {
    let text = use_text();
    let say = |errand: Errand| send.reform(move |_: MouseEvent| Intent::Course(errand.clone()));
    let shows_solution = use_state_eq(|| false);
    let toggle = {
        let (shows_solution, next) = (shows_solution.setter(), !*shows_solution);
        Callback::from(move |_: MouseEvent| shows_solution.set(next))
    };
    html! {
        <>
            <div class="step-keys">
                <button type="button" class="hint" disabled={!has_hint} onclick={say(Errand::Hint)}>{ text.hint() }</button>
                <button type="button" class="show-solution" aria-expanded={shows_solution.to_string()} onclick={toggle}>
                    { text.solution() }
                </button>
                <button type="button" class="try-again" onclick={say(Errand::TryAgain)}>{ text.try_again() }</button>
            </div>
            if *shows_solution {
                <Solution solution={step.0.solution.as_str()} is_typing={*is_typing} {send} />
            }
        </>
    }
}
