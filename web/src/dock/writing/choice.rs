//! Choosing among the ways in which a word can go on.

use std::rc::Rc;

use playground::session::{Candidate, Completions};

use super::line::Line;

/// What a line can go on with: `line` is the text before the caret.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Completed {
    pub(crate) terminal: u32,
    pub(crate) line: String,
    pub(crate) completions: Completions,
    /// Counts the times that it was asked for.
    pub(crate) asked: u32,
}

/// A list of candidates, of which one can be chosen.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Choice {
    /// Where in the line they begin, in bytes.
    from: usize,
    /// Those that still fit, in order.
    pub(crate) candidates: Rc<[Candidate]>,
    pub(crate) chosen: Option<usize>,
}

/// What came of asking how a line can go on.
pub(crate) enum Progress {
    Nothing,
    /// The line has grown.
    Grown,
    Choose(Choice),
}

/// Puts in what all candidates have in common; when that is nothing new, there is a choice.
pub(crate) fn complete(line: &mut Line, completions: &Completions) -> Progress {
    let Completions { from, candidates } = completions;
    match &**candidates {
        [] => Progress::Nothing,
        [one] => {
            take(line, *from, one);
            Progress::Grown
        }
        [first, rest @ ..] => {
            let common = rest.iter().fold(first.text.as_str(), |common, other| shared(common, &other.text));
            if common.len() > line.before.len().saturating_sub(*from) {
                line.before.truncate(*from);
                line.before.push_str(common);
                return Progress::Grown;
            }
            Progress::Choose(Choice { from: *from, candidates: candidates.as_slice().into(), chosen: None })
        }
    }
}

impl Choice {
    /// The next candidate, or the one before.
    pub(crate) fn go(&mut self, forward: bool) {
        let last = self.candidates.len().saturating_sub(1);
        self.chosen = Some(match (self.chosen, forward) {
            (None, true) => 0,
            (None | Some(0), false) => last,
            (Some(chosen), true) => {
                if chosen >= last {
                    0
                } else {
                    chosen + 1
                }
            }
            (Some(chosen), false) => chosen - 1,
        });
    }

    /// What is left of it when more has been typed; `None` when nothing fits any more.
    pub(crate) fn narrowed(self, line: &Line) -> Option<Self> {
        let typed = line.before.get(self.from..)?;
        let fitting: Rc<[Candidate]> =
            self.candidates.iter().filter(|candidate| candidate.text.starts_with(typed)).cloned().collect();
        let fits = !fitting.is_empty() && !typed.is_empty();
        fits.then_some(Self { candidates: fitting, chosen: None, ..self })
    }

    /// Puts a candidate in.
    pub(crate) fn take(&self, index: usize, line: &mut Line) {
        if let Some(candidate) = self.candidates.get(index) {
            take(line, self.from, candidate);
        }
    }
}

/// A word that is whole is followed by a blank.
fn take(line: &mut Line, from: usize, candidate: &Candidate) {
    line.before.truncate(from);
    line.before.push_str(&candidate.text);
    if candidate.is_whole && !line.after.starts_with(' ') {
        line.before.push(' ');
    }
}

fn shared<'a>(one: &'a str, other: &str) -> &'a str {
    let end = one.char_indices().zip(other.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
    &one[..end.unwrap_or(one.len().min(other.len()))]
}
