//! The course in the page: a panel beside the stage with the lessons, what to do in them, and what was done.

mod address;
mod classroom;
mod contents;
mod errand;
mod glossary;
mod lesson;
mod library;
mod measurements;
mod prediction;
mod prose;
mod record;
mod solution;
mod step;
mod transfer;
mod typed;

use std::rc::Rc;

use yew::prelude::*;

use crate::i18n::{Text, use_text};
use crate::intent::Intent;
pub(crate) use address::of_page;
pub(crate) use classroom::{Classroom, CourseView};
use contents::Contents;
use errand::Trouble;
pub(crate) use errand::{Errand, Page};
use glossary::{Glossary, TermCard};
use lesson::LessonPage;
pub use library::CourseFiles;
use transfer::download;

#[derive(Properties, PartialEq)]
pub(crate) struct CourseProps {
    pub(crate) view: Rc<CourseView>,
    pub(crate) send: Callback<Intent>,
}

#[component]
pub(crate) fn CoursePanel(CourseProps { view, send }: &CourseProps) -> Html {
    let text = use_text();
    let say = |errand: Errand| send.reform(move |_: MouseEvent| Intent::Course(errand.clone()));
    let link = |page: Page, label: &'static str| {
        let current = (view.page == page).then_some("page");
        html! {
            <button type="button" aria-current={current} onclick={say(Errand::Show(page))}>{ label }</button>
        }
    };
    let entry =
        view.term.as_deref().and_then(|term| view.course?.0.glossary.iter().find(|entry| entry.id == term));
    html! {
        <section class="course" aria-label={text.course()}>
            <div class="course-bar">
                { link(Page::Contents, text.course_contents()) }
                if view.lesson.is_some() { { link(Page::Lesson, text.course_lesson()) } }
                { link(Page::Glossary, text.course_glossary()) }
                <button type="button" class="leave" title={text.course_leave_hint()} onclick={say(Errand::Leave)}>
                    { if view.lesson.is_some() { text.course_leave() } else { text.dismiss() } }
                </button>
            </div>
            if let Some(trouble) = &view.trouble { { told(trouble, text, say(Errand::DismissTrouble)) } }
            <div class="course-body">{ page(view, send, text) }</div>
            if let Some(entry) = entry { <TermCard key={entry.id.clone()} entry={library::Loaded(entry)} view={view} send={send} /> }
            <p class="visually-hidden" role="status">{ heard(view, text) }</p>
        </section>
    }
}

fn page(view: &Rc<CourseView>, send: &Callback<Intent>, text: Text) -> Html {
    match (view.page, &view.lesson, &view.course) {
        (Page::Lesson, Some(lesson), _) => {
            html! { <LessonPage view={view} lesson={lesson.clone()} send={send} /> }
        }
        (Page::Contents, _, Some(course)) => html! { <Contents view={view} course={*course} send={send} /> },
        (Page::Glossary, _, Some(course)) => html! { <Glossary view={view} course={*course} send={send} /> },
        (Page::Lesson, None, _) | (Page::Contents | Page::Glossary, _, None) => {
            let Some(reason) = &view.failure else {
                return html! { <p class="awaited" role="status">{ text.course_awaited() }</p> };
            };
            let again = send.reform(|_: MouseEvent| Intent::Course(Errand::Fetch));
            html! {
                <div class="trouble" role="alert">
                    <p>{ text.course_not_fetched(reason) }</p>
                    <button type="button" onclick={again}>{ text.course_fetch() }</button>
                </div>
            }
        }
    }
}

fn told(trouble: &Trouble, text: Text, dismiss: Callback<MouseEvent>) -> Html {
    let (told, kept) = match trouble {
        Trouble::Unreadable { reason, text: kept } => (text.progress_unreadable(reason), Some(kept)),
        Trouble::BadFile(reason) => (text.progress_bad_file(reason), None),
        Trouble::NotKept => (text.progress_not_kept().to_owned(), None),
        Trouble::NoSuchLesson(id) => (text.no_such_lesson(id), None),
    };
    html! {
        <div class="trouble" role="alert">
            <p>{ told }</p>
            if let Some(kept) = kept { { download("murmuration-progress-unreadable.json", kept, text.progress_download()) } }
            <button type="button" onclick={dismiss}>{ text.dismiss() }</button>
        </div>
    }
}

/// What somebody who does not see the panel is told when it changes.
fn heard(view: &CourseView, text: Text) -> String {
    let Some(lesson) = &view.lesson else { return String::new() };
    if lesson.study.is_done {
        let title = &lesson.lesson.steps[lesson.study.step].title;
        return text.heard_done(title);
    }
    let met = lesson.study.readings.iter().filter(|reading| reading.shortfall.is_none()).count();
    if met == 0 { String::new() } else { text.heard_goals(met, lesson.study.readings.len()) }
}
