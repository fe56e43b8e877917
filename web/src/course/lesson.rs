//! A lesson: its text, and its steps one after the other.

use std::rc::Rc;

use course::content::{Course, Lesson};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::classroom::{CourseView, LessonView};
use super::errand::{Errand, Lead};
use super::library::Loaded;
use super::prose::{Prose, mark};
use super::step::current;
use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct LessonProps {
    pub(super) view: Rc<CourseView>,
    pub(super) lesson: LessonView,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn LessonPage(LessonProps { view, lesson: shown, send }: &LessonProps) -> Html {
    let text = use_text();
    let LessonView { lesson, study, .. } = shown;
    let lesson: &'static Lesson = lesson.0;
    let opened = use_state_eq(|| None::<usize>);
    let heading = use_heading((lesson.id.as_str(), study.step));
    let prose = Prose::of(text, view, send);
    let steps = lesson.steps.iter().enumerate().map(|(number, step)| {
        let is_current = number == study.step;
        let done = if is_current { study.is_done } else { view.progress.is_done(&lesson.id, &step.id) };
        let is_open = is_current || *opened == Some(number);
        let toggle = {
            let (opened, next) = (opened.setter(), (*opened != Some(number)).then_some(number));
            Callback::from(move |_: MouseEvent| opened.set(next))
        };
        let class = classes!("step", is_current.then_some("current"), done.then_some("done"));
        html! {
            <li key={step.id.as_str()} {class}>
                <div class="step-head">
                    if done { { mark(true, text) } } else { <span class="mark" aria-hidden="true">{ number + 1 }</span> }
                    if is_current {
                        <h3 ref={heading.clone()} tabindex="-1">{ &step.title }</h3>
                    } else {
                        <h3><button type="button" aria-expanded={is_open.to_string()} onclick={toggle}>{ &step.title }</button></h3>
                    }
                </div>
                if is_current {
                    <div class="step-body">{ current(step, shown, prose) }</div>
                } else if is_open {
                    <div class="step-body">
                        { Prose { locked: Some(text.another_step()), ..prose }.blocks(&step.prose) }
                        if done { <div class="insight">{ prose.blocks(&step.insight) }</div> }
                        <button type="button" onclick={start(send, lesson, number)}>{ text.start_here() }</button>
                    </div>
                }
            </li>
        }
    });
    let place = view.course.and_then(|course| place(course, lesson));
    let is_over = study.is_done && study.step + 1 == lesson.steps.len();
    html! {
        <article class="lesson">
            <header>
                if let Some((chapter, number, count)) = place {
                    <p class="eyebrow">{ format!("{chapter} · {number}/{count} · {}", text.minutes(lesson.minutes)) }</p>
                }
                <h2>{ &lesson.title }</h2>
            </header>
            <div class="lesson-prose">{ prose.blocks(&lesson.prose) }</div>
            if !lesson.setup.is_empty() {
                <details class="setup">
                    <summary>{ text.setup() }</summary>
                    <pre tabindex="0"><code>{ lesson.setup.trim_end() }</code></pre>
                </details>
            }
            <ol class="steps">{ for steps }</ol>
            if is_over { { after(view, lesson, prose) } }
            <p class="lesson-foot">
                <button type="button" class="inline" onclick={start(send, lesson, 0)}>{ text.lesson_restart() }</button>
            </p>
        </article>
    }
}

fn start(send: &Callback<Intent>, lesson: &'static Lesson, step: usize) -> Callback<MouseEvent> {
    send.reform(move |_: MouseEvent| {
        Intent::Course(Errand::Lesson(Lead { lesson: lesson.id.as_str().into(), step: Some(step) }))
    })
}

/// The lesson that comes next, once the last step is done.
fn after(view: &CourseView, lesson: &Lesson, prose: Prose<'_>) -> Html {
    let Prose { text, send, .. } = prose;
    let next = view.course.and_then(|course| {
        let mut lessons = course.0.lessons().skip_while(|other| other.id != lesson.id);
        lessons.nth(1)
    });
    let to = match next {
        Some(next) => Errand::Lesson(Lead { lesson: next.id.as_str().into(), step: None }),
        None => Errand::Show(super::Page::Contents),
    };
    let onclick = send.reform(move |_: MouseEvent| Intent::Course(to.clone()));
    html! {
        <div class="lesson-over">
            <p><b>{ text.lesson_over() }</b></p>
            <button type="button" class="primary" {onclick}>
                { next.map_or_else(|| text.course_contents().to_owned(), |next| text.next_lesson(&next.title)) }
            </button>
        </div>
    }
}

/// The chapter's title, the lesson's number in it, and how many it has.
fn place(course: Loaded<Course>, lesson: &Lesson) -> Option<(&'static str, usize, usize)> {
    course.0.chapters.iter().find_map(|chapter| {
        let index = chapter.lessons.iter().position(|other| other.id == lesson.id)?;
        Some((chapter.title.as_str(), index + 1, chapter.lessons.len()))
    })
}

/// Whoever goes on to another step goes on reading at its heading.
#[hook]
fn use_heading(place: (&'static str, usize)) -> NodeRef {
    let heading = use_node_ref();
    let before = use_mut_ref(|| None);
    {
        let heading = heading.clone();
        use_effect_with((place.0.to_owned(), place.1), move |place| {
            let before = before.replace(Some(place.clone()));
            if let (Some(_), Some(element)) = (before, heading.cast::<HtmlElement>()) {
                element.focus().expect("a heading on the page can have the focus");
                element.scroll_into_view_with_bool(true);
            }
        });
    }
    heading
}
