//! Reads a command line by the grammar in [`super`]. Recursive descent with a depth limit, so that no input
//! can exhaust the stack.

mod compound;
mod conditional;
mod here;
mod parameter;
mod word;

use std::fmt;

use super::syntax::{
    AndOr, Assigned, Assignment, Body, Command, Connector, Descriptor, Pipeline, Redirect, Script, Target,
};

/// How deep `(`, `{`, `$(`, `for`, `if` and quotes may nest.
const MAX_DEPTH: u32 = 40;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ParseError {
    /// The text is a beginning: a shell at its prompt asks for the next line.
    Incomplete,
    /// Not a command in any shell; the text that was in the way.
    Unexpected(String),
    /// A shell knows it, this one does not.
    Unsupported(String),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete => f.write_str("syntax error: unexpected end of file"),
            Self::Unexpected(token) => write!(f, "syntax error near unexpected token `{token}'"),
            Self::Unsupported(what) => write!(f, "{what} is not part of this playground's shell yet"),
        }
    }
}

type Parsed<T> = Result<T, ParseError>;

/// Reads a whole text.
pub(crate) fn parse(text: &str) -> Parsed<Script> {
    let mut parser = Parser { chars: text.chars().collect(), at: 0, depth: 0 };
    parser.script(End::Text)
}

/// What closes the list of commands that is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Text,
    Parenthesis,
    /// `;;` or `esac`
    CaseArm,
    /// One of these reserved words.
    Keyword(&'static [&'static str]),
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: u32,
}

impl Parser {
    fn script(&mut self, end: End) -> Parsed<Script> {
        self.nested(|parser| {
            let mut items = Vec::new();
            parser.skip_newlines();
            while !parser.at_end(end)? {
                let mut item = parser.and_or()?;
                parser.skip_blanks();
                match parser.peek() {
                    Some('&') => {
                        item.background = true;
                        parser.at += 1;
                    }
                    Some(';') if end == End::CaseArm && parser.looking_at(";;") => {}
                    Some(';' | '\n') => parser.at += 1,
                    Some(_) if !parser.at_end(end)? => return Err(parser.unexpected()),
                    Some(_) | None => {}
                }
                items.push(item);
                parser.skip_newlines();
            }
            Ok(items.into())
        })
    }

    fn at_end(&mut self, end: End) -> Parsed<bool> {
        let keyword = self.keyword();
        let found = match end {
            End::Text => self.peek().is_none(),
            End::Parenthesis => self.peek() == Some(')'),
            End::CaseArm => keyword == "esac" || self.looking_at(";;"),
            End::Keyword(words) => words.contains(&keyword.as_str()),
        };
        if !found && self.peek().is_none() {
            return Err(ParseError::Incomplete);
        }
        Ok(found)
    }

    fn and_or(&mut self) -> Parsed<AndOr> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let connector = if self.eat("&&") {
                Connector::And
            } else if self.eat("||") {
                Connector::Or
            } else {
                return Ok(AndOr { first, rest: rest.into(), background: false });
            };
            self.skip_newlines();
            rest.push((connector, self.pipeline()?));
        }
    }

    fn pipeline(&mut self) -> Parsed<Pipeline> {
        let (mut timed, mut negated) = (false, false);
        self.skip_blanks();
        let start = self.at;
        loop {
            self.skip_blanks();
            match self.keyword().as_str() {
                "time" if !timed => timed = true,
                "!" if !negated => negated = true,
                _ => break,
            }
            self.skip_keyword();
        }
        let mut stages = vec![self.command()?];
        loop {
            let end = self.at;
            self.skip_blanks();
            if self.looking_at("||") || !self.eat("|") {
                let text: String = self.chars[start..end].iter().collect();
                return Ok(Pipeline { timed, negated, stages: stages.into(), text: text.trim().into() });
            }
            if self.eat("&") {
                let both =
                    Redirect { descriptor: Descriptor::Error, target: Target::SameAs(Descriptor::Output) };
                if let Some(stage) = stages.last_mut() {
                    stage.redirects = stage.redirects.iter().cloned().chain([both]).collect();
                }
            }
            self.skip_newlines();
            stages.push(self.command()?);
        }
    }

    fn command(&mut self) -> Parsed<Command> {
        self.skip_blanks();
        let Some(body) = self.compound_command()? else { return self.simple_command() };
        let mut redirects = Vec::new();
        self.skip_blanks();
        while self.redirect(&mut redirects)? {
            self.skip_blanks();
        }
        Ok(Command { body, redirects: redirects.into() })
    }

    fn simple_command(&mut self) -> Parsed<Command> {
        let (mut assignments, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            self.skip_blanks();
            if self.redirect(&mut redirects)? {
                continue;
            }
            if !self.at_word() {
                break;
            }
            match self.assignment().filter(|_| words.is_empty()) {
                Some((name, append)) => {
                    self.at += name.chars().count() + if append { 2 } else { 1 };
                    let value = self.assigned()?;
                    assignments.push(Assignment { name: name.into(), append, value });
                }
                None => words.push(self.word()?),
            }
        }
        if assignments.is_empty() && words.is_empty() && redirects.is_empty() {
            return Err(self.unexpected_or_incomplete());
        }
        let body = Body::Simple { assignments: assignments.into(), words: words.into() };
        Ok(Command { body, redirects: redirects.into() })
    }

    /// What stands behind the `=` of an assignment.
    fn assigned(&mut self) -> Parsed<Assigned> {
        if !self.eat("(") {
            let value = if self.at_word() { self.word()? } else { [].into() };
            return Ok(Assigned::Text(value));
        }
        let mut words = Vec::new();
        loop {
            self.skip_newlines();
            if self.eat(")") {
                return Ok(Assigned::List(words.into()));
            }
            if !self.at_word() {
                return Err(self.unexpected_or_incomplete());
            }
            words.push(self.word()?);
        }
    }

    /// Reads a redirection if one stands here.
    fn redirect(&mut self, redirects: &mut Vec<Redirect>) -> Parsed<bool> {
        if self.eat("&>") {
            let append = self.eat(">");
            self.skip_blanks();
            let word = self.redirect_word()?;
            let target = if append { Target::Append(word) } else { Target::Write(word) };
            redirects.push(Redirect { descriptor: Descriptor::Output, target });
            let target = Target::SameAs(Descriptor::Output);
            redirects.push(Redirect { descriptor: Descriptor::Error, target });
            return Ok(true);
        }
        let digits = self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit()).count();
        let operator = self.chars.get(self.at + digits).copied();
        if !matches!(operator, Some('<' | '>')) {
            return Ok(false);
        }
        let number: String = self.chars[self.at..self.at + digits].iter().collect();
        self.at += digits;
        let input = operator == Some('<');
        let descriptor = match number.as_str() {
            "" if input => Descriptor::Input,
            "" => Descriptor::Output,
            number => descriptor(number)?,
        };
        let target = self.redirect_target(input)?;
        redirects.push(Redirect { descriptor, target });
        Ok(true)
    }

    fn redirect_target(&mut self, input: bool) -> Parsed<Target> {
        for (operator, what) in
            [("<(", "`<(`, process substitution,"), (">(", "`>(`, process substitution,"), ("<>", "`<>`")]
        {
            if self.looking_at(operator) {
                return Err(unsupported(what));
            }
        }
        if self.eat("<<<") {
            return self.here_string();
        }
        if self.eat("<<") {
            return self.here_document();
        }
        let append = self.eat(">>");
        if !append {
            self.at += 1;
            self.eat("|");
        }
        if self.eat("&") {
            self.skip_blanks();
            let number: String = self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit()).collect();
            self.at += number.len();
            return Ok(Target::SameAs(descriptor(&number)?));
        }
        self.skip_blanks();
        let word = self.redirect_word()?;
        Ok(match (input, append) {
            (true, _) => Target::Read(word),
            (false, true) => Target::Append(word),
            (false, false) => Target::Write(word),
        })
    }

    fn redirect_word(&mut self) -> Parsed<super::syntax::Word> {
        if self.at_word() { self.word() } else { Err(self.unexpected_or_incomplete()) }
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return Err(ParseError::Unsupported(format!("nesting deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn looking_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(offset, c)| self.chars.get(self.at + offset) == Some(&c))
    }

    fn eat(&mut self, text: &str) -> bool {
        let here = self.looking_at(text);
        if here {
            self.at += text.chars().count();
        }
        here
    }

    /// Spaces, tabs, continued lines and a comment.
    fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.chars.get(self.at + 1) == Some(&'\n') => self.at += 2,
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                Some(_) | None => return,
            }
        }
    }

    fn skip_newlines(&mut self) {
        self.skip_blanks();
        while self.peek() == Some('\n') {
            self.at += 1;
            self.skip_blanks();
        }
    }

    fn at_word(&self) -> bool {
        self.peek().is_some_and(|c| !is_operator(c))
    }

    /// The unquoted word that stands here, to be compared with reserved words; empty if it is anything else.
    fn keyword(&self) -> String {
        let rest = &self.chars[self.at..];
        let length = rest.iter().position(|c| is_operator(*c)).unwrap_or(rest.len());
        if length > "function".len() { String::new() } else { rest[..length].iter().collect() }
    }

    fn skip_keyword(&mut self) {
        self.at += self.keyword().chars().count();
    }

    fn name(&mut self) -> String {
        let name = name_at(&self.chars[self.at..]);
        self.at += name.len();
        name
    }

    /// The name before a `=` or `+=` that stands here, and whether it is the latter.
    fn assignment(&self) -> Option<(String, bool)> {
        let name = name_at(&self.chars[self.at..]);
        let after = |offset: usize| self.chars.get(self.at + name.len() + offset).copied();
        let append = after(0) == Some('+') && after(1) == Some('=');
        (!name.is_empty() && (append || after(0) == Some('='))).then_some((name, append))
    }

    fn unexpected_or_incomplete(&self) -> ParseError {
        if self.peek().is_none() { ParseError::Incomplete } else { self.unexpected() }
    }

    /// The error that names what stands here, as bash does.
    fn unexpected(&self) -> ParseError {
        let token = match self.peek() {
            None | Some('\n') => "newline".to_owned(),
            Some(c) if is_operator(c) => {
                let doubled =
                    self.chars.get(self.at + 1) == Some(&c) && matches!(c, ';' | '&' | '|' | '<' | '>');
                if doubled { format!("{c}{c}") } else { c.to_string() }
            }
            Some(_) => self.chars[self.at..].iter().take_while(|c| !is_operator(**c)).take(40).collect(),
        };
        ParseError::Unexpected(token)
    }
}

fn is_operator(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')')
}

/// An ASCII identifier, empty if none stands at the beginning.
fn name_at(chars: &[char]) -> String {
    let starts = chars.first().is_some_and(|c| c.is_ascii_alphabetic() || *c == '_');
    let length = chars.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').count();
    if starts { chars[..length].iter().collect() } else { String::new() }
}

fn descriptor(number: &str) -> Parsed<Descriptor> {
    match number {
        "0" => Ok(Descriptor::Input),
        "1" => Ok(Descriptor::Output),
        "2" => Ok(Descriptor::Error),
        _ => Err(unsupported("a redirection of a stream other than 0, 1 and 2")),
    }
}

fn unsupported(what: &str) -> ParseError {
    ParseError::Unsupported(what.to_owned())
}
