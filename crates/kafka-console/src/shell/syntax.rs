//! What a command line says, as plain data. Nodes are shared, so that a running shell is cheap to clone.

use std::rc::Rc;

/// Commands one after the other.
pub(crate) type Script = Rc<[AndOr]>;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct AndOr {
    pub(crate) first: Pipeline,
    pub(crate) rest: Rc<[(Connector, Pipeline)]>,
    /// `&` stands behind it.
    pub(crate) background: bool,
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
    /// As it was typed, for the table of jobs.
    pub(crate) text: Rc<str>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Command {
    pub(crate) body: Body,
    pub(crate) redirects: Rc<[Redirect]>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Body {
    Simple {
        assignments: Rc<[Assignment]>,
        words: Rc<[Word]>,
    },
    For {
        variable: Rc<str>,
        words: Rc<[Word]>,
        body: Script,
    },
    /// `while`, `until` and `for ((...))`.
    While(Rc<While>),
    If {
        /// Conditions with what they lead to.
        branches: Rc<[(Script, Script)]>,
        otherwise: Script,
    },
    Case {
        word: Word,
        arms: Rc<[CaseArm]>,
    },
    Group(Script),
    Subshell(Script),
    /// `((...))`
    Arithmetic(Word),
    /// `[[ ... ]]`
    Conditional(Rc<Conditional>),
    Function {
        name: Rc<str>,
        body: Rc<Command>,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct While {
    pub(crate) before: Script,
    pub(crate) condition: Script,
    /// Whether it runs while the condition fails.
    pub(crate) until: bool,
    pub(crate) body: Script,
    /// Runs after each round, also after `continue`.
    pub(crate) update: Script,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CaseArm {
    pub(crate) patterns: Rc<[Word]>,
    pub(crate) body: Script,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Conditional {
    /// `-z word`
    Unary(char, Word),
    Compare(Word, Rc<str>, Word),
    Word(Word),
    Not(Rc<Conditional>),
    And(Rc<Conditional>, Rc<Conditional>),
    Or(Rc<Conditional>, Rc<Conditional>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Assignment {
    pub(crate) name: Rc<str>,
    /// `+=`
    pub(crate) append: bool,
    pub(crate) value: Assigned,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Assigned {
    Text(Word),
    List(Rc<[Word]>),
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
    Parameter {
        parameter: Parameter,
        operation: Operation,
        quoted: bool,
    },
    /// `$(...)`
    Substitution {
        script: Script,
        quoted: bool,
    },
    /// `$((...))`
    Arithmetic(Word),
    /// `{a,b}`
    Alternatives(Rc<[Word]>),
    /// `{1..9}`; `width` keeps leading zeros.
    Range {
        from: i64,
        to: i64,
        step: u64,
        width: usize,
    },
    /// `{a..e}`
    Letters {
        from: char,
        to: char,
        step: u64,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Parameter {
    Name(Rc<str>),
    /// `name[expression]`
    Element(Rc<str>, Rc<str>),
    /// `name[@]`, or with `joined` `name[*]`
    Elements {
        name: Rc<str>,
        joined: bool,
    },
    /// `$1`; `$0` is the name of the shell.
    Positional(usize),
    /// `$@`, or with `joined` `$*`
    Positionals {
        joined: bool,
    },
    /// `$#`
    Count,
    /// `$?`
    Status,
    /// `$$`
    Pid,
    /// `$!`
    LastJob,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Operation {
    None,
    /// `${#v}`
    Length,
    /// `${v:-word}` and its like; without the colon an empty value counts as one.
    Default {
        kind: Default,
        empty_counts: bool,
        word: Word,
    },
    /// `${v#pattern}`, `${v%pattern}`
    Trim {
        from_end: bool,
        longest: bool,
        pattern: Word,
    },
    /// `${v/pattern/with}`
    Replace {
        place: Place,
        pattern: Word,
        with: Word,
    },
    /// `${v:offset:length}`
    Slice {
        offset: Rc<str>,
        length: Option<Rc<str>>,
    },
    /// `${v^^}`, `${v,,}`
    Case {
        upper: bool,
        all: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Default {
    /// `-`
    Use,
    /// `=`
    Assign,
    /// `?`
    Fail,
    /// `+`: the word instead of a value that is there
    Alternative,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    First,
    All,
    Beginning,
    End,
}

impl Command {
    /// A simple command of these words, as if each were quoted.
    pub(crate) fn of_words(words: &[Rc<str>]) -> Self {
        let words = words.iter().map(|word| Word::from([Part::Quoted(word.clone())])).collect();
        Self { body: Body::Simple { assignments: [].into(), words }, redirects: [].into() }
    }

    /// A script of this command and nothing else.
    pub(crate) fn alone(self) -> Script {
        let first = Pipeline { timed: false, negated: false, stages: [self].into(), text: "".into() };
        [AndOr { first, rest: [].into(), background: false }].into()
    }
}

impl AndOr {
    /// As it was typed, without the `&`.
    pub(crate) fn text(&self) -> String {
        let mut text = self.first.text.to_string();
        for (connector, pipeline) in self.rest.iter() {
            let sign = match connector {
                Connector::And => "&&",
                Connector::Or => "||",
            };
            text = format!("{text} {sign} {}", pipeline.text);
        }
        text
    }
}
