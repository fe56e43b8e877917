//! Here-documents and here-strings: text in the command that a program reads as its input.
//!
//! Leaves out: a here-document whose end is missing when the whole text ends there, which bash takes with a warning.

use super::{ParseError, Parsed, Parser};
use crate::shell::syntax::{Part, Target};

impl Parser {
    /// What follows `<<<`: a word, and a line end behind it.
    pub(super) fn here_string(&mut self) -> Parsed<Target> {
        self.skip_blanks();
        let word = self.redirect_word()?;
        let parts = word.iter().cloned().chain([Part::Quoted("\n".into())]);
        Ok(Target::Here(parts.collect()))
    }

    /// What follows `<<`. The text stands on the lines behind this one; it is taken out, so that what is read next is
    /// the rest of this line and then the line behind the text.
    pub(super) fn here_document(&mut self) -> Parsed<Target> {
        let indented = self.eat("-");
        self.skip_blanks();
        let begin = self.at;
        let delimiter = self.delimiter()?;
        let quoted = self.chars[begin..self.at].iter().any(|c| matches!(c, '\'' | '"' | '\\'));
        let text = self.take_lines_up_to(&delimiter, indented)?;
        if quoted {
            return Ok(Target::Here([Part::Quoted(text.into())].into()));
        }
        let mut inner = Self { chars: text.chars().collect(), at: 0, depth: self.depth };
        let word = inner.here_text().map_err(|error| match error {
            // The text is all there: a `$(` in it is never closed.
            ParseError::Incomplete => ParseError::Unexpected("newline".to_owned()),
            error @ (ParseError::Unexpected(_) | ParseError::Unsupported(_)) => error,
        })?;
        Ok(Target::Here(word))
    }

    /// The word behind `<<` without its quotes; nothing in it is expanded.
    fn delimiter(&mut self) -> Parsed<String> {
        let begin = self.at;
        let word = self.redirect_word()?;
        let plain = |part: &Part| match part {
            Part::Literal(text) | Part::Quoted(text) => Some(text.to_string()),
            Part::Parameter { .. }
            | Part::Substitution { .. }
            | Part::Arithmetic(_)
            | Part::Alternatives(_)
            | Part::Range { .. }
            | Part::Letters { .. } => None,
        };
        let parts: Option<String> = word.iter().map(plain).collect();
        Ok(parts.unwrap_or_else(|| self.chars[begin..self.at].iter().collect()))
    }

    fn take_lines_up_to(&mut self, delimiter: &str, indented: bool) -> Parsed<String> {
        let begin = self.next_line().ok_or(ParseError::Incomplete)?;
        let mut text = String::new();
        let mut at = begin;
        while at < self.chars.len() {
            let length = self.chars[at..].iter().position(|c| *c == '\n').unwrap_or(self.chars.len() - at);
            let line: String = self.chars[at..at + length].iter().collect();
            let line = if indented { line.trim_start_matches('\t') } else { line.as_str() };
            at += length;
            if line == delimiter {
                // The line end that closes the command's own line now stands before what follows.
                self.chars.drain(begin - 1..at);
                return Ok(text);
            }
            text.push_str(line);
            text.push('\n');
            at += 1;
        }
        Err(ParseError::Incomplete)
    }

    /// Where the line behind this one begins. A line end in quotes does not end the line.
    fn next_line(&self) -> Option<usize> {
        let mut quote = None;
        let mut escaped = false;
        for (at, c) in self.chars.iter().enumerate().skip(self.at) {
            if escaped {
                escaped = false;
                continue;
            }
            match (quote, c) {
                (None | Some('"'), '\\') => escaped = true,
                (None, '\'' | '"') => quote = Some(*c),
                (None, '\n') => return Some(at + 1),
                (Some(open), c) if open == *c => quote = None,
                (Some(_) | None, _) => {}
            }
        }
        None
    }
}
