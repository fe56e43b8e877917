//! Reads expressions: each operator by how tightly it binds.

use std::rc::Rc;

use super::{Call, KEYWORDS, Parser};
use crate::builtin::Builtin;
use crate::error::{Position, ScriptError};
use crate::operator::{BINARY, Binary, Unary};
use crate::syntax::{Arm, Block, Expression, Kind};
use crate::token::Token;
use crate::value::Value;

/// `||` and `&&` bind more loosely than all others.
const OR: u8 = 1;
const AND: u8 = 2;

impl Parser {
    pub(super) fn expression(&mut self) -> Result<Expression, ScriptError> {
        self.enter()?;
        let expression = self.operators(OR);
        self.depth -= 1;
        expression
    }

    /// Operators that bind at least as tightly as `least`, from the left.
    fn operators(&mut self, least: u8) -> Result<Expression, ScriptError> {
        let mut left = self.unary()?;
        loop {
            let at = self.at();
            let Some((operator, binds)) = self.operator().filter(|(_, binds)| *binds >= least) else {
                return Ok(left);
            };
            self.next += 1;
            let right = self.operators(binds + 1)?;
            let depth = left.depth.max(right.depth);
            let (left_side, right_side) = (Box::new(left), Box::new(right));
            let kind = match operator {
                Operator::Or => Kind::Or(left_side, right_side),
                Operator::And => Kind::And(left_side, right_side),
                Operator::Binary(operator) => Kind::Binary(operator, left_side, right_side),
            };
            left = self.node(at, kind, depth)?;
        }
    }

    fn operator(&self) -> Option<(Operator, u8)> {
        let symbol = match self.peek() {
            Token::Symbol("||") => return Some((Operator::Or, OR)),
            Token::Symbol("&&") => return Some((Operator::And, AND)),
            Token::Symbol(symbol) => symbol,
            Token::Word(word) => &**word,
            Token::Number(_) | Token::Text(_) | Token::End => return None,
        };
        let (operator, _, binds) = BINARY.iter().find(|(_, known, _)| *known == symbol)?;
        Some((Operator::Binary(*operator), *binds))
    }

    fn unary(&mut self) -> Result<Expression, ScriptError> {
        let at = self.at();
        let operator = if self.takes("-") {
            Unary::Negate
        } else if self.takes("!") {
            Unary::Not
        } else {
            return self.postfix();
        };
        self.enter()?;
        let operand = self.unary();
        self.depth -= 1;
        let operand = operand?;
        let depth = operand.depth;
        self.node(at, Kind::Unary(operator, Box::new(operand)), depth)
    }

    /// `x[0]`, `headers.country`, `key.starts_with("vip")`
    fn postfix(&mut self) -> Result<Expression, ScriptError> {
        let mut whole = self.primary()?;
        loop {
            let at = self.at();
            if self.takes("[") {
                let index = self.expression()?;
                self.expect("]")?;
                let depth = whole.depth.max(index.depth);
                whole = self.node(at, Kind::Index(Box::new(whole), Box::new(index)), depth)?;
            } else if self.takes(".") {
                let at = self.at();
                let name = self.name("a name")?;
                whole = if self.takes("(") {
                    self.call(&name, vec![whole], at)?
                } else {
                    let depth = whole.depth;
                    self.node(at, Kind::Property(Box::new(whole), name), depth)?
                };
            } else {
                return Ok(whole);
            }
        }
    }

    pub(super) fn primary(&mut self) -> Result<Expression, ScriptError> {
        let at = self.at();
        if let Some(value) = self.literal() {
            return self.node(at, Kind::Literal(value), 0);
        }
        if self.takes("(") {
            let inner = self.expression()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.takes("[") {
            let (items, depth) = self.arguments("]", Vec::new())?;
            return self.node(at, Kind::List(items), depth);
        }
        if *self.peek() == Token::Symbol("{") {
            let block = self.block()?;
            let depth = block.depth;
            return self.node(at, Kind::Block(block), depth);
        }
        if self.takes_word("if") {
            return self.if_else(at);
        }
        if self.takes_word("switch") {
            return self.switch(at);
        }
        let name = match self.peek() {
            Token::Word(word) if !KEYWORDS.contains(&&**word) => Rc::clone(word),
            Token::Word(_) | Token::Number(_) | Token::Text(_) | Token::Symbol(_) | Token::End => {
                return self.wrong("a number, a text, a name or ( belongs here");
            }
        };
        self.next += 1;
        if self.takes("(") {
            return self.call(&name, Vec::new(), at);
        }
        let place = self.variable(&name, at)?;
        self.node(at, Kind::Variable(place), 0)
    }

    /// A value that is written out; nothing has been read when there is none.
    fn literal(&mut self) -> Option<Value> {
        let (value, tokens) = match (self.peek(), self.tokens.get(self.next + 1).map(|(token, _)| token)) {
            (Token::Number(number), _) => (Value::Number(*number), 1),
            (Token::Text(text), _) => (Value::Text(Rc::clone(text)), 1),
            (Token::Word(word), _) if **word == *"true" => (Value::Boolean(true), 1),
            (Token::Word(word), _) if **word == *"false" => (Value::Boolean(false), 1),
            (Token::Symbol("("), Some(Token::Symbol(")"))) => (Value::Nothing, 2),
            (Token::Word(_) | Token::Symbol(_) | Token::End, _) => return None,
        };
        self.next += tokens;
        Some(value)
    }

    /// The arguments of a call up to its bracket; `first` are those that stand before the point.
    fn call(
        &mut self,
        name: &Rc<str>,
        first: Vec<Expression>,
        at: Position,
    ) -> Result<Expression, ScriptError> {
        let (arguments, depth) = self.arguments(")", first)?;
        let Some(builtin) = Builtin::find(name) else {
            self.calls.push(Call { name: Rc::clone(name), arguments: arguments.len(), at });
            return self.node(at, Kind::Call(Rc::clone(name), arguments), depth);
        };
        if builtin.arguments() != arguments.len() {
            let message = format!("{builtin} is called with {} arguments here", arguments.len());
            return Err(ScriptError::new(at, message));
        }
        self.node(at, Kind::Builtin(builtin, arguments), depth)
    }

    fn arguments(
        &mut self,
        end: &'static str,
        mut arguments: Vec<Expression>,
    ) -> Result<(Vec<Expression>, u32), ScriptError> {
        while !self.takes(end) {
            arguments.push(self.expression()?);
            if !self.takes(",") && *self.peek() != Token::Symbol(end) {
                return self.wrong(&format!("`,` or `{end}` belongs here"));
            }
        }
        let depth = arguments.iter().map(|argument| argument.depth).max().unwrap_or(0);
        Ok((arguments, depth))
    }

    fn if_else(&mut self, at: Position) -> Result<Expression, ScriptError> {
        let condition = Box::new(self.expression()?);
        let then = self.block()?;
        let mut depth = condition.depth.max(then.depth);
        let otherwise = if self.takes_word("else") {
            let at = self.at();
            self.enter()?;
            let otherwise = if self.takes_word("if") {
                self.if_else(at)?
            } else {
                let block: Block = self.block()?;
                let depth = block.depth;
                self.node(at, Kind::Block(block), depth)?
            };
            self.depth -= 1;
            depth = depth.max(otherwise.depth);
            Some(Box::new(otherwise))
        } else {
            None
        };
        self.node(at, Kind::If { condition, then, otherwise }, depth)
    }

    /// `switch x { 1 | 2 => a, "KR" => b, _ => c }`
    fn switch(&mut self, at: Position) -> Result<Expression, ScriptError> {
        let subject = Box::new(self.expression()?);
        self.expect("{")?;
        let (mut arms, mut otherwise, mut depth) = (Vec::new(), None, subject.depth);
        while !self.takes("}") {
            if otherwise.is_some() {
                return self
                    .wrong("`_` is for all that is left, so nothing comes after it: `}` belongs here");
            }
            let values = if self.takes_word("_") { None } else { Some(self.pattern()?) };
            self.expect("=>")?;
            let result = self.expression()?;
            depth = depth.max(result.depth);
            if !self.takes(",") && *self.peek() != Token::Symbol("}") && !result.ends_with_block() {
                return self.wrong("`,` or `}` belongs here");
            }
            match values {
                Some(values) => arms.push(Arm { values, result }),
                None => otherwise = Some(Box::new(result)),
            }
        }
        self.node(at, Kind::Switch { subject, arms, otherwise }, depth)
    }

    fn pattern(&mut self) -> Result<Vec<Value>, ScriptError> {
        let mut values = Vec::new();
        loop {
            let negative = self.takes("-");
            match self.literal() {
                Some(Value::Number(number)) if negative => values.push(Value::Number(-number)),
                Some(value) if !negative => values.push(value),
                Some(_) | None => return self.wrong("a number, a text, true, false, () or _ belongs here"),
            }
            if !self.takes("|") {
                return Ok(values);
            }
        }
    }

    /// An expression around what is `depth` deep.
    fn node(&self, at: Position, kind: Kind, depth: u32) -> Result<Expression, ScriptError> {
        Ok(Expression { at, kind, depth: self.deepen(depth)? })
    }
}

enum Operator {
    Or,
    And,
    Binary(Binary),
}
