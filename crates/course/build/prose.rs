//! Markdown prose as a tree of nodes.
//!
//! Only what the course uses: paragraphs, `###` headings, lists, tables, quotes, code, strong, emphasis, links. Fenced
//! blocks without a meaning of their own (`text`, `properties`, `json`) are shown as they stand.

use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, OffsetIter, Options, Parser, Tag, TagEnd};

use crate::content::{Block, Inline, Key, Measurement, Reader, StageObject, Target, Tick};
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
    match tag {
        Tag::Paragraph => Ok(Block::Paragraph(inlines_until(source, TagEnd::Paragraph, events)?)),
        Tag::Heading { level: HeadingLevel::H3, .. } => {
            Ok(Block::Heading(inlines_until(source, TagEnd::Heading(HeadingLevel::H3), events)?))
        }
        Tag::BlockQuote(kind) => Ok(Block::Quote(blocks_until(source, TagEnd::BlockQuote(kind), events)?)),
        Tag::List(first) => list(source, first.is_some(), events),
        Tag::Table(_) => table(source, events),
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
            let (text, range) = fence(source, range, events);
            fenced(&info, source.part(range.start, range.end), &text)
        }
        Tag::Heading { .. } => {
            unknown("a heading other than ### inside a step, or ## with {#id} to open one,")
        }
        Tag::CodeBlock(CodeBlockKind::Indented) => unknown("code that is indented instead of fenced"),
        other => unknown(&format!("{other:?}")),
    }
}

/// The text of a fenced block whose beginning was read, and where it stands.
pub(crate) fn fence(
    source: &Source<'_>,
    whole: Range<usize>,
    events: &mut Events<'_>,
) -> (String, Range<usize>) {
    let mut text = String::new();
    for (event, _) in events.by_ref() {
        match event {
            Event::Text(part) => text.push_str(&part),
            _ => break,
        }
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
        if let Some((
            Event::Text(_) | Event::Code(_) | Event::Start(Tag::Strong | Tag::Emphasis | Tag::Link { .. }),
            _,
        )) = events.peek()
        {
            blocks.push(Block::Paragraph(loose_inlines(source, events)?));
            continue;
        }
        match events.next() {
            Some((Event::End(tag), _)) if tag == end => return Ok(blocks),
            Some((event, range)) => blocks.push(block(source, event, range, events)?),
            None => return Ok(blocks),
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
    for_each_until(events, TagEnd::Table, |event, events| {
        match event {
            Event::Start(Tag::TableCell) => row.push(inlines_until(source, TagEnd::TableCell, events)?),
            Event::End(TagEnd::TableHead) => head = std::mem::take(&mut row),
            Event::End(TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
            _ => {}
        }
        Ok(())
    })?;
    Ok(Block::Table { head, rows })
}

fn for_each_until<'a>(
    events: &mut Events<'a>,
    end: TagEnd,
    mut act: impl FnMut(Event<'a>, &mut Events<'a>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    while let Some((event, _)) = events.next() {
        if event == Event::End(end) {
            break;
        }
        act(event, events)?;
    }
    Ok(())
}

fn inlines_until(source: &Source<'_>, end: TagEnd, events: &mut Events<'_>) -> Result<Vec<Inline>, Fault> {
    let mut inlines = Vec::new();
    while let Some((event, range)) = events.next() {
        if event == Event::End(end) {
            break;
        }
        add_inline(source, event, &range, events, &mut inlines)?;
    }
    Ok(inlines)
}

fn loose_inlines(source: &Source<'_>, events: &mut Events<'_>) -> Result<Vec<Inline>, Fault> {
    let mut inlines = Vec::new();
    while let Some((
        Event::Text(_)
        | Event::Code(_)
        | Event::SoftBreak
        | Event::Start(Tag::Strong | Tag::Emphasis | Tag::Link { .. }),
        _,
    )) = events.peek()
    {
        if let Some((event, range)) = events.next() {
            add_inline(source, event, &range, events, &mut inlines)?;
        }
    }
    Ok(inlines)
}

fn add_inline(
    source: &Source<'_>,
    event: Event<'_>,
    range: &Range<usize>,
    events: &mut Events<'_>,
    inlines: &mut Vec<Inline>,
) -> Result<(), Fault> {
    let inline = match event {
        Event::Text(text) => return add_text(source, &text, range, inlines),
        Event::SoftBreak => return add_text(source, " ", range, inlines),
        Event::Code(text) => Inline::Code(text.into_string()),
        Event::Start(Tag::Strong) => Inline::Strong(inlines_until(source, TagEnd::Strong, events)?),
        Event::Start(Tag::Emphasis) => Inline::Emphasis(inlines_until(source, TagEnd::Emphasis, events)?),
        Event::Start(Tag::Link { dest_url, .. }) => Inline::Link {
            target: target(&dest_url).map_err(|message| source.fault(range.start, message))?,
            text: inlines_until(source, TagEnd::Link, events)?,
        },
        other => return Err(source.fault(range.start, format!("{other:?} has no place in a paragraph"))),
    };
    inlines.push(inline);
    Ok(())
}

/// Joins texts that the parser has cut.
fn add_text(
    source: &Source<'_>,
    text: &str,
    range: &Range<usize>,
    inlines: &mut Vec<Inline>,
) -> Result<(), Fault> {
    if let Some(Inline::Text(before)) = inlines.last_mut() {
        before.push_str(text);
    } else {
        inlines.push(Inline::Text(text.to_owned()));
    }
    match inlines.last() {
        Some(Inline::Text(text)) if text.contains("**") => Err(source.fault(
            range.start,
            "`**` that opens or closes nothing: Markdown takes it for text between punctuation and a letter. Put the \
             punctuation outside the strong words",
        )),
        _ => Ok(()),
    }
}

fn target(address: &str) -> Result<Target, String> {
    if address.starts_with("https://") {
        return Ok(Target::Web(address.to_owned()));
    }
    let parts: Vec<&str> = address.split([':', '/']).collect();
    let target = match parts[..] {
        ["term", term] => Some(Target::Term(term.to_owned())),
        ["lesson", chapter, lesson] => Some(Target::Lesson(format!("{chapter}/{lesson}"))),
        ["stage", ref object @ ..] => stage_object(object).map(Target::Stage),
        ["key", terminal, key] => {
            key_of(key).zip(terminal.parse().ok()).map(|(key, terminal)| Target::Key { terminal, key })
        }
        _ => None,
    };
    target.ok_or_else(|| {
        format!(
            "a link leads to https://..., term:ID, lesson:CHAPTER/LESSON, stage:topic/NAME, stage:partition/NAME/0, \
             stage:group/NAME, stage:broker/1, stage:terminal/1 or key:1/^C, not to `{address}`"
        )
    })
}

fn stage_object(parts: &[&str]) -> Option<StageObject> {
    match *parts {
        ["topic", name] => Some(StageObject::Topic(name.to_owned())),
        ["partition", topic, number] => {
            Some(StageObject::Partition { topic: topic.to_owned(), partition: number.parse().ok()? })
        }
        ["group", name] => Some(StageObject::Group(name.to_owned())),
        ["broker", number] => Some(StageObject::Broker(number.parse().ok()?)),
        ["terminal", number] => Some(StageObject::Terminal(number.parse().ok()?)),
        _ => None,
    }
}

fn key_of(name: &str) -> Option<Key> {
    match name {
        "^C" => Some(Key::Interrupt),
        "^D" => Some(Key::EndOfInput),
        "^K" => Some(Key::Close),
        _ => None,
    }
}
