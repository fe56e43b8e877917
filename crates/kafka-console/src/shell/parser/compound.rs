//! Compound commands: loops, choices, groups, functions.

use std::rc::Rc;

use super::{End, ParseError, Parsed, Parser, is_operator, unsupported};
use crate::shell::syntax::{Body, CaseArm, Command, Operation, Parameter, Part, Script, While, Word};

impl Parser {
    /// The compound command that stands here; `None` before a simple one.
    pub(super) fn compound_command(&mut self) -> Parsed<Option<Body>> {
        let keyword = self.keyword();
        Ok(Some(match keyword.as_str() {
            "for" => self.for_loop()?,
            "while" | "until" => self.while_loop(keyword == "until")?,
            "if" => self.choice()?,
            "case" => self.case()?,
            "function" => {
                self.skip_keyword();
                self.skip_blanks();
                self.function()?
            }
            "[[" => {
                self.skip_keyword();
                let conditional = self.nested(Self::conditional)?;
                self.expect("]]")?;
                Body::Conditional(conditional.into())
            }
            "{" => {
                self.skip_keyword();
                Body::Group(self.block("}")?)
            }
            "select" | "coproc" => return Err(ParseError::Unsupported(format!("`{keyword}`"))),
            "do" | "done" | "then" | "else" | "elif" | "fi" | "esac" | "}" | "in" if keyword != "in" => {
                return Err(ParseError::Unexpected(keyword));
            }
            _ if self.looking_at("((") => {
                let start = self.at;
                self.at += 2;
                match self.arithmetic()? {
                    Some(expression) => Body::Arithmetic(expression),
                    None => {
                        self.at = start;
                        self.subshell()?
                    }
                }
            }
            _ if self.peek() == Some('(') => self.subshell()?,
            _ if self.at_function() => self.function()?,
            _ => return Ok(None),
        }))
    }

    fn subshell(&mut self) -> Parsed<Body> {
        self.at += 1;
        let script = self.script(End::Parenthesis)?;
        self.at += 1;
        Ok(Body::Subshell(script))
    }

    /// Commands up to a reserved word, and that word. There is at least one command.
    fn block(&mut self, end: &'static str) -> Parsed<Script> {
        let script = match end {
            "}" => self.script(End::Keyword(&["}"])),
            "do" => self.script(End::Keyword(&["do"])),
            "then" => self.script(End::Keyword(&["then"])),
            "fi" => self.script(End::Keyword(&["fi"])),
            _ => self.script(End::Keyword(&["done"])),
        }?;
        if script.is_empty() {
            return Err(self.unexpected());
        }
        self.skip_keyword();
        Ok(script)
    }

    fn expect(&mut self, keyword: &str) -> Parsed<()> {
        self.skip_newlines();
        if self.keyword() != keyword {
            return Err(self.unexpected_or_incomplete());
        }
        self.skip_keyword();
        Ok(())
    }

    fn for_loop(&mut self) -> Parsed<Body> {
        self.skip_keyword();
        self.skip_blanks();
        if self.eat("((") {
            return self.arithmetic_for();
        }
        let variable = self.name();
        if variable.is_empty() {
            return Err(self.unexpected_or_incomplete());
        }
        self.skip_newlines();
        let words = if self.keyword() == "in" { self.for_words()? } else { all_arguments() };
        self.skip_blanks();
        self.eat(";");
        self.expect("do")?;
        let body = self.block("done")?;
        Ok(Body::For { variable: variable.into(), words, body })
    }

    fn for_words(&mut self) -> Parsed<Rc<[Word]>> {
        self.skip_keyword();
        let mut words = Vec::new();
        self.skip_blanks();
        while self.at_word() {
            words.push(self.word()?);
            self.skip_blanks();
        }
        if !matches!(self.peek(), Some(';' | '\n')) {
            return Err(self.unexpected_or_incomplete());
        }
        Ok(words.into())
    }

    /// `for ((before; condition; update)); do ...; done`
    fn arithmetic_for(&mut self) -> Parsed<Body> {
        let mut parts = Vec::new();
        for last in [false, false, true] {
            let stops: &[char] = if last { &[] } else { &[';'] };
            parts.push(self.nested(|parser| parser.text_until(stops, super::word::Quotes::Double, true))?);
            let stop = if last { "))" } else { ";" };
            if !self.eat(stop) {
                return Err(self.unexpected_or_incomplete());
            }
        }
        let mut parts = parts.into_iter().map(|expression| arithmetic_script(&expression));
        let mut part = || parts.next().unwrap_or_else(|| [].into());
        let (before, condition, update) = (part(), part(), part());
        self.skip_blanks();
        self.eat(";");
        self.expect("do")?;
        let body = self.block("done")?;
        Ok(Body::While(Rc::new(While { before, condition, until: false, body, update })))
    }

    fn while_loop(&mut self, until: bool) -> Parsed<Body> {
        self.skip_keyword();
        let condition = self.block("do")?;
        let body = self.block("done")?;
        Ok(Body::While(Rc::new(While { before: [].into(), condition, until, body, update: [].into() })))
    }

    fn choice(&mut self) -> Parsed<Body> {
        let mut branches = Vec::new();
        loop {
            self.skip_keyword();
            let condition = self.block("then")?;
            let then = self.script(End::Keyword(&["elif", "else", "fi"]))?;
            if then.is_empty() {
                return Err(self.unexpected());
            }
            branches.push((condition, then));
            match self.keyword().as_str() {
                "elif" => {}
                "else" => {
                    self.skip_keyword();
                    let otherwise = self.block("fi")?;
                    return Ok(Body::If { branches: branches.into(), otherwise });
                }
                _ => {
                    self.skip_keyword();
                    return Ok(Body::If { branches: branches.into(), otherwise: [].into() });
                }
            }
        }
    }

    fn case(&mut self) -> Parsed<Body> {
        self.skip_keyword();
        self.skip_blanks();
        if !self.at_word() {
            return Err(self.unexpected_or_incomplete());
        }
        let word = self.word()?;
        self.expect("in")?;
        let mut arms = Vec::new();
        loop {
            self.skip_newlines();
            if self.keyword() == "esac" {
                self.skip_keyword();
                return Ok(Body::Case { word, arms: arms.into() });
            }
            arms.push(self.case_arm()?);
            self.skip_blanks();
            if self.eat(";;") && self.peek() == Some('&') {
                return Err(unsupported("`;;&`"));
            }
        }
    }

    fn case_arm(&mut self) -> Parsed<CaseArm> {
        self.eat("(");
        let mut patterns = Vec::new();
        loop {
            self.skip_blanks();
            if !self.at_word() {
                return Err(self.unexpected_or_incomplete());
            }
            patterns.push(self.word()?);
            self.skip_blanks();
            match self.peek() {
                Some('|') => self.at += 1,
                Some(')') => {
                    self.at += 1;
                    break;
                }
                Some(_) | None => return Err(self.unexpected_or_incomplete()),
            }
        }
        let body = self.script(End::CaseArm)?;
        Ok(CaseArm { patterns: patterns.into(), body })
    }

    /// Whether `name ()` stands here.
    fn at_function(&self) -> bool {
        let rest = &self.chars[self.at..];
        let length = rest.iter().take_while(|c| is_function_name(**c)).count();
        let mut after = rest[length..].iter().skip_while(|c| matches!(c, ' ' | '\t'));
        let open = after.next() == Some(&'(');
        length > 0 && open && after.find(|c| !matches!(c, ' ' | '\t')) == Some(&')')
    }

    fn function(&mut self) -> Parsed<Body> {
        let length = self.chars[self.at..].iter().take_while(|c| is_function_name(**c)).count();
        let name: String = self.chars[self.at..self.at + length].iter().collect();
        if name.is_empty() {
            return Err(self.unexpected_or_incomplete());
        }
        self.at += length;
        self.skip_blanks();
        if self.eat("(") {
            self.skip_blanks();
            if !self.eat(")") {
                return Err(self.unexpected_or_incomplete());
            }
        }
        self.skip_newlines();
        if self.peek().is_none() {
            return Err(ParseError::Incomplete);
        }
        let body = self.nested(Self::command)?;
        if matches!(body.body, Body::Simple { .. } | Body::Function { .. }) {
            return Err(unsupported("a function whose body is not a `{ ... }`"));
        }
        Ok(Body::Function { name: name.into(), body: body.into() })
    }
}

fn is_function_name(c: char) -> bool {
    !is_operator(c) && !matches!(c, '$' | '`' | '"' | '\'' | '\\' | '=' | '{' | '}' | '#')
}

/// `"$@"`, which a `for` without `in` goes through.
fn all_arguments() -> Rc<[Word]> {
    let parameter = Parameter::Positionals { joined: false };
    [Word::from([Part::Parameter { parameter, operation: Operation::None, quoted: true }])].into()
}

/// A script of one `((...))`; an empty expression is no command.
fn arithmetic_script(expression: &Word) -> Script {
    let blank = |part: &Part| matches!(part, Part::Literal(text) if text.trim().is_empty());
    if expression.iter().all(blank) {
        return [].into();
    }
    Command { body: Body::Arithmetic(expression.clone()), redirects: [].into() }.alone()
}
