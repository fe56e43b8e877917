//! What stands in a paragraph: text, code, strong words, emphasis, links.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Events;
use crate::content::{Inline, Key, StageObject, Target};
use crate::fault::{Fault, Source};

/// Reads the inlines up to the end of what holds them.
pub(super) fn until(source: &Source<'_>, end: TagEnd, events: &mut Events<'_>) -> Result<Vec<Inline>, Fault> {
    let mut inlines = Vec::new();
    while let Some((event, range)) = events.next() {
        if event == Event::End(end) {
            break;
        }
        add(source, event, &range, events, &mut inlines)?;
    }
    Ok(inlines)
}

/// Reads inlines that stand in no paragraph.
pub(super) fn loose(source: &Source<'_>, events: &mut Events<'_>) -> Result<Vec<Inline>, Fault> {
    let mut inlines = Vec::new();
    while let Some((event, range)) = events.next_if(|(event, _)| is_inline(event)) {
        add(source, event, &range, events, &mut inlines)?;
    }
    Ok(inlines)
}

pub(super) fn is_inline(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Text(_)
            | Event::Code(_)
            | Event::SoftBreak
            | Event::Start(Tag::Strong | Tag::Emphasis | Tag::Link { .. })
    )
}

fn add(
    source: &Source<'_>,
    event: Event<'_>,
    range: &Range<usize>,
    events: &mut Events<'_>,
    inlines: &mut Vec<Inline>,
) -> Result<(), Fault> {
    if let Event::Text(text) = event {
        return add_text(source, &text, range, inlines);
    }
    if event == Event::SoftBreak {
        return add_text(source, " ", range, inlines);
    }
    let inline = if let Event::Code(text) = event {
        Inline::Code(text.into_string())
    } else if event == Event::Start(Tag::Strong) {
        Inline::Strong(until(source, TagEnd::Strong, events)?)
    } else if event == Event::Start(Tag::Emphasis) {
        Inline::Emphasis(until(source, TagEnd::Emphasis, events)?)
    } else if let Event::Start(Tag::Link { dest_url, .. }) = event {
        let target = target(&dest_url).map_err(|message| source.fault(range.start, message))?;
        Inline::Link { target, text: until(source, TagEnd::Link, events)? }
    } else {
        return Err(source.fault(range.start, format!("{event:?} has no place in a paragraph")));
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
