//! The words of a script.

use std::rc::Rc;

use crate::error::{Position, ScriptError};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Token {
    Number(i64),
    Text(Rc<str>),
    /// A name or a keyword.
    Word(Rc<str>),
    /// An operator, a bracket, a comma.
    Symbol(&'static str),
    End,
}

impl Token {
    /// As an error shows it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("{text:?}"),
            Self::Word(word) => format!("`{word}`"),
            Self::Symbol(symbol) => format!("`{symbol}`"),
            Self::End => "the end of the script".to_owned(),
        }
    }
}

/// Longer ones first.
const SYMBOLS: [&str; 41] = [
    "..=", "<<=", ">>=", "..", "=>", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "=", "<", ">", "!", "+", "-", "*", "/", "%", "&", "|", "^", "(", ")", "{", "}",
    "[", "]", ",", ";",
];

/// Those that stand alone, where a longer one could begin.
const LATE_SYMBOLS: [&str; 1] = ["."];

struct Lexer<'a> {
    rest: &'a str,
    at: Position,
}

pub(crate) fn tokens(source: &str) -> Result<Vec<(Token, Position)>, ScriptError> {
    let mut lexer = Lexer { rest: source, at: Position { line: 1, column: 1 } };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks()?;
        let at = lexer.at;
        let token = lexer.token()?;
        let ends = token == Token::End;
        tokens.push((token, at));
        if ends {
            return Ok(tokens);
        }
    }
}

impl Lexer<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        self.at = match c {
            '\n' => Position { line: self.at.line + 1, column: 1 },
            _ => Position { column: self.at.column + 1, ..self.at },
        };
        Some(c)
    }

    fn skip(&mut self, characters: usize) {
        for _ in 0..characters {
            self.next();
        }
    }

    fn skip_blanks(&mut self) -> Result<(), ScriptError> {
        loop {
            if self.rest.starts_with("//") {
                while self.rest.starts_with(|c| c != '\n') {
                    self.next();
                }
            } else if self.rest.starts_with("/*") {
                let at = self.at;
                let end = self.rest.find("*/");
                let end = end.ok_or_else(|| ScriptError::new(at, "this comment has no end: add */"))?;
                self.skip(self.rest[..end + 2].chars().count());
            } else if self.rest.starts_with(char::is_whitespace) {
                self.next();
            } else {
                return Ok(());
            }
        }
    }

    fn token(&mut self) -> Result<Token, ScriptError> {
        let Some(first) = self.rest.chars().next() else { return Ok(Token::End) };
        if first.is_ascii_digit() {
            return self.number();
        }
        if first == '"' {
            return self.text();
        }
        if is_in_word(first) {
            let word = self.take_while(is_in_word);
            return Ok(Token::Word(word.into()));
        }
        let symbol = SYMBOLS.iter().chain(&LATE_SYMBOLS).find(|symbol| self.rest.starts_with(**symbol));
        match symbol {
            Some(symbol) => {
                self.skip(symbol.len());
                Ok(Token::Symbol(symbol))
            }
            None if first == '\'' => {
                Err(ScriptError::new(self.at, "texts stand between double quotes: \"KR\""))
            }
            None => Err(ScriptError::new(self.at, format!("the character {first:?} has no meaning here"))),
        }
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let length = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let taken = self.rest[..length].to_owned();
        self.skip(taken.chars().count());
        taken
    }

    /// `12`, `1_000`, `0x7fff_ffff`
    fn number(&mut self) -> Result<Token, ScriptError> {
        let at = self.at;
        let written = self.take_while(is_in_word);
        let digits: String = written.chars().filter(|c| *c != '_').collect();
        let (digits, radix) = digits.strip_prefix("0x").map_or((&*digits, 10), |hex| (hex, 16));
        let fraction =
            self.rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if fraction {
            return Err(ScriptError::new(at, "numbers are whole here, without a point"));
        }
        match i64::from_str_radix(digits, radix) {
            Ok(number) => Ok(Token::Number(number)),
            Err(_) => Err(ScriptError::new(
                at,
                format!("{written} is no number from 0 to {}, such as 12, 1_000 or 0xff", i64::MAX),
            )),
        }
    }

    fn text(&mut self) -> Result<Token, ScriptError> {
        let start = self.at;
        self.next();
        let mut text = String::new();
        loop {
            let at = self.at;
            match self.next() {
                Some('"') => return Ok(Token::Text(text.into())),
                Some('\\') => text.push(self.escape(at)?),
                Some('\n') | None => {
                    return Err(ScriptError::new(start, "this text has no end: add \" on the same line"));
                }
                Some(c) => text.push(c),
            }
        }
    }

    fn escape(&mut self, at: Position) -> Result<char, ScriptError> {
        match self.next() {
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some(c @ ('"' | '\\')) => Ok(c),
            Some(_) | None => Err(ScriptError::new(
                at,
                "after \\ stands one of n, t, r, \" and \\; for \\ itself write \\\\",
            )),
        }
    }
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
