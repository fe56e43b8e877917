//! Words: quotes, `$` expansions and braces.

use std::mem;
use std::rc::Rc;

use super::{End, ParseError, Parsed, Parser, is_operator};
use crate::escape;
use crate::shell::syntax::{Operation, Part, Word};

/// How far the closing brace of `{a,b}` may be.
const MAX_BRACE_LENGTH: usize = 1000;

/// Which quotes are quotes: inside of double quotes a single one is a character like any other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    Both,
    Double,
}

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
        self.nested(|parser| parser.word_until(&[], true))
    }

    pub(super) fn word_without_braces(&mut self) -> Parsed<Word> {
        self.nested(|parser| parser.word_until(&[], false))
    }

    /// A word, or the part of one up to a character in `stops`.
    fn word_until(&mut self, stops: &[char], braces: bool) -> Parsed<Word> {
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
                '{' if braces => self.brace(&mut draft)?,
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
                    if !text.is_empty() {
                        flushed.push(Part::Quoted(mem::take(&mut text).into()));
                    }
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
        // `"$@"` with nothing in it makes no word.
        if !text.is_empty() || flushed.parts.is_empty() {
            flushed.push(Part::Quoted(text.into()));
        }
        flushed.parts.into_iter().for_each(|part| draft.push(part));
        Ok(())
    }

    /// What follows a `$`.
    fn dollar(&mut self, draft: &mut Draft, quoted: bool) -> Parsed<()> {
        if self.looking_at("((") {
            let start = self.at;
            self.at += 2;
            if let Some(expression) = self.arithmetic()? {
                draft.push(Part::Arithmetic(expression));
                return Ok(());
            }
            self.at = start;
        }
        if self.eat("(") {
            let script = self.script(End::Parenthesis)?;
            self.at += 1;
            draft.push(Part::Substitution { script, quoted });
            return Ok(());
        }
        if self.eat("{") {
            draft.push(self.braced_parameter(quoted)?);
            return Ok(());
        }
        match self.bare_parameter() {
            Some(parameter) => {
                draft.push(Part::Parameter { parameter, operation: Operation::None, quoted });
            }
            // $"..." is a translated string: the quotes do the rest.
            None if self.peek() == Some('"') && !quoted => {}
            None => draft.literal.push('$'),
        }
        Ok(())
    }

    /// The inside of `((...))`, with its end; `None` if it turns out to be something else.
    pub(super) fn arithmetic(&mut self) -> Parsed<Option<Word>> {
        let expression = self.nested(|parser| parser.text_until(&[], Quotes::Double, true))?;
        Ok(self.eat("))").then_some(expression))
    }

    /// A text in which blanks and operators mean nothing, up to a character in `stops` outside of quotes, or with
    /// `balanced` up to a parenthesis that closes more than it opened.
    pub(super) fn text_until(&mut self, stops: &[char], quotes: Quotes, balanced: bool) -> Parsed<Word> {
        let mut draft = Draft::default();
        let mut open = 0_u32;
        loop {
            let c = self.peek().ok_or(ParseError::Incomplete)?;
            if stops.contains(&c) || (balanced && c == ')' && open == 0) {
                return Ok(draft.finish());
            }
            self.at += 1;
            match c {
                '\'' if quotes == Quotes::Both => draft.push(Part::Quoted(self.single_quoted()?)),
                '"' => self.double_quoted(&mut draft)?,
                '\\' => {
                    let escaped = self.peek().ok_or(ParseError::Incomplete)?;
                    self.at += 1;
                    if escaped != '\n' {
                        draft.push(Part::Quoted(escaped.to_string().into()));
                    }
                }
                '$' => self.nested(|parser| parser.dollar(&mut draft, quotes == Quotes::Double))?,
                '`' => draft.push(self.backquoted(quotes == Quotes::Double)?),
                c => {
                    match c {
                        '(' => open += 1,
                        ')' => open = open.saturating_sub(1),
                        _ => {}
                    }
                    draft.literal.push(c);
                }
            }
        }
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
            if let Some(range) = range(&inside).or_else(|| letters(&inside)) {
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
                alternatives.push(parser.word_until(&[',', '}'], true)?);
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

/// The inside of `{a..e}`.
fn letters(inside: &str) -> Option<Part> {
    let mut ends = inside.split("..");
    let mut letter = || {
        let mut chars = ends.next()?.chars();
        chars.next().filter(|c| c.is_ascii_alphabetic() && chars.next().is_none())
    };
    let (from, to) = (letter()?, letter()?);
    let step = ends.next().unwrap_or("1").parse::<i64>().ok()?.unsigned_abs().max(1);
    ends.next().is_none().then_some(Part::Letters { from, to, step })
}
