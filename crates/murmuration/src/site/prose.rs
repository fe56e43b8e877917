//! The course's text as HTML.

use course::Language;
use course::content::{Block, Inline, Key, Target};
use maud::{Markup, html};

use super::words::{self, Words};

/// Writes text of one language.
#[derive(Clone, Copy)]
pub(super) struct Prose {
    language: Language,
    words: &'static Words,
}

impl Prose {
    pub(super) fn of(language: Language) -> Self {
        Self { language, words: words::of(language) }
    }

    pub(super) fn blocks(self, blocks: &[Block]) -> Markup {
        html! { @for block in blocks { (self.block(block)) } }
    }

    fn block(self, block: &Block) -> Markup {
        match block {
            Block::Paragraph(text) => html! { p { (self.inlines(text)) } },
            Block::Heading(text) => html! { h3 { (self.inlines(text)) } },
            Block::List { ordered: true, items } => html! { ol { (self.items(items)) } },
            Block::List { ordered: false, items } => html! { ul { (self.items(items)) } },
            Block::Table { head, rows } => html! {
                div.wide tabindex="0" {
                    table {
                        thead { tr { @for cell in head { th { (self.inlines(cell)) } } } }
                        tbody { @for row in rows { tr { @for cell in row { td { (self.inlines(cell)) } } } } }
                    }
                }
            },
            Block::Quote(blocks) => html! { blockquote { (self.blocks(blocks)) } },
            Block::Typed { terminal, reader: _, text } => html! {
                figure {
                    figcaption { ((self.words.terminal)(*terminal)) }
                    pre tabindex="0" { code { (text) } }
                }
            },
            Block::Verbatim(text) => html! { pre tabindex="0" { code { (text) } } },
            Block::Checklist(ticks) => html! {
                ul {
                    @for tick in ticks {
                        li { a href=(self.step(&tick.lesson, &tick.step)) { (self.inlines(&tick.text)) } }
                    }
                }
            },
            Block::Measurements(measurements) => html! {
                ul { @for measurement in measurements { li { (self.inlines(&measurement.text)) } } }
                p.aside { (self.words.measured) }
            },
        }
    }

    fn items(self, items: &[Vec<Block>]) -> Markup {
        html! { @for item in items { li { (self.blocks(item)) } } }
    }

    pub(super) fn inlines(self, text: &[Inline]) -> Markup {
        html! {
            @for inline in text {
                @match inline {
                    Inline::Text(text) => (text),
                    Inline::Code(text) => code { (text) },
                    Inline::Strong(text) => strong { (self.inlines(text)) },
                    Inline::Emphasis(text) => em { (self.inlines(text)) },
                    Inline::Link { target, text } => (self.link(target, text)),
                }
            }
        }
    }

    fn link(self, target: &Target, text: &[Inline]) -> Markup {
        let inside = self.inlines(text);
        match target {
            Target::Web(address) => html! { a href=(address) rel="noopener" { (inside) } },
            Target::Term(id) => html! { a href=(self.term(id)) { (inside) } },
            Target::Lesson(id) => html! { a href=(self.lesson(id)) { (inside) } },
            Target::Stage(_) => inside,
            Target::Key { terminal, key } => {
                let key = match key {
                    Key::Interrupt => "Ctrl+C",
                    Key::EndOfInput => "Ctrl+D",
                    Key::Close => "×",
                };
                html! { (inside) " (" ((self.words.terminal)(*terminal)) ": " kbd { (key) } ")" }
            }
        }
    }

    pub(super) fn lesson(self, id: &str) -> String {
        format!("{}/{id}.html", self.language.tag())
    }

    fn step(self, lesson: &str, step: &str) -> String {
        format!("{}#{step}", self.lesson(lesson))
    }

    pub(super) fn term(self, id: &str) -> String {
        format!("{}/glossary.html#{id}", self.language.tag())
    }
}
