//! From a command to its words, and from those to what runs.

use std::rc::Rc;

use super::{Frame, Interpreter};
use crate::shell::condition;
use crate::shell::expansion::{Expansion, Mode};
use crate::shell::redirection;
use crate::shell::syntax::{Assigned, Assignment, Body, Command, Part, Target, Word};
use crate::shell::variables::Value;
use crate::system::{Context, Progress};

/// Builtins whose arguments are assignments: what stands behind the `=` is not split.
const DECLARATIONS: [&str; 5] = ["export", "local", "declare", "readonly", "typeset"];

impl Interpreter {
    /// Starts with a command: first its words are expanded.
    pub(in crate::shell) fn begin(&mut self, command: &Command) {
        let mut words: Vec<(Word, Mode)> = match &command.body {
            Body::Simple { assignments, words } => simple_words(assignments, words),
            Body::For { words, .. } => words.iter().map(|word| (word.clone(), Mode::Split)).collect(),
            Body::Case { word, arms } => {
                let patterns = arms.iter().flat_map(|arm| arm.patterns.iter());
                let patterns = patterns.map(|pattern| (pattern.clone(), Mode::Pattern));
                [(word.clone(), Mode::Whole)].into_iter().chain(patterns).collect()
            }
            Body::Arithmetic(expression) => vec![(expression.clone(), Mode::Whole)],
            Body::Conditional(conditional) => condition::words(conditional),
            Body::While(_) | Body::If { .. } | Body::Group(_) | Body::Subshell(_) | Body::Function { .. } => {
                Vec::new()
            }
        };
        for redirect in command.redirects.iter() {
            match &redirect.target {
                Target::Read(word) | Target::Write(word) | Target::Append(word) => {
                    words.push((word.clone(), Mode::Split));
                }
                Target::Here(text) => words.push((text.clone(), Mode::Whole)),
                Target::SameAs(_) => {}
            }
        }
        let expansion = Expansion::new(words);
        self.frames.push(Frame::Expand { command: command.clone(), expansion, capture: None });
    }

    pub(super) fn execute(
        &mut self,
        command: &Command,
        mut results: Vec<Vec<Rc<str>>>,
        context: &mut Context<'_>,
    ) -> Progress {
        let words = command.redirects.iter().filter(|redirect| redirect.has_a_word()).count();
        let words = results.split_off(results.len() - words);
        let redirected = redirection::apply(&command.redirects, &words, self.stdio(context), context);
        if !redirected.opened.is_empty() {
            self.frames.push(Frame::ClosePipes(redirected.opened));
        }
        let stdio = match redirected.stdio {
            Ok(stdio) => stdio,
            Err(message) => {
                self.complain(&message, 1, context);
                return Progress::Continue;
            }
        };
        let Body::Simple { assignments, .. } = &command.body else {
            return self.enter(command, &results, stdio, context);
        };
        let values: Vec<_> =
            assignments.iter().map(|assignment| assigned(assignment, &mut results)).collect();
        let arguments = results.concat();
        if self.environment.options.trace {
            self.trace(assignments, &values, &arguments, context);
        }
        if arguments.is_empty() {
            // `x=$(false)` fails as its substitution did, which is what the status tells by now.
            if !has_substitution(command) {
                self.environment.status = 0;
            }
            for (assignment, value) in assignments.iter().zip(values) {
                if let Err(message) = self.assign(assignment, value) {
                    self.complain(&message, 1, context);
                }
            }
            return Progress::Continue;
        }
        if !assignments.is_empty() {
            let saved =
                assignments.iter().map(|assignment| self.environment.variables.save(&assignment.name));
            let saved = saved.collect();
            self.frames.push(Frame::Restore(saved));
            for (assignment, value) in assignments.iter().zip(values) {
                if let Err(message) = self.assign(assignment, value) {
                    self.complain(&message, 1, context);
                    return Progress::Continue;
                }
                self.environment.variables.export(&assignment.name);
            }
        }
        self.launch(&arguments, stdio, context)
    }

    fn assign(&mut self, assignment: &Assignment, value: Value) -> Result<(), String> {
        let variables = &mut self.environment.variables;
        let old = variables.value(&assignment.name).filter(|_| assignment.append);
        let value = match (old.cloned(), value) {
            (None, value) => value,
            (Some(Value::Text(old)), Value::Text(new)) => Value::Text(format!("{old}{new}").into()),
            (Some(old), new) => Value::List([old.elements(), new.elements()].concat().into()),
        };
        variables.set(&assignment.name, value)
    }

    /// `set -x`.
    fn trace(
        &self,
        assignments: &[Assignment],
        values: &[Value],
        arguments: &[Rc<str>],
        context: &mut Context<'_>,
    ) {
        let assigned = assignments.iter().zip(values).map(|(assignment, value)| {
            let texts: Vec<String> = value.elements().iter().map(|text| quoted(text)).collect();
            let text = match value {
                Value::Text(_) => texts.concat(),
                Value::List(_) => format!("({})", texts.join(" ")),
            };
            format!("{}{}{text}", assignment.name, if assignment.append { "+=" } else { "=" })
        });
        let words: Vec<String> = assigned.chain(arguments.iter().map(|argument| quoted(argument))).collect();
        let error = self.stdio(context).error;
        drop(context.write(&error, format!("+ {}\n", words.join(" ")).as_bytes()));
    }
}

fn simple_words(assignments: &[Assignment], words: &[Word]) -> Vec<(Word, Mode)> {
    let mut modes = Vec::new();
    for assignment in assignments {
        match &assignment.value {
            Assigned::Text(word) => modes.push((word.clone(), Mode::Whole)),
            Assigned::List(words) => modes.extend(words.iter().map(|word| (word.clone(), Mode::Split))),
        }
    }
    let first = words.first().and_then(|word| word.first());
    let declares = matches!(first, Some(Part::Literal(name)) if DECLARATIONS.contains(&&**name));
    modes.extend(words.iter().map(|word| {
        let assigns = matches!(word.first(), Some(Part::Literal(text)) if text.contains('='));
        (word.clone(), if declares && assigns { Mode::Whole } else { Mode::Split })
    }));
    modes
}

/// Takes what belongs to an assignment from the front of the results.
fn assigned(assignment: &Assignment, results: &mut Vec<Vec<Rc<str>>>) -> Value {
    match &assignment.value {
        Assigned::Text(_) => Value::Text(results.remove(0).join(" ").into()),
        Assigned::List(words) => {
            let rest = results.split_off(words.len());
            let own = std::mem::replace(results, rest);
            Value::List(own.concat().into())
        }
    }
}

fn has_substitution(command: &Command) -> bool {
    let in_word = |word: &Word| word.iter().any(|part| matches!(part, Part::Substitution { .. }));
    match &command.body {
        Body::Simple { assignments, .. } => assignments.iter().any(|assignment| match &assignment.value {
            Assigned::Text(word) => in_word(word),
            Assigned::List(words) => words.iter().any(in_word),
        }),
        Body::For { .. }
        | Body::While(_)
        | Body::If { .. }
        | Body::Case { .. }
        | Body::Group(_)
        | Body::Subshell(_)
        | Body::Arithmetic(_)
        | Body::Conditional(_)
        | Body::Function { .. } => false,
    }
}

/// A word as it would have to be typed.
pub(in crate::shell) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-+./:=@%,^".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
