//! Words: quotes, `$` expansions and braces.

use std::mem;
use std::rc::Rc;

use super::{End, ParseError, Parsed, Parser, is_operator, unsupported};
use crate::escape;
use crate::shell::syntax::{Part, Word};

/// How far the closing brace of `{a,b}` may be.
const MAX_BRACE_LENGTH: usize = 1000;

/// A word in the making: finished parts and the plain text that follows them.
#[derive(Default)]
struct Draft {
    parts: Vec<Part>,
    literal: String,
}

impl Draft {
    fn push(&mut self, part: Part) {
        self.flush();
        self.parts.push(part);
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            self.parts.push(Part::Literal(mem::take(&mut self.literal).into()));
        }
    }

    fn finish(mut self) -> Word {
        self.flush();
        self.parts.into()
    }
}

impl Parser {
    pub(super) fn word(&mut self) -> Parsed<Word> {
        self.nested(|parser| parser.word_until(&[]))
    }

    /// A word, or the part of one up to a character in `stops`.
    fn word_until(&mut self, stops: &[char]) -> Parsed<Word> {
        let mut draft = Draft::default();
        while let Some(c) = self.peek() {
            if is_operator(c) || stops.contains(&c) {
                break;
            }
            self.at += 1;
            match c {
                '\'' => draft.push(Part::Quoted(self.single_quoted()?)),
                '"' => self.double_quoted(&mut draft)?,
                '\\' => match self.peek() {
                    None => return Err(ParseError::Incomplete),
                    Some('\n') => self.at += 1,
                    Some(escaped) => {
                        self.at += 1;
                        draft.push(Part::Quoted(escaped.to_string().into()));
                    }
                },
                '$' if self.peek() == Some('\'') => {
                    self.at += 1;
                    draft.push(Part::Quoted(self.ansi_c_quoted()?));
                }
                '$' => self.dollar(&mut draft, false)?,
                '`' => draft.push(self.backquoted(false)?),
                '{' => self.brace(&mut draft)?,
                c => draft.literal.push(c),
            }
        }
        Ok(draft.finish())
    }

    fn single_quoted(&mut self) -> Parsed<Rc<str>> {
        let rest = &self.chars[self.at..];
        let length = rest.iter().position(|c| *c == '\'').ok_or(ParseError::Incomplete)?;
        let text: String = rest[..length].iter().collect();
        self.at += length + 1;
        Ok(text.into())
    }

    /// `$'...'`: backslash escapes have their meaning.
    fn ansi_c_quoted(&mut self) -> Parsed<Rc<str>> {
        let mut raw = String::new();
        loop {
            let c = self.peek().ok_or(ParseError::Incomplete)?;
            self.at += 1;
            match c {
                '\'' => return Ok(escape::unescape(&raw).text().into()),
                '\\' => {
                    raw.push(c);
                    raw.push(self.peek().ok_or(ParseError::Incomplete)?);
                    self.at += 1;
                }
                c => raw.push(c),
            }
        }
    }

    fn double_quoted(&mut self, draft: &mut Draft) -> Parsed<()> {
        self.expanding_text(draft, Some('"'))
    }

    /// The whole of what is left, read as a here-document is.
    pub(super) fn here_text(&mut self) -> Parsed<Word> {
        let mut draft = Draft::default();
        self.expanding_text(&mut draft, None)?;
        Ok(draft.finish())
    }

    /// Text in which `$` and backquotes have their meaning, up to a quote or to the end.
    fn expanding_text(&mut self, draft: &mut Draft, close: Option<char>) -> Parsed<()> {
        let mut text = String::new();
        let mut flushed = Draft::default();
        loop {
            let c = match self.peek() {
                Some(c) => c,
                None if close.is_none() => break,
                None => return Err(ParseError::Incomplete),
            };
            self.at += 1;
            match c {
                c if Some(c) == close => break,
                '\\' => match self.peek() {
                    Some('\n') => self.at += 1,
                    Some(escaped) if matches!(escaped, '$' | '`' | '\\') || Some(escaped) == close => {
                        self.at += 1;
                        text.push(escaped);
                    }
                    Some(_) => text.push('\\'),
                    None if close.is_none() => text.push('\\'),
                    None => return Err(ParseError::Incomplete),
                },
                '$' | '`' => {
                    flushed.push(Part::Quoted(mem::take(&mut text).into()));
                    if c == '$' {
                        self.nested(|parser| parser.dollar(&mut flushed, true))?;
                    } else {
                        flushed.push(self.backquoted(true)?);
                    }
                    text.push_str(&mem::take(&mut flushed.literal));
                }
                c => text.push(c),
            }
        }
        flushed.push(Part::Quoted(text.into()));
        flushed.parts.into_iter().for_each(|part| draft.push(part));
        Ok(())
    }

    /// What follows a `$`.
    fn dollar(&mut self, draft: &mut Draft, quoted: bool) -> Parsed<()> {
        if self.looking_at("((") {
            return Err(unsupported("`$((...))`, arithmetic,"));
        }
        if self.eat("(") {
            let script = self.script(End::Parenthesis)?;
            self.at += 1;
            draft.push(Part::Substitution { script, quoted });
            return Ok(());
        }
        if self.eat("{") {
            let part = self.parameter(quoted)?;
            draft.push(part);
            return match self.peek() {
                Some('}') => {
                    self.at += 1;
                    Ok(())
                }
                None => Err(ParseError::Incomplete),
                Some(_) => Err(unsupported("`${...}` with an operator")),
            };
        }
        match self.peek() {
            Some(c) if c == '_' || c == '?' || c.is_ascii_alphabetic() => {
                let part = self.parameter(quoted)?;
                draft.push(part);
            }
            Some(c) if c.is_ascii_digit() || matches!(c, '@' | '*' | '#' | '$' | '!' | '-') => {
                return Err(ParseError::Unsupported(format!("`${c}`")));
            }
            // $"..." is a translated string: the quotes do the rest.
            Some('"') if !quoted => {}
            Some(_) | None => draft.literal.push('$'),
        }
        Ok(())
    }

    fn parameter(&mut self, quoted: bool) -> Parsed<Part> {
        if self.eat("?") {
            return Ok(Part::Status);
        }
        let name = self.name();
        if name.is_empty() {
            let incomplete = self.peek().is_none();
            return Err(if incomplete {
                ParseError::Incomplete
            } else {
                unsupported("this kind of `${...}`")
            });
        }
        Ok(Part::Variable { name: name.into(), quoted })
    }

    fn backquoted(&mut self, quoted: bool) -> Parsed<Part> {
        let mut text = String::new();
        loop {
            let c = self.peek().ok_or(ParseError::Incomplete)?;
            self.at += 1;
            match c {
                '`' => break,
                '\\' => match self.peek().ok_or(ParseError::Incomplete)? {
                    escaped @ ('`' | '\\' | '$') => {
                        self.at += 1;
                        text.push(escaped);
                    }
                    _ => text.push('\\'),
                },
                c => text.push(c),
            }
        }
        let mut inner = Self { chars: text.chars().collect(), at: 0, depth: self.depth };
        let script = inner.script(End::Text).map_err(|error| match error {
            ParseError::Incomplete => ParseError::Unexpected("`".to_owned()),
            error @ (ParseError::Unexpected(_) | ParseError::Unsupported(_)) => error,
        })?;
        Ok(Part::Substitution { script, quoted })
    }

    /// What follows a `{` inside a word: a range, alternatives, or just a brace.
    fn brace(&mut self, draft: &mut Draft) -> Parsed<()> {
        let length = self.chars[self.at..]
            .iter()
            .take(MAX_BRACE_LENGTH)
            .position(|c| *c == '}')
            .filter(|length| !self.chars[self.at..self.at + length].iter().any(|c| is_operator(*c)));
        if let Some(length) = length {
            let inside: String = self.chars[self.at..self.at + length].iter().collect();
            if let Some(range) = range(&inside) {
                self.at += length + 1;
                draft.push(range);
                return Ok(());
            }
        }
        if !self.brace_holds_a_comma() {
            draft.literal.push('{');
            return Ok(());
        }
        let alternatives = self.nested(|parser| {
            let mut alternatives = Vec::new();
            loop {
                alternatives.push(parser.word_until(&[',', '}'])?);
                match parser.peek() {
                    Some(',') => parser.at += 1,
                    Some('}') => {
                        parser.at += 1;
                        return Ok(alternatives);
                    }
                    Some(_) | None => return Err(parser.unexpected_or_incomplete()),
                }
            }
        })?;
        draft.push(Part::Alternatives(alternatives.into()));
        Ok(())
    }

    /// Whether a closing brace follows in the same word, with a comma in between that is not quoted.
    fn brace_holds_a_comma(&self) -> bool {
        let (mut depth, mut comma, mut quote, mut escaped) = (0_u32, false, None, false);
        for c in self.chars[self.at..].iter().copied().take(MAX_BRACE_LENGTH) {
            if escaped {
                escaped = false;
                continue;
            }
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (None | Some('"'), '\\') => escaped = true,
                (None, '\'' | '"') => quote = Some(c),
                (None, c) if is_operator(c) => return false,
                (None, '{') => depth += 1,
                (None, '}') if depth == 0 => return comma,
                (None, '}') => depth -= 1,
                (None, ',') if depth == 0 => comma = true,
                (Some(_) | None, _) => {}
            }
        }
        false
    }
}

/// The inside of `{1..10}` or `{01..10..2}`.
fn range(inside: &str) -> Option<Part> {
    let mut ends = inside.split("..");
    let (from, to, step) = (ends.next()?, ends.next()?, ends.next().unwrap_or("1"));
    if ends.next().is_some() {
        return None;
    }
    let padded = |text: &str| text.trim_start_matches('-').starts_with('0') && text.len() > 1;
    let width = if padded(from) || padded(to) { from.len().max(to.len()) } else { 0 };
    Some(Part::Range {
        from: from.parse().ok()?,
        to: to.parse().ok()?,
        step: step.parse::<i64>().ok()?.unsigned_abs().max(1),
        width,
    })
}
