//! Reads a script: functions and statements.
//!
//! A name is looked up here, so that a script with a misspelt one is refused before it has seen a record.

mod expression;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::builtin::{self, Builtin};
use crate::error::{Position, ScriptError};
use crate::operator::{BINARY, Binary};
use crate::syntax::{Block, Expression, Function, Iterable, Program, Statement};
use crate::token::{Token, tokens};

/// The most bytes that a script may have.
pub const MAX_SOURCE: usize = 16_384;

/// How many brackets, blocks and operators may stand in each other.
pub const MAX_DEPTH: u32 = 32;

/// The function that the producer calls.
pub(crate) const ENTRY: &str = "partition";

const ENTRY_FORM: &str = "fn partition(topic, key, value, headers, partitions) { ... }";

const KEYWORDS: [&str; 13] = [
    "fn", "let", "if", "else", "switch", "while", "for", "in", "return", "break", "continue", "true", "false",
];

/// Assignments that compute, by the operator in them.
const COMPUTING: [(&str, &str); 8] =
    [("+=", "+"), ("-=", "-"), ("*=", "*"), ("/=", "/"), ("%=", "%"), ("&=", "&"), ("|=", "|"), ("^=", "^")];

pub(crate) fn parse(source: &str) -> Result<Program, ScriptError> {
    let start = Position { line: 1, column: 1 };
    if source.len() > MAX_SOURCE {
        let message = format!("this script has {} bytes, and at most {MAX_SOURCE} are read", source.len());
        return Err(ScriptError::new(start, message));
    }
    let mut parser = Parser {
        tokens: tokens(source)?,
        next: 0,
        variables: Vec::new(),
        places: 0,
        loops: 0,
        depth: 0,
        calls: Vec::new(),
    };
    let mut functions = BTreeMap::new();
    while *parser.peek() != Token::End {
        let at = parser.at();
        let (name, function) = parser.function()?;
        if functions.insert(Rc::clone(&name), function).is_some() {
            return Err(ScriptError::new(at, format!("there is a function {name} already")));
        }
    }
    let entry = functions.get(ENTRY);
    let entry = entry
        .ok_or_else(|| ScriptError::new(start, format!("a partitioner is {ENTRY_FORM}; there is none")))?;
    if entry.parameters != 5 {
        return Err(ScriptError::new(entry.at, format!("partition has five parameters: {ENTRY_FORM}")));
    }
    for call in parser.calls {
        call.check(&functions)?;
    }
    Ok(Program { functions })
}

struct Parser {
    tokens: Vec<(Token, Position)>,
    next: usize,
    /// What can be named here, the innermost last.
    variables: Vec<(Rc<str>, usize)>,
    /// How many places the function has needed so far.
    places: usize,
    /// How many loops stand around this place.
    loops: u32,
    depth: u32,
    calls: Vec<Call>,
}

/// A call of a function of the script, which may stand further below.
struct Call {
    name: Rc<str>,
    arguments: usize,
    at: Position,
}

impl Call {
    fn check(&self, functions: &BTreeMap<Rc<str>, Function>) -> Result<(), ScriptError> {
        let Self { name, arguments, at } = self;
        let Some(function) = functions.get(name) else {
            let names = builtin::names();
            return Err(ScriptError::new(*at, format!("there is no function {name}. There are {names}.")));
        };
        if function.parameters == *arguments {
            return Ok(());
        }
        Err(ScriptError::new(
            *at,
            format!("{name} takes {} arguments, and here are {arguments}", function.parameters),
        ))
    }
}

impl Parser {
    fn function(&mut self) -> Result<(Rc<str>, Function), ScriptError> {
        if !self.takes_word("fn") {
            return self.wrong(&format!("a script is made of functions: {ENTRY_FORM}"));
        }
        let at = self.at();
        let name = self.name("a name for the function")?;
        if Builtin::find(&name).is_some() {
            return Err(ScriptError::new(at, format!("{name} is there already: choose another name")));
        }
        self.expect("(")?;
        self.variables.clear();
        self.places = 0;
        while !self.takes(")") {
            let parameter = self.name("a parameter or )")?;
            self.declare(parameter);
            if !self.takes(",") && *self.peek() != Token::Symbol(")") {
                return self.wrong("`,` or `)` belongs here");
            }
        }
        let parameters = self.places;
        let body = self.block()?;
        Ok((name, Function { at, parameters, places: self.places, body }))
    }

    fn block(&mut self) -> Result<Block, ScriptError> {
        self.enter()?;
        self.expect("{")?;
        let (outer, mut statements, mut value, mut depth) = (self.variables.len(), Vec::new(), None, 0);
        while !self.takes("}") {
            if value.is_some() {
                return self.wrong("`;` is missing before this");
            }
            let (statement, deepest) = self.statement()?;
            depth = depth.max(deepest);
            let (is_open, is_last) = (*self.peek() != Token::Symbol(";"), *self.peek() == Token::Symbol("}"));
            match statement {
                Statement::Expression(expression) if is_last => value = Some(Box::new(expression)),
                Statement::Expression(expression) if is_open && !expression.ends_with_block() => {
                    return self.wrong("`;` or `}` belongs here");
                }
                Statement::Expression(_)
                | Statement::Let { .. }
                | Statement::Assign { .. }
                | Statement::While { .. }
                | Statement::For { .. }
                | Statement::Return { .. }
                | Statement::Break
                | Statement::Continue => statements.push(statement),
            }
            while self.takes(";") {}
        }
        self.variables.truncate(outer);
        self.depth -= 1;
        Ok(Block { statements, value, depth: self.deepen(depth)? })
    }

    /// A statement, and how deep what stands in it goes.
    fn statement(&mut self) -> Result<(Statement, u32), ScriptError> {
        let at = self.at();
        if self.takes_word("let") {
            let name = self.name("a name")?;
            let value =
                if self.takes("=") { self.expression()? } else { return self.wrong("`=` belongs here") };
            let (depth, place) = (value.depth, self.declare(name));
            return self.closed(Statement::Let { place, value }, depth);
        }
        if self.takes_word("while") {
            let condition = self.expression()?;
            let body = self.loop_body()?;
            let depth = condition.depth.max(body.depth);
            return Ok((Statement::While { condition, body }, depth));
        }
        if self.takes_word("for") {
            return self.for_loop();
        }
        if self.takes_word("return") {
            let ends = matches!(self.peek(), Token::Symbol(";" | "}"));
            let value = if ends { None } else { Some(self.expression()?) };
            let depth = value.as_ref().map_or(0, |value| value.depth);
            return self.closed(Statement::Return { value, at }, depth);
        }
        for (word, statement) in [("break", Statement::Break), ("continue", Statement::Continue)] {
            if self.takes_word(word) {
                if self.loops == 0 {
                    return Err(ScriptError::new(at, format!("`{word}` stands in a loop, and here is none")));
                }
                return self.closed(statement, 0);
            }
        }
        match self.assignment()? {
            Some(assignment) => Ok(assignment),
            None => {
                // `if a { ... } - 1` are two statements.
                let expression = if self.starts_with_block() { self.primary()? } else { self.expression()? };
                let depth = expression.depth;
                Ok((Statement::Expression(expression), depth))
            }
        }
    }

    /// `x = 1`, `x += 1`
    fn assignment(&mut self) -> Result<Option<(Statement, u32)>, ScriptError> {
        let (Token::Word(name), at) = self.tokens[self.next].clone() else { return Ok(None) };
        let Some((Token::Symbol(symbol), _)) = self.tokens.get(self.next + 1) else { return Ok(None) };
        let computing = COMPUTING.iter().find(|(assignment, _)| assignment == symbol);
        let operator = computing.and_then(|(_, symbol)| binary(symbol));
        if operator.is_none() && *symbol != "=" {
            return Ok(None);
        }
        self.next += 2;
        let place = self.variable(&name, at)?;
        let value = self.expression()?;
        let depth = value.depth;
        self.closed(Statement::Assign { place, operator, value, at }, depth).map(Some)
    }

    fn for_loop(&mut self) -> Result<(Statement, u32), ScriptError> {
        let name = self.name("a name")?;
        if !self.takes_word("in") {
            return self.wrong("`in` belongs here: for n in 0..partitions { ... }");
        }
        let first = self.expression()?;
        let over = if self.takes("..") {
            Iterable::Range { from: first, to: self.expression()?, inclusive: false }
        } else if self.takes("..=") {
            Iterable::Range { from: first, to: self.expression()?, inclusive: true }
        } else {
            Iterable::List(first)
        };
        let outer = self.variables.len();
        let place = self.declare(name);
        let body = self.loop_body()?;
        self.variables.truncate(outer);
        let depth = match &over {
            Iterable::Range { from, to, .. } => from.depth.max(to.depth),
            Iterable::List(list) => list.depth,
        };
        let depth = depth.max(body.depth);
        Ok((Statement::For { place, over, body }, depth))
    }

    fn loop_body(&mut self) -> Result<Block, ScriptError> {
        self.loops += 1;
        let body = self.block();
        self.loops -= 1;
        body
    }

    /// A statement that ends with a semicolon, or with its block.
    fn closed(&mut self, statement: Statement, depth: u32) -> Result<(Statement, u32), ScriptError> {
        if self.takes(";") || *self.peek() == Token::Symbol("}") {
            return Ok((statement, depth));
        }
        self.wrong("`;` belongs here")
    }

    fn declare(&mut self, name: Rc<str>) -> usize {
        let place = self.places;
        self.places += 1;
        self.variables.push((name, place));
        place
    }

    fn variable(&self, name: &str, at: Position) -> Result<usize, ScriptError> {
        let found = self.variables.iter().rev().find(|(known, _)| **known == *name);
        found.map(|(_, place)| *place).ok_or_else(|| {
            let mut known: Vec<_> = self.variables.iter().map(|(name, _)| &**name).collect();
            known.dedup();
            let message = format!("there is no variable {name}. There are {}.", known.join(", "));
            ScriptError::new(at, message)
        })
    }

    fn starts_with_block(&self) -> bool {
        match self.peek() {
            Token::Word(word) => matches!(&**word, "if" | "switch"),
            Token::Symbol(symbol) => *symbol == "{",
            Token::Number(_) | Token::Text(_) | Token::End => false,
        }
    }

    fn name(&mut self, wanted: &str) -> Result<Rc<str>, ScriptError> {
        match self.peek().clone() {
            Token::Word(word) if !KEYWORDS.contains(&&*word) => {
                self.next += 1;
                Ok(word)
            }
            Token::Word(_) | Token::Number(_) | Token::Text(_) | Token::Symbol(_) | Token::End => {
                self.wrong(&format!("{wanted} belongs here"))
            }
        }
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn at(&self) -> Position {
        self.tokens[self.next].1
    }

    fn takes(&mut self, symbol: &'static str) -> bool {
        let found = *self.peek() == Token::Symbol(symbol);
        self.next += usize::from(found);
        found
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(next) if **next == *word);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &'static str) -> Result<(), ScriptError> {
        if self.takes(symbol) { Ok(()) } else { self.wrong(&format!("`{symbol}` belongs here")) }
    }

    fn wrong<T>(&self, what: &str) -> Result<T, ScriptError> {
        Err(ScriptError::new(self.at(), format!("{what}, and here is {}", self.peek().shown())))
    }

    /// One more bracket or block is open.
    fn enter(&mut self) -> Result<(), ScriptError> {
        self.depth = self.deepen(self.depth)?;
        Ok(())
    }

    fn deepen(&self, depth: u32) -> Result<u32, ScriptError> {
        if depth < MAX_DEPTH {
            return Ok(depth + 1);
        }
        let message =
            format!("more than {MAX_DEPTH} brackets, blocks and operators stand in each other: use `let`");
        Err(ScriptError::new(self.at(), message))
    }
}

fn binary(symbol: &str) -> Option<Binary> {
    BINARY.iter().find(|(_, known, _)| *known == symbol).map(|(operator, ..)| *operator)
}

impl Expression {
    /// It needs no semicolon where another statement follows.
    fn ends_with_block(&self) -> bool {
        use crate::syntax::Kind;
        matches!(self.kind, Kind::If { .. } | Kind::Switch { .. } | Kind::Block(_))
    }
}
