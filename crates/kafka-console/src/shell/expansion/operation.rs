//! Parameters and what `${...}` does with them.

use std::rc::Rc;

use super::{Expansion, Level, Mode, Operated, Purpose, Then};
use crate::shell::arithmetic;
use crate::shell::environment::Environment;
use crate::shell::pattern::{Budget, Pattern};
use crate::shell::syntax::{Default, Operation, Parameter, Place};
use crate::system::Context;

impl Expansion {
    pub(super) fn parameter(
        &mut self,
        parameter: &Parameter,
        operation: Operation,
        quoted: bool,
        environment: &mut Environment,
        context: &mut Context<'_>,
    ) -> Result<(), String> {
        let values = environment.values(parameter, context)?;
        if let Operation::Default { kind, empty_counts, word } = operation {
            let there = values.as_ref().is_some_and(|values| {
                !is_list(parameter) && empty_counts || values.iter().any(|value| !value.is_empty())
            });
            match (kind, there) {
                (Default::Alternative, false) => {
                    if quoted {
                        self.add("", true);
                    }
                }
                (Default::Use, false) | (Default::Alternative, true) => {
                    self.levels.push(Level { parts: word, next: 0, purpose: Purpose::Instead { quoted } });
                }
                (Default::Assign | Default::Fail, false) => {
                    self.need(
                        &word,
                        Mode::Whole,
                        Then::Settle { parameter: parameter.clone(), kind, quoted },
                    );
                }
                (Default::Use | Default::Assign | Default::Fail, true) => {
                    let joined = is_joined(parameter);
                    self.add_values(&values.unwrap_or_default(), joined, quoted, environment, context);
                }
            }
            return Ok(());
        }
        if values.is_none() && environment.options.no_unset {
            return Err(format!("{}: unbound variable", name(parameter)));
        }
        let values = values.unwrap_or_else(|| if is_list(parameter) { Vec::new() } else { vec!["".into()] });
        if operation == Operation::Length {
            let length = if is_list(parameter) {
                values.len()
            } else {
                values.first().map_or(0, |value| value.chars().count())
            };
            self.add(&length.to_string(), true);
            return Ok(());
        }
        let slices = matches!(operation, Operation::Slice { .. });
        let values = if slices && matches!(parameter, Parameter::Positionals { .. }) {
            // `${@:1}` begins with the first argument, since `$0` counts as well.
            [environment.name.clone()].into_iter().chain(values).collect()
        } else {
            values
        };
        let joined = is_joined(parameter);
        self.operate(
            Operated { values, joined, quoted, operation, operands: Vec::new() },
            environment,
            context,
        )
    }

    /// Does what is to be done once all operands are known.
    pub(super) fn operate(
        &mut self,
        operated: Operated,
        environment: &mut Environment,
        context: &mut Context<'_>,
    ) -> Result<(), String> {
        let Operated { values, joined, quoted, operation, operands } = &operated;
        let missing = match (operation, operands.len()) {
            (Operation::Trim { pattern, .. } | Operation::Replace { pattern, .. }, 0) => {
                Some((pattern.clone(), Mode::Pattern))
            }
            (Operation::Replace { with, .. }, 1) => Some((with.clone(), Mode::Whole)),
            _ => None,
        };
        if let Some((word, mode)) = missing {
            self.need(&word, mode, Then::Operate(operated));
            return Ok(());
        }
        let sliced = match operation {
            Operation::Slice { offset, length } => {
                Some((offset, length)).filter(|_| *joined || values.len() != 1)
            }
            Operation::None
            | Operation::Length
            | Operation::Default { .. }
            | Operation::Trim { .. }
            | Operation::Replace { .. }
            | Operation::Case { .. } => None,
        };
        let values = match sliced {
            Some((offset, length)) => slice_list(values, offset, length.as_deref(), environment, context)?,
            None => {
                let mut budget = Budget::default();
                let results: Result<Vec<Rc<str>>, String> = values
                    .iter()
                    .map(|value| {
                        apply(value, operation, operands, &mut budget, environment, context).map(Rc::from)
                    })
                    .collect();
                context.charge_for(budget.spent());
                results?
            }
        };
        self.add_values(&values, *joined, *quoted, environment, context);
        Ok(())
    }

    fn add_values(
        &mut self,
        values: &[Rc<str>],
        joined: bool,
        quoted: bool,
        environment: &Environment,
        context: &mut Context<'_>,
    ) {
        let splits = self.words.get(self.word).is_some_and(|task| task.mode == Mode::Split);
        if (joined && quoted) || !splits {
            return self.add(&values.join(" "), quoted);
        }
        for (number, value) in values.iter().enumerate() {
            if number > 0 {
                self.end_field(context);
            }
            self.add_value(value, quoted, environment, context);
        }
    }
}

/// What messages call a parameter.
pub(super) fn name(parameter: &Parameter) -> String {
    match parameter {
        Parameter::Name(name) | Parameter::Element(name, _) | Parameter::Elements { name, .. } => {
            name.to_string()
        }
        Parameter::Positional(number) => number.to_string(),
        Parameter::Positionals { joined } => if *joined { "*" } else { "@" }.to_owned(),
        Parameter::Count => "#".to_owned(),
        Parameter::Status => "?".to_owned(),
        Parameter::Pid => "$".to_owned(),
        Parameter::LastJob => "!".to_owned(),
    }
}

const fn is_list(parameter: &Parameter) -> bool {
    matches!(parameter, Parameter::Elements { .. } | Parameter::Positionals { .. })
}

const fn is_joined(parameter: &Parameter) -> bool {
    matches!(parameter, Parameter::Elements { joined: true, .. } | Parameter::Positionals { joined: true })
}

fn apply(
    value: &str,
    operation: &Operation,
    operands: &[String],
    budget: &mut Budget,
    environment: &mut Environment,
    context: &mut Context<'_>,
) -> Result<String, String> {
    let operand = |number: usize| operands.get(number).map_or("", String::as_str);
    Ok(match operation {
        Operation::None | Operation::Length | Operation::Default { .. } => value.to_owned(),
        Operation::Trim { from_end, longest, .. } => {
            Pattern::new(operand(0)).trim(value, *from_end, *longest, budget)?
        }
        Operation::Replace { place, .. } => {
            let (pattern, with) = (Pattern::new(operand(0)), operand(1));
            match place {
                Place::First => pattern.replace(value, with, false, budget)?,
                Place::All => pattern.replace(value, with, true, budget)?,
                Place::Beginning => match pattern.longest(value, false, budget)? {
                    Some(length) => format!("{with}{}", &value[length..]),
                    None => value.to_owned(),
                },
                Place::End => match pattern.longest(value, true, budget)? {
                    Some(length) => format!("{}{with}", &value[..value.len() - length]),
                    None => value.to_owned(),
                },
            }
        }
        Operation::Slice { offset, length } => {
            let chars: Vec<char> = value.chars().collect();
            let range = slice(chars.len(), offset, length.as_deref(), environment, context)?;
            chars[range].iter().collect()
        }
        Operation::Case { upper, all } => {
            let first = if *all { value.len() } else { value.chars().next().map_or(0, char::len_utf8) };
            let (changed, rest) = value.split_at(first);
            let changed = if *upper { changed.to_uppercase() } else { changed.to_lowercase() };
            format!("{changed}{rest}")
        }
    })
}

/// Which part of something of this length `offset:length` stands for.
fn slice(
    of: usize,
    offset: &str,
    length: Option<&str>,
    environment: &mut Environment,
    context: &mut Context<'_>,
) -> Result<std::ops::Range<usize>, String> {
    let size = i64::try_from(of).unwrap_or(i64::MAX);
    let offset = arithmetic::evaluate(offset, environment, context)?;
    let start = if offset < 0 { offset.saturating_add(size) } else { offset };
    if !(0..=size).contains(&start) {
        return Ok(0..0);
    }
    let end = match length {
        None => size,
        Some(length) => match arithmetic::evaluate(length, environment, context)? {
            length if length < 0 => size.saturating_add(length),
            length => start.saturating_add(length).min(size),
        },
    };
    if end < start {
        return Err(format!("{}: substring expression < 0", length.unwrap_or_default()));
    }
    let place = |number: i64| usize::try_from(number).unwrap_or(0);
    Ok(place(start)..place(end))
}

fn slice_list(
    values: &[Rc<str>],
    offset: &str,
    length: Option<&str>,
    environment: &mut Environment,
    context: &mut Context<'_>,
) -> Result<Vec<Rc<str>>, String> {
    let range = slice(values.len(), offset, length, environment, context)?;
    Ok(values[range].to_vec())
}
