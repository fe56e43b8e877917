//! The pages that list: the course with its lessons, the glossary with its terms.

use course::Language;
use course::content::Course;
use maud::html;

use super::frame::Page;
use super::prose::Prose;
use super::words;

pub(super) fn course(language: Language, course: &Course) -> Page {
    let prose = Prose::of(language);
    let words = words::of(language);
    let body = html! {
        article {
            h1 { (words.course) }
            p.summary { (words.course_summary) }
            @for chapter in &course.chapters {
                section id=(chapter.id) {
                    h2 { (chapter.title) }
                    p { (chapter.summary) }
                    ol.lessons {
                        @for lesson in &chapter.lessons {
                            li {
                                a href=(prose.lesson(&lesson.id)) { (lesson.title) }
                                " " span.aside { ((words.minutes)(lesson.minutes)) }
                                p { (lesson.summary) }
                            }
                        }
                    }
                }
            }
        }
    };
    Page {
        language,
        address: format!("{}/index.html", language.tag()),
        title: words.course.into(),
        description: words.course_summary.into(),
        lesson: None,
        body,
    }
}

pub(super) fn glossary(language: Language, course: &Course) -> Page {
    let prose = Prose::of(language);
    let words = words::of(language);
    let body = html! {
        article {
            h1 { (words.glossary) }
            p.summary { (words.glossary_summary) }
            dl {
                @for entry in &course.glossary {
                    dt id=(entry.id) { (entry.term) }
                    dd { (prose.blocks(&entry.text)) }
                }
            }
        }
    };
    Page {
        language,
        address: format!("{}/glossary.html", language.tag()),
        title: words.glossary.into(),
        description: words.glossary_summary.into(),
        lesson: None,
        body,
    }
}
