//! From the words of a command to its arguments: braces, variables, `$(...)`, splitting.
//!
//! An expansion stops at each `$(...)` and is told later what that printed, so it can wait for as long as it takes.
//! File name patterns stay as they are typed, which is what bash does when no file matches.

use std::mem;
use std::rc::Rc;

use super::syntax::{Part, Script, Word};
use super::variables::Variables;

/// How many words braces may make of one command.
const MAX_WORDS: usize = 100_000;

/// How many bytes the words of one command may hold.
const MAX_BYTES: usize = 4 << 20;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Expansion {
    words: Vec<Task>,
    word: usize,
    part: usize,
    /// The field that is being put together.
    field: Option<String>,
    /// Of each word that was given.
    results: Vec<Vec<Rc<str>>>,
    bytes: usize,
}

#[derive(Clone, PartialEq, Debug)]
struct Task {
    word: Word,
    /// Whether blanks in the values of variables end a field.
    split: bool,
    /// Which of the words that were given it comes from.
    origin: usize,
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
    /// Words, each with whether blanks in the values of its variables make more words of it.
    pub(super) fn new(words: Vec<(Word, bool)>) -> Self {
        let results = vec![Vec::new(); words.len()];
        let task = |(origin, (word, split))| Task { word, split, origin };
        let words = words.into_iter().enumerate().map(task).collect();
        Self { words, word: 0, part: 0, field: None, results, bytes: 0 }
    }

    /// Goes on to the end or to the next `$(...)`.
    pub(super) fn advance(&mut self, variables: &Variables, status: u8) -> Outcome {
        while let Some(task) = self.words.get(self.word) {
            let Task { word, split, .. } = task.clone();
            if self.part == 0 && has_braces(&word) {
                if let Err(error) = self.expand_braces(&task.clone()) {
                    return Outcome::Failed(error);
                }
                continue;
            }
            let Some(part) = word.get(self.part) else {
                self.end_word();
                continue;
            };
            self.part += 1;
            match part {
                Part::Literal(text) | Part::Quoted(text) => self.add(text),
                Part::Variable { name, quoted } => {
                    let value = variables.get(name);
                    self.add_value(&value, split && !quoted);
                }
                Part::Status => self.add(&status.to_string()),
                Part::Substitution { script, .. } => return Outcome::Substitute(script.clone()),
                Part::Alternatives(_) | Part::Range { .. } => unreachable!("braces are expanded first"),
            }
            if self.bytes > MAX_BYTES {
                return Outcome::Failed(format!("a command holds at most {MAX_BYTES} bytes here"));
            }
        }
        Outcome::Done(mem::take(&mut self.results))
    }

    /// What the `$(...)` that stopped [`advance`](Self::advance) printed.
    pub(super) fn substitute(&mut self, output: &[u8]) {
        let text = String::from_utf8_lossy(output);
        let text = text.trim_end_matches('\n');
        let Some(task) = self.words.get(self.word) else { return };
        let quoted = matches!(task.word.get(self.part - 1), Some(Part::Substitution { quoted: true, .. }));
        let split = task.split && !quoted;
        self.add_value(text, split);
    }

    fn add(&mut self, text: &str) {
        self.bytes += text.len();
        self.field.get_or_insert_default().push_str(text);
    }

    fn add_value(&mut self, text: &str, split: bool) {
        if !split {
            return self.add(text);
        }
        let blank = |c: char| matches!(c, ' ' | '\t' | '\n');
        if text.starts_with(blank) {
            self.end_field();
        }
        for (number, piece) in text.split(blank).filter(|piece| !piece.is_empty()).enumerate() {
            if number > 0 {
                self.end_field();
            }
            self.add(piece);
        }
        if text.ends_with(blank) {
            self.end_field();
        }
    }

    fn end_field(&mut self) {
        let Some(task) = self.words.get(self.word) else { return };
        self.results[task.origin].extend(self.field.take().map(Rc::from));
    }

    fn end_word(&mut self) {
        self.end_field();
        self.word += 1;
        self.part = 0;
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

fn too_many_words() -> String {
    format!("braces make at most {MAX_WORDS} words of a command here")
}

fn has_braces(word: &Word) -> bool {
    word.iter().any(|part| matches!(part, Part::Alternatives(_) | Part::Range { .. }))
}

/// The words that a word with braces stands for, without braces.
fn expand(word: &Word) -> Result<Vec<Word>, String> {
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
            Part::Literal(_)
            | Part::Quoted(_)
            | Part::Variable { .. }
            | Part::Status
            | Part::Substitution { .. } => {
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
