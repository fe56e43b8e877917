//! A script as a tree. Names of variables have become numbers of places.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::builtin::Builtin;
use crate::error::Position;
use crate::operator::{Binary, Unary};
use crate::value::Value;

#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Program {
    pub(crate) functions: BTreeMap<Rc<str>, Function>,
}

#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Function {
    pub(crate) at: Position,
    pub(crate) parameters: usize,
    /// How many places its variables need, parameters included.
    pub(crate) places: usize,
    pub(crate) body: Block,
}

#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Block {
    pub(crate) statements: Vec<Statement>,
    /// What stands last without a semicolon is the block's value.
    pub(crate) value: Option<Box<Expression>>,
    pub(crate) depth: u32,
}

#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Statement {
    Let { place: usize, value: Expression },
    Assign { place: usize, operator: Option<Binary>, value: Expression, at: Position },
    While { condition: Expression, body: Block },
    For { place: usize, over: Iterable, body: Block },
    Return { value: Option<Expression>, at: Position },
    Break,
    Continue,
    Expression(Expression),
}

#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Iterable {
    Range { from: Expression, to: Expression, inclusive: bool },
    List(Expression),
}

#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Expression {
    pub(crate) at: Position,
    pub(crate) kind: Kind,
    /// How many expressions and blocks stand in each other here, this one included.
    pub(crate) depth: u32,
}

#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Literal(Value),
    Variable(usize),
    List(Vec<Expression>),
    Unary(Unary, Box<Expression>),
    Binary(Binary, Box<Expression>, Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Index(Box<Expression>, Box<Expression>),
    /// `headers.country`
    Property(Box<Expression>, Rc<str>),
    Builtin(Builtin, Vec<Expression>),
    Call(Rc<str>, Vec<Expression>),
    If {
        condition: Box<Expression>,
        then: Block,
        otherwise: Option<Box<Expression>>,
    },
    Switch {
        subject: Box<Expression>,
        arms: Vec<Arm>,
        otherwise: Option<Box<Expression>>,
    },
    Block(Block),
}

#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Arm {
    pub(crate) values: Vec<Value>,
    pub(crate) result: Expression,
}
