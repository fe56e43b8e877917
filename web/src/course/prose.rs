//! A lesson's text as elements.

use std::rc::Rc;

use course::Progress;
use course::content::{Block, Inline, Key, Target, Tick};
use playground::session::Action;
use yew::prelude::*;

use super::classroom::CourseView;
use super::errand::{Errand, Lead};
use super::measurements::Measurements;
use super::typed::TypedBlock;
use crate::i18n::Text;
use crate::intent::Intent;

/// What a text's elements need to know and to do.
#[derive(Clone, Copy)]
pub(super) struct Prose<'a> {
    pub(super) text: Text,
    pub(super) view: &'a CourseView,
    pub(super) send: &'a Callback<Intent>,
    /// Why commands cannot be typed now.
    pub(super) locked: Option<&'static str>,
}

impl<'a> Prose<'a> {
    pub(super) const fn of(text: Text, view: &'a CourseView, send: &'a Callback<Intent>) -> Self {
        Self { text, view, send, locked: None }
    }

    pub(super) fn blocks(self, blocks: &'static [Block]) -> Html {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn block(self, block: &'static Block) -> Html {
        match block {
            Block::Paragraph(inlines) => html! { <p>{ self.inlines(inlines) }</p> },
            Block::Heading(inlines) => html! { <p class="heading">{ self.inlines(inlines) }</p> },
            Block::List { ordered, items } => {
                let items = items.iter().map(|item| html! { <li>{ self.blocks(item) }</li> });
                if *ordered {
                    html! { <ol>{ for items }</ol> }
                } else {
                    html! { <ul>{ for items }</ul> }
                }
            }
            Block::Table { head, rows } => self.table(head, rows),
            Block::Quote(inside) => html! { <blockquote>{ self.blocks(inside) }</blockquote> },
            Block::Typed { terminal, reader, text } => html! {
                <TypedBlock terminal={*terminal} reader={*reader} text={text.as_str()} locked={self.locked} send={self.send} />
            },
            Block::Verbatim(text) => html! { <pre tabindex="0"><code>{ text }</code></pre> },
            Block::Checklist(ticks) => html! {
                <ul class="checklist">{ for ticks.iter().map(|tick| self.tick(tick)) }</ul>
            },
            Block::Measurements(measurements) => {
                let study = self.view.lesson.as_ref().map(|lesson| &lesson.study);
                let measured = study.map(|study| study.measured.clone()).unwrap_or_default();
                let rows: Vec<_> =
                    measurements.iter().map(|line| (line.group.as_str(), self.inlines(&line.text))).collect();
                html! {
                    <Measurements {rows} {measured} seed={study.map(|study| study.seed)} send={self.send} />
                }
            }
        }
    }

    fn table(self, head: &'static [Vec<Inline>], rows: &'static [Vec<Vec<Inline>>]) -> Html {
        let cell = |inlines: &'static Vec<Inline>| html! { <td>{ self.inlines(inlines) }</td> };
        html! {
            <div class="wide" tabindex="0" role="group">
                <table>
                    <thead><tr>{ for head.iter().map(|cell| html! { <th scope="col">{ self.inlines(cell) }</th> }) }</tr></thead>
                    <tbody>{ for rows.iter().map(|row| html! { <tr>{ for row.iter().map(cell) }</tr> }) }</tbody>
                </table>
            </div>
        }
    }

    fn tick(self, Tick { lesson, step, text }: &'static Tick) -> Html {
        let done = self.view.progress.is_done(lesson, step);
        let lead = Lead { lesson: lesson.as_str().into(), step: None };
        html! {
            <li class={classes!(done.then_some("done"))}>
                { mark(done, self.text) }
                <span>
                    { self.inlines(text) }
                    if !done { { " " }{ self.button(Intent::Course(Errand::Lesson(lead)), html! { { self.text.to_lesson() } }, "way") } }
                </span>
            </li>
        }
    }

    pub(super) fn inlines(self, inlines: &'static [Inline]) -> Html {
        inlines.iter().map(|inline| self.inline(inline)).collect()
    }

    fn inline(self, inline: &'static Inline) -> Html {
        match inline {
            Inline::Text(text) => html! { { text } },
            Inline::Code(code) => html! { <code>{ code }</code> },
            Inline::Strong(inside) => html! { <strong>{ self.inlines(inside) }</strong> },
            Inline::Emphasis(inside) => html! { <em>{ self.inlines(inside) }</em> },
            Inline::Link { target, text } => self.link(target, text),
        }
    }

    fn link(self, target: &'static Target, text: &'static [Inline]) -> Html {
        let inside = self.inlines(text);
        match target {
            Target::Web(address) => html! {
                <a href={address.as_str()} target="_blank" rel="noopener">{ inside }</a>
            },
            Target::Term(term) => {
                let errand = Errand::Explain(Some(term.as_str().into()));
                self.button(Intent::Course(errand), inside, "term")
            }
            Target::Lesson(lesson) => {
                let lead = Lead { lesson: lesson.as_str().into(), step: None };
                self.button(Intent::Course(Errand::Lesson(lead)), inside, "way")
            }
            Target::Stage(object) => self.button(Intent::Spot(Rc::new(object.clone())), inside, "spot-link"),
            Target::Key { terminal, key } => {
                let action = match key {
                    Key::Interrupt => Action::Interrupt,
                    Key::EndOfInput => Action::EndOfInput,
                    Key::Close => Action::Close,
                };
                self.button(Intent::Input { terminal: *terminal, action }, inside, "key-link")
            }
        }
    }

    fn button(self, intent: Intent, inside: Html, class: &'static str) -> Html {
        let onclick = self.send.reform(move |_: MouseEvent| intent.clone());
        html! { <button type="button" class={classes!("inline", class)} {onclick}>{ inside }</button> }
    }
}

/// Whether something is done, for the eye and for the ear.
pub(super) fn mark(done: bool, text: Text) -> Html {
    let said = if done { text.done() } else { text.not_done() };
    html! {
        <span class={classes!("mark", done.then_some("done"))} role="img" aria-label={said}>
            if done { <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3.500 8.500l3 3 6-7" /></svg> }
        </span>
    }
}

/// How much of a lesson was done.
pub(super) fn share(progress: &Progress, lesson: &course::content::Lesson) -> (usize, usize) {
    (progress.steps_done(lesson), lesson.steps.len())
}
