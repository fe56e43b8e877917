//! What a command line says, as plain data. Nodes are shared, so that a running shell is cheap to clone.

use std::rc::Rc;

/// Commands one after the other.
pub(crate) type Script = Rc<[AndOr]>;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct AndOr {
    pub(crate) first: Pipeline,
    pub(crate) rest: Rc<[(Connector, Pipeline)]>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Connector {
    And,
    Or,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pipeline {
    pub(crate) timed: bool,
    pub(crate) negated: bool,
    /// Never empty.
    pub(crate) stages: Rc<[Command]>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Command {
    pub(crate) body: Body,
    pub(crate) redirects: Rc<[Redirect]>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Body {
    Simple { assignments: Rc<[(Rc<str>, Word)]>, words: Rc<[Word]> },
    For { variable: Rc<str>, words: Rc<[Word]>, body: Script },
    Group(Script),
    Subshell(Script),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Redirect {
    pub(crate) descriptor: Descriptor,
    pub(crate) target: Target,
}

/// The three streams that every program has; no others can be named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Descriptor {
    Input,
    Output,
    Error,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    Read(Word),
    Write(Word),
    Append(Word),
    /// The text of a here-document or a here-string.
    Here(Word),
    SameAs(Descriptor),
}

pub(crate) type Word = Rc<[Part]>;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    Literal(Rc<str>),
    /// Text from quotes: makes a word even when empty.
    Quoted(Rc<str>),
    Variable {
        name: Rc<str>,
        quoted: bool,
    },
    /// `$?`
    Status,
    Substitution {
        script: Script,
        quoted: bool,
    },
    /// `{a,b}`
    Alternatives(Rc<[Word]>),
    /// `{1..9}`; `width` keeps leading zeros.
    Range {
        from: i64,
        to: i64,
        step: u64,
        width: usize,
    },
}
