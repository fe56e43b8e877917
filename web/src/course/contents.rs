//! The course at a glance: chapters and lessons, what was done, where the learner was, what comes next.

use std::rc::Rc;

use course::Place;
use course::content::{Chapter, Course, Lesson};
use yew::prelude::*;

use super::classroom::CourseView;
use super::errand::{Errand, Lead};
use super::library::Loaded;
use super::prose::{mark, share};
use super::transfer::Transfer;
use crate::i18n::{Text, use_text};
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct ContentsProps {
    pub(super) view: Rc<CourseView>,
    pub(super) course: Loaded<Course>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Contents(ContentsProps { view, course, send }: &ContentsProps) -> Html {
    let text = use_text();
    let course: &'static Course = course.0;
    let progress = &view.progress;
    let shares = course.lessons().map(|lesson| share(progress, lesson));
    let (done, all) = shares.fold((0, 0), |(done, all), (more, of)| (done + more, all + of));
    let (made, came_true) = progress.predictions(course);
    let current = view.lesson.as_ref().map(|shown| shown.lesson.0.id.as_str());
    html! {
        <div class="contents">
            <h2>{ text.course() }</h2>
            <p class="hint-line">
                { text.steps_done(done, all) }
                if made > 0 { { " · " }{ text.predictions_made(came_true, made) } }
            </p>
            { meter(done, all) }
            { onward(view, course, send, text) }
            { for course.chapters.iter().map(|chapter| section(chapter, view, current, send, text)) }
            <Transfer progress={progress.clone()} {send} />
        </div>
    }
}

/// Where the learner was, or what comes next.
fn onward(view: &CourseView, course: &'static Course, send: &Callback<Intent>, text: Text) -> Html {
    let undone = |place: &Place| !view.progress.is_done(&place.lesson, &place.step);
    let last = view.progress.last(course);
    let (place, label) = match (last.filter(undone), view.progress.next(course)) {
        (Some(last), _) => (last, text.go_on()),
        (None, Some(next)) => {
            (next, if view.progress.last(course).is_some() { text.comes_next() } else { text.begin() })
        }
        (None, None) => return html! { <p class="all-done">{ text.all_done() }</p> },
    };
    let Some(lesson) = course.lesson(&place.lesson) else { return Html::default() };
    let Some(step) = lesson.steps.iter().position(|step| step.id == place.step) else {
        return Html::default();
    };
    let is_open = view.lesson.as_ref().is_some_and(|shown| shown.lesson.0.id == lesson.id);
    let to = if is_open {
        Errand::Show(super::Page::Lesson)
    } else {
        Errand::Lesson(Lead { lesson: lesson.id.as_str().into(), step: Some(step) })
    };
    let onclick = send.reform(move |_: MouseEvent| Intent::Course(to.clone()));
    html! {
        <button type="button" class="onward" {onclick}>
            <span class="label">{ label }</span>
            <b>{ &lesson.title }</b>
            <span>{ text.step_of(step + 1, lesson.steps.len()) }{ " · " }{ &lesson.steps[step].title }</span>
        </button>
    }
}

fn section(
    chapter: &'static Chapter,
    view: &CourseView,
    current: Option<&str>,
    send: &Callback<Intent>,
    text: Text,
) -> Html {
    html! {
        <section class="chapter" key={chapter.id.as_str()}>
            <h3>{ &chapter.title }</h3>
            <p class="hint-line">{ &chapter.summary }</p>
            <ol>{ for chapter.lessons.iter().map(|lesson| entry(lesson, view, current, send, text)) }</ol>
        </section>
    }
}

fn entry(
    lesson: &'static Lesson,
    view: &CourseView,
    current: Option<&str>,
    send: &Callback<Intent>,
    text: Text,
) -> Html {
    let (done, all) = share(&view.progress, lesson);
    let lead = Lead { lesson: lesson.id.as_str().into(), step: None };
    let onclick = send.reform(move |_: MouseEvent| Intent::Course(Errand::Lesson(lead.clone())));
    html! {
        <li>
            <button type="button" {onclick} aria-current={(current == Some(lesson.id.as_str())).then_some("true")}>
                { mark(done == all, text) }
                <span class="lesson-title">{ &lesson.title }</span>
                <span class="lesson-facts">
                    { if done > 0 && done < all { format!("{done}/{all}") } else { text.minutes(lesson.minutes) } }
                </span>
            </button>
        </li>
    }
}

fn meter(done: usize, all: usize) -> Html {
    let style = format!("width:{}%", done * 100 / all.max(1));
    html! { <div class="meter" aria-hidden="true"><i {style} /></div> }
}
