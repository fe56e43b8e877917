//! Braces: `{a,b}`, `{1..9}` and `{a..e}`, before anything else is expanded.

use std::rc::Rc;

use crate::shell::syntax::{Part, Word};

/// How many words braces may make of one command.
pub(super) const MAX_WORDS: usize = 100_000;

pub(super) fn too_many_words() -> String {
    format!("braces make at most {MAX_WORDS} words of a command here")
}

pub(super) fn has_braces(word: &Word) -> bool {
    word.iter().any(|part| matches!(part, Part::Alternatives(_) | Part::Range { .. } | Part::Letters { .. }))
}

/// The words that a word with braces stands for, without braces.
pub(super) fn expand(word: &Word) -> Result<Vec<Word>, String> {
    let mut beginnings: Vec<Vec<Part>> = vec![Vec::new()];
    for part in word.iter() {
        let choices: Vec<Word> = match part {
            Part::Alternatives(words) => {
                let mut choices = Vec::new();
                for word in words.iter() {
                    choices.extend(expand(word)?);
                }
                choices
            }
            Part::Range { from, to, step, width } => range(*from, *to, *step, *width)?,
            Part::Letters { from, to, step } => letters(*from, *to, *step),
            Part::Literal(_)
            | Part::Quoted(_)
            | Part::Parameter { .. }
            | Part::Substitution { .. }
            | Part::Arithmetic(_) => {
                beginnings.iter_mut().for_each(|beginning| beginning.push(part.clone()));
                continue;
            }
        };
        if beginnings.len().saturating_mul(choices.len()) > MAX_WORDS {
            return Err(too_many_words());
        }
        beginnings = beginnings
            .iter()
            .flat_map(|beginning| choices.iter().map(|choice| [beginning, choice.as_ref()].concat()))
            .collect();
    }
    Ok(beginnings.into_iter().map(Rc::from).collect())
}

fn range(from: i64, to: i64, step: u64, width: usize) -> Result<Vec<Word>, String> {
    let count = from.abs_diff(to) / step;
    if count >= MAX_WORDS as u64 {
        return Err(too_many_words());
    }
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let step = if from <= to { step } else { -step };
    let numbers = (0..=count).map(|number| from + step * number.cast_signed());
    Ok(numbers.map(|number| Word::from([Part::Literal(format!("{number:0width$}").into())])).collect())
}

fn letters(from: char, to: char, step: u64) -> Vec<Word> {
    let word = |c: char| Word::from([Part::Literal(c.to_string().into())]);
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    if from <= to {
        (from..=to).step_by(step).map(word).collect()
    } else {
        (to..=from).rev().step_by(step).map(word).collect()
    }
}
