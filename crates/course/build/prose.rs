//! Markdown prose as a tree of nodes.
//!
//! Only what the course uses: paragraphs, `###` headings, lists, tables, quotes, code, strong, emphasis, links. Fenced
//! blocks without a meaning of their own (`text`, `properties`, `json`) are shown as they stand.

#[path = "prose/inline.rs"]
mod inline;

use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, OffsetIter, Options, Parser, Tag, TagEnd};

use crate::content::{Block, Inline, Measurement, Reader, Tick};
use crate::fault::{Fault, Source};

type Events<'a> = Peekable<OffsetIter<'a>>;

const VERBATIM: [&str; 4] = ["text", "properties", "json", "java"];

/// Reads prose in which no block of a step stands.
pub(crate) fn blocks(source: Source<'_>) -> Result<Vec<Block>, Fault> {
    let mut events = events(source.text);
    let mut blocks = Vec::new();
    while let Some((event, range)) = events.next() {
        blocks.push(block(&source, event, range, &mut events)?);
    }
    Ok(blocks)
}

/// Reads prose of one paragraph.
pub(crate) fn inlines(source: Source<'_>) -> Result<Vec<Inline>, Fault> {
    match <[Block; 1]>::try_from(blocks(source)?) {
        Ok([Block::Paragraph(inlines)]) => Ok(inlines),
        _ => Err(source.fault(0, "expected one paragraph")),
    }
}

pub(crate) fn events(text: &str) -> Events<'_> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    Parser::new_ext(text, options).into_offset_iter().peekable()
}

/// Reads the block that the event opens.
pub(crate) fn block<'a>(
    source: &Source<'_>,
    event: Event<'a>,
    range: Range<usize>,
    events: &mut Events<'a>,
) -> Result<Block, Fault> {
    let unknown = |what: &str| Err(source.fault(range.start, format!("{what} has no place in a lesson")));
    let Event::Start(tag) = event else {
        return unknown("this (raw HTML, a rule, or text outside a paragraph)");
    };
    if tag == Tag::Paragraph {
        Ok(Block::Paragraph(inline::until(source, TagEnd::Paragraph, events)?))
    } else if let Tag::Heading { level: level @ HeadingLevel::H3, .. } = tag {
        Ok(Block::Heading(inline::until(source, TagEnd::Heading(level), events)?))
    } else if let Tag::Heading { .. } = tag {
        unknown("a heading other than ### inside a step, or ## with {#id} to open one,")
    } else if let Tag::BlockQuote(kind) = tag {
        Ok(Block::Quote(blocks_until(source, TagEnd::BlockQuote(kind), events)?))
    } else if let Tag::List(first) = tag {
        list(source, first.is_some(), events)
    } else if let Tag::Table(_) = tag {
        table(source, events)
    } else if let Tag::CodeBlock(CodeBlockKind::Fenced(info)) = tag {
        let (text, range) = fence(source, range, events);
        fenced(&info, source.part(range.start, range.end), &text)
    } else if let Tag::CodeBlock(CodeBlockKind::Indented) = tag {
        unknown("code that is indented instead of fenced")
    } else {
        unknown(&format!("{tag:?}"))
    }
}

/// The text of a fenced block whose beginning was read, and where it stands.
pub(crate) fn fence(
    source: &Source<'_>,
    whole: Range<usize>,
    events: &mut Events<'_>,
) -> (String, Range<usize>) {
    let mut text = String::new();
    while let Some((Event::Text(part), _)) = events.next() {
        text.push_str(&part);
    }
    let first_line = source.text[whole.clone()].find('\n').map_or(whole.end, |at| whole.start + at + 1);
    (text.trim_end_matches('\n').to_owned(), first_line..whole.end)
}

fn fenced(info: &str, source: Source<'_>, text: &str) -> Result<Block, Fault> {
    let (name, argument) = info.split_once(' ').unwrap_or((info, ""));
    let typed = |reader| {
        let terminal = argument.trim().parse().ok().filter(|number| (1..=99).contains(number));
        let terminal = terminal.ok_or_else(|| {
            source.fault(0, format!("behind `{name}` stands the terminal's number, as in ```{name} 1"))
        })?;
        Ok(Block::Typed { terminal, reader, text: text.to_owned() })
    };
    match name {
        "console" => typed(Reader::Shell),
        "input" => typed(Reader::Program),
        "checklist" => checklist(source).map(Block::Checklist),
        "measurements" => measurements(source).map(Block::Measurements),
        name if VERBATIM.contains(&name) => Ok(Block::Verbatim(text.to_owned())),
        other => Err(source.fault(
            0,
            format!(
                "`{other}` is no kind of block in prose. There are console, input, checklist, measurements, {}; and in a \
                 step goal, prediction, hint, solution, route, wrong, insight",
                VERBATIM.join(", ")
            ),
        )),
    }
}

/// The lines of a fenced block before its closing fence, each with its place; empty ones are left out.
pub(crate) fn lines<'a>(source: &Source<'a>) -> Vec<Source<'a>> {
    let mut at = 0;
    let mut lines = Vec::new();
    for line in source.text.split_inclusive('\n') {
        let text = line.trim_end();
        if !text.is_empty() && !text.starts_with("```") && !text.starts_with("~~~") {
            lines.push(source.part(at, at + text.len()));
        }
        at += line.len();
    }
    lines
}

fn checklist(source: Source<'_>) -> Result<Vec<Tick>, Fault> {
    let tick = |line: &Source<'_>| {
        let (name, words) = named(line)?;
        let (lesson, step) =
            name.split_once('#').ok_or_else(|| line.fault(0, "a line is `chapter/lesson#step: words`"))?;
        Ok(Tick { lesson: lesson.to_owned(), step: step.to_owned(), text: inlines(words)? })
    };
    lines(&source).iter().map(tick).collect()
}

fn measurements(source: Source<'_>) -> Result<Vec<Measurement>, Fault> {
    let measurement = |line: &Source<'_>| {
        let (group, words) = named(line)?;
        Ok(Measurement { group: group.to_owned(), text: inlines(words)? })
    };
    lines(&source).iter().map(measurement).collect()
}

fn named<'a>(line: &Source<'a>) -> Result<(&'a str, Source<'a>), Fault> {
    let at = line.text.find(": ").ok_or_else(|| line.fault(0, "a line is `name: words`"))?;
    Ok((&line.text[..at], line.part(at + 2, line.text.len())))
}

fn blocks_until<'a>(source: &Source<'_>, end: TagEnd, events: &mut Events<'a>) -> Result<Vec<Block>, Fault> {
    let mut blocks = Vec::new();
    loop {
        // The text of a tight list's item stands there without a paragraph.
        if events.peek().is_some_and(|(event, _)| inline::is_inline(event)) {
            blocks.push(Block::Paragraph(inline::loose(source, events)?));
            continue;
        }
        match events.next() {
            Some((event, range)) if event != Event::End(end) => {
                blocks.push(block(source, event, range, events)?);
            }
            Some(_) | None => return Ok(blocks),
        }
    }
}

fn list(source: &Source<'_>, ordered: bool, events: &mut Events<'_>) -> Result<Block, Fault> {
    let mut items = Vec::new();
    while let Some((Event::Start(Tag::Item), _)) = events.next() {
        items.push(blocks_until(source, TagEnd::Item, events)?);
    }
    Ok(Block::List { ordered, items })
}

fn table(source: &Source<'_>, events: &mut Events<'_>) -> Result<Block, Fault> {
    let (mut head, mut rows, mut row) = (Vec::new(), Vec::new(), Vec::new());
    while let Some((event, _)) = events.next() {
        if event == Event::Start(Tag::TableCell) {
            row.push(inline::until(source, TagEnd::TableCell, events)?);
        } else if event == Event::End(TagEnd::TableHead) {
            head = std::mem::take(&mut row);
        } else if event == Event::End(TagEnd::TableRow) {
            rows.push(std::mem::take(&mut row));
        } else if event == Event::End(TagEnd::Table) {
            break;
        }
    }
    Ok(Block::Table { head, rows })
}
