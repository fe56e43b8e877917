//! `[[ ... ]]`.

use std::rc::Rc;

use super::{ParseError, Parsed, Parser};
use crate::shell::syntax::{Conditional, Part, Word};

/// The operators with a word on each side, longer ones first.
const COMPARISONS: [&str; 15] =
    ["==", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "=", "<", ">"];

impl Parser {
    pub(super) fn conditional(&mut self) -> Parsed<Conditional> {
        let mut result = self.conjunction()?;
        while self.connector("||") {
            result = Conditional::Or(Rc::new(result), Rc::new(self.conjunction()?));
        }
        Ok(result)
    }

    fn conjunction(&mut self) -> Parsed<Conditional> {
        let mut result = self.condition()?;
        while self.connector("&&") {
            result = Conditional::And(Rc::new(result), Rc::new(self.condition()?));
        }
        Ok(result)
    }

    fn connector(&mut self, connector: &str) -> bool {
        self.skip_newlines();
        self.eat(connector)
    }

    fn condition(&mut self) -> Parsed<Conditional> {
        self.skip_newlines();
        if self.keyword() == "!" {
            self.skip_keyword();
            let inner = self.nested(Self::condition)?;
            return Ok(Conditional::Not(inner.into()));
        }
        if self.eat("(") {
            let inner = self.nested(Self::conditional)?;
            self.skip_newlines();
            return if self.eat(")") { Ok(inner) } else { Err(self.unexpected_or_incomplete()) };
        }
        let keyword = self.keyword();
        let mut letters = keyword.strip_prefix('-').unwrap_or_default().chars();
        if let (Some(letter @ 'a'..='z'), None) = (letters.next(), letters.next()) {
            self.skip_keyword();
            self.skip_blanks();
            return Ok(Conditional::Unary(letter, self.operand()?));
        }
        let left = self.operand()?;
        self.skip_blanks();
        let Some(operator) = COMPARISONS.into_iter().find(|operator| self.looking_at(operator)) else {
            return Ok(Conditional::Word(left));
        };
        self.at += operator.len();
        self.skip_blanks();
        let right = if operator == "=~" { self.expression()? } else { self.operand()? };
        Ok(Conditional::Compare(left, operator.into(), right))
    }

    fn operand(&mut self) -> Parsed<Word> {
        if !self.at_word() || self.keyword() == "]]" {
            return Err(self.unexpected_or_incomplete());
        }
        self.word()
    }

    /// A regular expression: parentheses and bars belong to it, a blank ends it.
    fn expression(&mut self) -> Parsed<Word> {
        let mut parts: Vec<Part> = Vec::new();
        loop {
            match self.peek() {
                None => return Err(ParseError::Incomplete),
                Some(' ' | '\t' | '\n' | ';' | '&') => return Ok(parts.into()),
                Some(c @ ('(' | ')' | '|' | '<' | '>')) => {
                    self.at += 1;
                    parts.push(Part::Literal(c.to_string().into()));
                }
                Some(_) => parts.extend(self.word_without_braces()?.iter().cloned()),
            }
        }
    }
}
