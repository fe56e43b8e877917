//! The glossary: a `##` heading with an `{#id}` for each term, and a sentence or two.

use pulldown_cmark::{Event, HeadingLevel, Tag};

use crate::content::Entry;
use crate::fault::{Fault, Source};
use crate::prose;

pub(crate) fn read(source: Source<'_>) -> Result<Vec<Entry>, Fault> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut events = prose::events(source.text);
    while let Some((event, range)) = events.next() {
        let fault = |message: &str| source.fault(range.start, message);
        if let Event::Start(Tag::Heading { level: HeadingLevel::H2, id, .. }) = event {
            let id = id.ok_or_else(|| {
                fault("the heading of a term ends with its id, as in `## Offset {#offset}`")
            })?;
            let mut term = String::new();
            while let Some((Event::Text(text), _)) = events.next() {
                term.push_str(&text);
            }
            entries.push(Entry { id: id.into_string(), term, text: Vec::new() });
        } else {
            let block = prose::block(&source, event, range.clone(), &mut events)?;
            entries
                .last_mut()
                .ok_or_else(|| fault("before the text of a term stands its heading"))?
                .text
                .push(block);
        }
    }
    match entries.iter().find(|entry| entry.text.is_empty()) {
        Some(entry) => Err(source.fault(0, format!("the term `{}` has no text", entry.id))),
        None => Ok(entries),
    }
}
