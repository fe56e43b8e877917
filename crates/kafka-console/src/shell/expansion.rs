//! From the words of a command to its arguments: braces, parameters, `$(...)`, arithmetic, splitting, file names.
//!
//! An expansion stops at each `$(...)` and is told later what that printed, so it can wait for as long as it takes.
//!
//! Leaves out: `~name`, file name patterns in more than the last part of a path.

mod braces;
mod operation;

use std::mem;
use std::rc::Rc;

use super::arithmetic;
use super::environment::Environment;
use super::pattern::{Budget, Pattern};
use super::syntax::{Default, Operation, Parameter, Part, Script, Word};
use crate::system::Context;
use braces::{MAX_WORDS, expand, has_braces, too_many_words};

/// How many bytes the words of one command may hold.
const MAX_BYTES: usize = 1 << 20;

/// What a word costs beside its letters.
const BYTES_PER_WORD: usize = 40;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Expansion {
    words: Vec<Task>,
    word: usize,
    /// Where the expansion stands: the present word, and inside of it the words of `${v:-word}` and its like.
    levels: Vec<Level>,
    field: Option<Field>,
    /// Of each word that was given.
    results: Vec<Vec<Rc<str>>>,
    bytes: usize,
}

#[derive(Clone, PartialEq, Debug)]
struct Task {
    word: Word,
    mode: Mode,
    /// Which of the words that were given it comes from.
    origin: usize,
}

/// What becomes of a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// Any number of arguments: values are split at blanks, patterns become names of files.
    Split,
    /// One text.
    Whole,
    /// One text, in which a backslash stands before each quoted character that means something in a pattern.
    Pattern,
    /// The same for a regular expression.
    Expression,
}

/// The argument that is being put together.
#[derive(Clone, PartialEq, Debug, Default)]
struct Field {
    text: String,
    /// The same as a pattern, and whether it is more than its text.
    pattern: String,
    is_pattern: bool,
}

#[derive(Clone, PartialEq, Debug)]
struct Level {
    parts: Word,
    next: usize,
    purpose: Purpose,
}

#[derive(Clone, PartialEq, Debug)]
enum Purpose {
    Word,
    /// The word of `${v:-word}`, in the place of the parameter.
    Instead {
        quoted: bool,
    },
    /// A text that is needed to go on.
    Operand {
        text: String,
        mode: Mode,
        then: Then,
    },
}

/// What is done with an operand.
#[derive(Clone, PartialEq, Debug)]
enum Then {
    Evaluate,
    /// To assign (`=`) or to fail with (`?`).
    Settle {
        parameter: Parameter,
        kind: Default,
        quoted: bool,
    },
    Operate(Operated),
}

/// An operation on values, with what is known of its pattern and replacement.
#[derive(Clone, PartialEq, Debug)]
struct Operated {
    values: Vec<Rc<str>>,
    joined: bool,
    quoted: bool,
    operation: Operation,
    operands: Vec<String>,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Outcome {
    /// The fields of each word.
    Done(Vec<Vec<Rc<str>>>),
    /// Run this and tell what it printed.
    Substitute(Script),
    Failed(String),
}

impl Expansion {
    pub(super) fn new(words: Vec<(Word, Mode)>) -> Self {
        let results = vec![Vec::new(); words.len()];
        let task = |(origin, (word, mode))| Task { word, mode, origin };
        let words = words.into_iter().enumerate().map(task).collect();
        Self { words, word: 0, levels: Vec::new(), field: None, results, bytes: 0 }
    }

    /// Goes on to the end or to the next `$(...)`.
    pub(super) fn advance(&mut self, environment: &mut Environment, context: &mut Context<'_>) -> Outcome {
        let (bytes, word) = (self.bytes, self.word);
        let outcome = loop {
            match self.advance_one(environment, context) {
                Ok(None) => {}
                Ok(Some(outcome)) => break outcome,
                Err(message) => break Outcome::Failed(message),
            }
        };
        context.charge_for(self.bytes - bytes + (self.word - word) * BYTES_PER_WORD);
        outcome
    }

    fn advance_one(
        &mut self,
        environment: &mut Environment,
        context: &mut Context<'_>,
    ) -> Result<Option<Outcome>, String> {
        if self.bytes > MAX_BYTES {
            return Err(format!("a command holds at most {MAX_BYTES} bytes here"));
        }
        let Some(level) = self.levels.last_mut() else {
            let Some(task) = self.words.get(self.word).cloned() else {
                return Ok(Some(Outcome::Done(mem::take(&mut self.results))));
            };
            if task.mode == Mode::Split && has_braces(&task.word) {
                self.expand_braces(&task)?;
            } else {
                let parts = tilde(&task.word).unwrap_or(task.word);
                self.levels.push(Level { parts, next: 0, purpose: Purpose::Word });
            }
            return Ok(None);
        };
        let Some(part) = level.parts.get(level.next).cloned() else {
            if let Some(level) = self.levels.pop() {
                self.end_level(level.purpose, environment, context)?;
            }
            return Ok(None);
        };
        level.next += 1;
        let instead = match level.purpose {
            Purpose::Instead { quoted } => Some(quoted),
            Purpose::Word | Purpose::Operand { .. } => None,
        };
        match part {
            Part::Literal(text) => match instead {
                None => self.add(&text, false),
                Some(quoted) => self.add_value(&text, quoted, environment, context),
            },
            Part::Quoted(text) => self.add(&text, true),
            Part::Parameter { parameter, operation, quoted } => {
                self.parameter(&parameter, operation, quoted, environment, context)?;
            }
            Part::Substitution { script, .. } => return Ok(Some(Outcome::Substitute(script))),
            Part::Arithmetic(word) => self.need(&word, Mode::Whole, Then::Evaluate),
            // Braces that are left stand where none are expanded.
            Part::Alternatives(words) => self.add_braces(&words)?,
            Part::Range { from, to, .. } => self.add(&format!("{{{from}..{to}}}"), false),
            Part::Letters { from, to, .. } => self.add(&format!("{{{from}..{to}}}"), false),
        }
        Ok(None)
    }

    /// What the `$(...)` that stopped [`advance`](Self::advance) printed.
    pub(super) fn substitute(
        &mut self,
        output: &[u8],
        environment: &mut Environment,
        context: &mut Context<'_>,
    ) {
        let text = String::from_utf8_lossy(output).replace('\0', "");
        let stopped = self.levels.last().and_then(|level| level.parts.get(level.next - 1));
        let quoted = matches!(stopped, Some(Part::Substitution { quoted: true, .. }));
        self.add_value(text.trim_end_matches('\n'), quoted, environment, context);
    }

    /// A word whose text is needed first.
    fn need(&mut self, word: &Word, mode: Mode, then: Then) {
        let purpose = Purpose::Operand { text: String::new(), mode, then };
        self.levels.push(Level { parts: word.clone(), next: 0, purpose });
    }

    fn end_level(
        &mut self,
        purpose: Purpose,
        environment: &mut Environment,
        context: &mut Context<'_>,
    ) -> Result<(), String> {
        match purpose {
            Purpose::Word => {
                self.end_field(context);
                self.word += 1;
            }
            Purpose::Instead { .. } => {}
            Purpose::Operand { text, then, .. } => match then {
                Then::Evaluate => {
                    let value = arithmetic::evaluate(&text, environment, context)?;
                    self.add(&value.to_string(), true);
                }
                Then::Settle { parameter, kind, quoted } => {
                    let name = operation::name(&parameter);
                    if kind == Default::Fail {
                        let message = if text.is_empty() { "parameter null or not set" } else { &text };
                        return Err(format!("{name}: {message}"));
                    }
                    environment.variables.set_text(&name, &text)?;
                    self.add_value(&text, quoted, environment, context);
                }
                Then::Operate(mut operated) => {
                    operated.operands.push(text);
                    self.operate(operated, environment, context)?;
                }
            },
        }
        Ok(())
    }

    fn add_braces(&mut self, words: &Rc<[Word]>) -> Result<(), String> {
        if self.levels.len() > 100 {
            return Err(too_many_words());
        }
        let mut parts = vec![Part::Literal("{".into())];
        for (number, word) in words.iter().enumerate() {
            if number > 0 {
                parts.push(Part::Literal(",".into()));
            }
            parts.extend(word.iter().cloned());
        }
        parts.push(Part::Literal("}".into()));
        self.levels.push(Level { parts: parts.into(), next: 0, purpose: Purpose::Instead { quoted: true } });
        Ok(())
    }

    /// Adds a text to the innermost operand or to the field.
    fn add(&mut self, text: &str, quoted: bool) {
        self.bytes += text.len();
        let operand = self.levels.iter_mut().rev().find_map(|level| match &mut level.purpose {
            Purpose::Operand { text, mode, .. } => Some((text, *mode)),
            Purpose::Word | Purpose::Instead { .. } => None,
        });
        if let Some((operand, mode)) = operand {
            push(operand, text, mode, quoted);
            return;
        }
        let Some(task) = self.words.get(self.word) else { return };
        let field = self.field.get_or_insert_default();
        match task.mode {
            Mode::Split => {
                field.text.push_str(text);
                field.is_pattern |= !quoted && text.contains(['*', '?', '[']);
                push(&mut field.pattern, text, Mode::Pattern, quoted);
            }
            mode @ (Mode::Whole | Mode::Pattern | Mode::Expression) => {
                push(&mut field.text, text, mode, quoted);
            }
        }
    }

    /// Adds a value, which is split unless it is quoted.
    fn add_value(&mut self, text: &str, quoted: bool, environment: &Environment, context: &mut Context<'_>) {
        let in_operand = self.levels.iter().any(|level| matches!(level.purpose, Purpose::Operand { .. }));
        let splits = self.words.get(self.word).is_some_and(|task| task.mode == Mode::Split);
        if quoted || in_operand || !splits {
            return self.add(text, quoted);
        }
        let separators = environment.variables.get("IFS").unwrap_or_else(|| " \t\n".into());
        let mut rest = text;
        let mut ended_by_blank = false;
        while let Some(c) = rest.chars().next() {
            let length = rest.find(|c| separators.contains(c)).unwrap_or(rest.len());
            if length > 0 {
                self.add(&rest[..length], false);
                ended_by_blank = false;
                rest = &rest[length..];
                continue;
            }
            let blank = c.is_whitespace();
            if !blank && !ended_by_blank {
                self.field.get_or_insert_default();
            }
            ended_by_blank = blank && (self.field.is_some() || ended_by_blank);
            self.end_field(context);
            rest = &rest[c.len_utf8()..];
        }
    }

    fn end_field(&mut self, context: &mut Context<'_>) {
        let (Some(task), Some(field)) = (self.words.get(self.word), self.field.take()) else { return };
        let results = &mut self.results[task.origin];
        if task.mode == Mode::Split && field.is_pattern {
            let names = matching_files(&field.pattern, context);
            if !names.is_empty() {
                self.bytes += names.iter().map(String::len).sum::<usize>();
                results.extend(names.into_iter().map(Rc::from));
                return;
            }
        }
        results.push(field.text.into());
    }

    /// Puts what the braces of the present word stand for in its place.
    fn expand_braces(&mut self, task: &Task) -> Result<(), String> {
        let expanded = expand(&task.word)?;
        if self.words.len() + expanded.len() > MAX_WORDS {
            return Err(too_many_words());
        }
        self.words
            .splice(self.word..=self.word, expanded.into_iter().map(|word| Task { word, ..task.clone() }));
        Ok(())
    }
}

/// Appends a text; quoted characters that mean something in a pattern get a backslash.
fn push(target: &mut String, text: &str, mode: Mode, quoted: bool) {
    let special = match mode {
        Mode::Split | Mode::Whole => "",
        Mode::Pattern => "*?[]\\",
        Mode::Expression => "\\.+*?()|[]{}^$",
    };
    if !quoted || !text.contains(|c| special.contains(c)) {
        target.push_str(text);
        return;
    }
    for c in text.chars() {
        if special.contains(c) {
            target.push('\\');
        }
        target.push(c);
    }
}

/// The word with `$HOME` in the place of a `~` that begins it.
fn tilde(word: &Word) -> Option<Word> {
    let Some(Part::Literal(text)) = word.first() else { return None };
    let rest = text.strip_prefix('~')?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let home = Part::Parameter {
        parameter: Parameter::Name("HOME".into()),
        operation: Operation::None,
        quoted: true,
    };
    Some([home, Part::Literal(rest.into())].into_iter().chain(word[1..].iter().cloned()).collect())
}

/// The files whose names match, sorted; hidden ones only for a pattern that begins with a dot.
fn matching_files(pattern: &str, context: &mut Context<'_>) -> Vec<String> {
    let (folder, last) = pattern.rsplit_once('/').map_or(("", pattern), |(folder, last)| (folder, last));
    let path = if folder.is_empty() && pattern.starts_with('/') { "/" } else { folder };
    let path: String = path.chars().filter(|c| *c != '\\').collect();
    let names = context.list(if path.is_empty() { "." } else { &path }).unwrap_or_default();
    let hidden = last.starts_with('.');
    let pattern = Pattern::new(last);
    let mut budget = Budget::default();
    let matching = names
        .into_iter()
        .filter(|name| (hidden || !name.starts_with('.')) && pattern.matches(name, &mut budget));
    let prefix = if path.is_empty() { String::new() } else { format!("{}/", path.trim_end_matches('/')) };
    let matching = matching.map(|name| format!("{prefix}{name}")).collect();
    context.charge_for(budget.spent());
    matching
}
