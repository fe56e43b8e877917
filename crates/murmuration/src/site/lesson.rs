//! A lesson as a page.

use course::Language;
use course::content::{Course, Lesson, Prediction, Step};
use maud::{Markup, html};

use super::frame::Page;
use super::prose::Prose;
use super::words::{self, Words};

pub(super) fn page(language: Language, course: &Course, lesson: &Lesson) -> Page {
    let prose = Prose::of(language);
    let words = words::of(language);
    let body = html! {
        article {
            h1 { (lesson.title) }
            p.summary { (lesson.summary) " " span.aside { ((words.minutes)(lesson.minutes)) } }
            noscript { p.aside { (words.without_scripts) } }
            (prose.blocks(&lesson.prose))
            @if !lesson.setup.is_empty() { (folded(words.setup, &transcript(&lesson.setup))) }
            @for step in &lesson.steps { (section(prose, words, step)) }
        }
        (neighbours(prose, words, course, lesson))
    };
    Page {
        language,
        address: prose.lesson(&lesson.id),
        title: lesson.title.clone(),
        description: lesson.summary.clone(),
        lesson: Some(lesson.id.clone()),
        body,
    }
}

fn section(prose: Prose, words: &Words, step: &Step) -> Markup {
    html! {
        section id=(step.id) {
            h2 { (step.title) }
            (prose.blocks(&step.prose))
            @if let Some(prediction) = &step.prediction { (asked(prose, words, prediction)) }
            @for hint in &step.hints { (folded(words.hint, &prose.blocks(&hint.text))) }
            (folded(words.solution, &transcript(&step.solution)))
            @if !step.insight.is_empty() { (folded(words.insight, &prose.blocks(&step.insight))) }
        }
    }
}

fn asked(prose: Prose, words: &Words, prediction: &Prediction) -> Markup {
    html! {
        (prose.blocks(&prediction.question))
        details {
            summary { (words.question) }
            dl {
                @for choice in &prediction.choices {
                    dt { (prose.inlines(&choice.text)) }
                    dd { (prose.blocks(&choice.why)) }
                }
            }
            p.aside { (words.decided_by_the_run) }
        }
    }
}

fn folded(title: &str, inside: &Markup) -> Markup {
    html! { details { summary { (title) } (inside) } }
}

fn transcript(text: &str) -> Markup {
    html! { pre tabindex="0" { code { (text.trim_end()) } } }
}

fn neighbours(prose: Prose, words: &Words, course: &Course, lesson: &Lesson) -> Markup {
    let lessons: Vec<&Lesson> = course.chapters.iter().flat_map(|chapter| &chapter.lessons).collect();
    let place = lessons.iter().position(|other| other.id == lesson.id).expect("a lesson of this course");
    let before = place.checked_sub(1).and_then(|index| lessons.get(index));
    html! {
        nav.neighbours {
            @if let Some(other) = before { a href=(prose.lesson(&other.id)) { (words.before) ": " (other.title) } }
            @if let Some(other) = lessons.get(place + 1) {
                a href=(prose.lesson(&other.id)) { (words.after) ": " (other.title) }
            }
        }
    }
}
