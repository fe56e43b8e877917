//! `$name`, `$1`, `$?`, and `${...}` with its operators.

use std::rc::Rc;

use super::word::Quotes;
use super::{ParseError, Parsed, Parser, unsupported};
use crate::shell::syntax::{Default, Operation, Parameter, Part, Place, Word};

impl Parser {
    /// A parameter behind a `$` without braces.
    pub(super) fn bare_parameter(&mut self) -> Option<Parameter> {
        let name = self.name();
        if !name.is_empty() {
            return Some(Parameter::Name(name.into()));
        }
        let parameter = match self.peek()? {
            '@' => Parameter::Positionals { joined: false },
            '*' => Parameter::Positionals { joined: true },
            '#' => Parameter::Count,
            '?' => Parameter::Status,
            '$' => Parameter::Pid,
            '!' => Parameter::LastJob,
            digit => Parameter::Positional(usize::try_from(digit.to_digit(10)?).ok()?),
        };
        self.at += 1;
        Some(parameter)
    }

    /// What stands behind `${`, with the closing brace.
    pub(super) fn braced_parameter(&mut self, quoted: bool) -> Parsed<Part> {
        let length = self.peek() == Some('#') && !matches!(self.chars.get(self.at + 1), Some('}') | None);
        self.at += usize::from(length);
        let parameter = self.parameter()?;
        let operation = if length { Operation::Length } else { self.operation(quoted)? };
        if !self.eat("}") {
            return Err(if self.peek().is_none() {
                ParseError::Incomplete
            } else {
                unsupported("this kind of `${...}`")
            });
        }
        Ok(Part::Parameter { parameter, operation, quoted })
    }

    fn parameter(&mut self) -> Parsed<Parameter> {
        let digits: String = self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit()).collect();
        if !digits.is_empty() {
            self.at += digits.len();
            return Ok(Parameter::Positional(digits.parse().unwrap_or(usize::MAX)));
        }
        if self.peek() == Some('!') && self.chars.get(self.at + 1) != Some(&'}') {
            return Err(unsupported("`${!name}`"));
        }
        let incomplete = self.peek().is_none();
        let parameter = self.bare_parameter().ok_or_else(|| {
            if incomplete { ParseError::Incomplete } else { unsupported("this kind of `${...}`") }
        })?;
        let Parameter::Name(name) = &parameter else { return Ok(parameter) };
        if !self.eat("[") {
            return Ok(parameter);
        }
        let index = self.raw_until(&[']'])?;
        self.at += 1;
        Ok(match &*index {
            "@" | "*" => Parameter::Elements { name: name.clone(), joined: &*index == "*" },
            _ => Parameter::Element(name.clone(), index),
        })
    }

    fn operation(&mut self, quoted: bool) -> Parsed<Operation> {
        let colon = self.peek() == Some(':');
        let operator = self.chars.get(self.at + usize::from(colon)).copied();
        let default = match operator {
            Some('-') => Some(Default::Use),
            Some('=') => Some(Default::Assign),
            Some('?') => Some(Default::Fail),
            Some('+') => Some(Default::Alternative),
            Some(_) | None => None,
        };
        if let Some(kind) = default {
            self.at += 1 + usize::from(colon);
            let word = self.operand_until(&['}'], if quoted { Quotes::Double } else { Quotes::Both })?;
            return Ok(Operation::Default { kind, empty_counts: !colon, word });
        }
        if colon {
            self.at += 1;
            let offset = self.raw_until(&[':', '}'])?;
            let length = if self.eat(":") { Some(self.raw_until(&['}'])?) } else { None };
            return Ok(Operation::Slice { offset, length });
        }
        match operator {
            Some(c @ ('#' | '%')) => {
                self.at += 1;
                let longest = self.eat(&c.to_string());
                let pattern = self.operand_until(&['}'], Quotes::Both)?;
                Ok(Operation::Trim { from_end: c == '%', longest, pattern })
            }
            Some('/') => self.replacement(),
            Some(c @ ('^' | ',')) => {
                self.at += 1;
                let all = self.eat(&c.to_string());
                Ok(Operation::Case { upper: c == '^', all })
            }
            Some(_) | None => Ok(Operation::None),
        }
    }

    fn replacement(&mut self) -> Parsed<Operation> {
        self.at += 1;
        let place = if self.eat("/") {
            Place::All
        } else if self.eat("#") {
            Place::Beginning
        } else if self.eat("%") {
            Place::End
        } else {
            Place::First
        };
        let pattern = self.operand_until(&['/', '}'], Quotes::Both)?;
        let with = if self.eat("/") { self.operand_until(&['}'], Quotes::Both)? } else { [].into() };
        Ok(Operation::Replace { place, pattern, with })
    }

    fn operand_until(&mut self, stops: &[char], quotes: Quotes) -> Parsed<Word> {
        self.nested(|parser| parser.text_until(stops, quotes, false))
    }

    /// The characters up to one of `stops`, as they are: an arithmetic expression.
    fn raw_until(&mut self, stops: &[char]) -> Parsed<Rc<str>> {
        let rest = &self.chars[self.at..];
        let length = rest.iter().position(|c| stops.contains(c)).ok_or(ParseError::Incomplete)?;
        let text: String = rest[..length].iter().collect();
        self.at += length;
        Ok(text.into())
    }
}
