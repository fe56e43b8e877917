//! `head` and `tail`.
//!
//! Leaves out: `-c`, and numbers of lines that count from the other end, but for `tail -n +N`.

use std::collections::VecDeque;
use std::rc::Rc;

use super::{Flow, Line, Plan, Spec, Work};

/// The most lines that `tail` keeps.
const MAX_KEPT: u64 = 100_000;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Head {
    lines: u64,
    left: u64,
    titles: Titles,
}

/// The names above the lines of several files.
#[derive(Clone, PartialEq, Debug)]
struct Titles {
    shown: bool,
    first: bool,
}

impl Titles {
    fn print(&mut self, name: &str, output: &mut Vec<u8>) {
        if self.shown {
            let gap = if std::mem::take(&mut self.first) { "" } else { "\n" };
            output.extend_from_slice(format!("{gap}==> {name} <==\n").as_bytes());
        }
    }
}

const LONG: &[(&str, char)] = &[("lines", 'n'), ("quiet", 'q'), ("verbose", 'v'), ("follow", 'f')];

pub(super) fn head(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let arguments = Spec { flags: "qv", values: "n", long: LONG }.parse(arguments)?;
    let lines = arguments.number('n', "lines")?.unwrap_or(10);
    let shown = arguments.has('v') || (arguments.operands.len() > 1 && !arguments.has('q'));
    let head = Head { lines, left: lines, titles: Titles { shown, first: true } };
    Ok(Plan::new(Work::Head(head), arguments))
}

impl Head {
    pub(super) fn begin_file(&mut self, name: &str, output: &mut Vec<u8>) {
        self.left = self.lines;
        self.titles.print(name, output);
    }

    pub(super) fn line(&mut self, line: Line<'_>, output: &mut Vec<u8>) -> Flow {
        if self.left > 0 {
            self.left -= 1;
            line.copy(output);
        }
        match (self.left, self.titles.shown) {
            (0, true) => Flow::NextFile,
            (0, false) => Flow::Done,
            _ => Flow::More,
        }
    }
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Tail {
    lines: u64,
    /// `+N`: all lines from this one on.
    from: Option<u64>,
    kept: VecDeque<Vec<u8>>,
    seen: u64,
    /// The end of the file was reached before: what comes now is new.
    at_end: bool,
    titles: Titles,
}

pub(super) fn tail(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let arguments = Spec { flags: "qvfF", values: "n", long: LONG }.parse(arguments)?;
    let from = arguments.value('n').and_then(|text| text.strip_prefix('+')?.parse().ok());
    let lines = if from.is_some() { 0 } else { arguments.number('n', "lines")?.unwrap_or(10) };
    if lines > MAX_KEPT {
        return Err(format!("it keeps at most {MAX_KEPT} lines here"));
    }
    let shown = arguments.has('v') || (arguments.operands.len() > 1 && !arguments.has('q'));
    let titles = Titles { shown, first: true };
    let tail = Tail { lines, from, kept: VecDeque::new(), seen: 0, at_end: false, titles };
    let follows = arguments.has('f') || arguments.has('F');
    Ok(Plan { follows, ..Plan::new(Work::Tail(tail), arguments) })
}

impl Tail {
    pub(super) fn begin_file(&mut self, name: &str, output: &mut Vec<u8>) {
        (self.seen, self.at_end) = (0, false);
        self.titles.print(name, output);
    }

    pub(super) fn line(&mut self, line: Line<'_>, output: &mut Vec<u8>) {
        self.seen += 1;
        if self.at_end || self.from.is_some_and(|from| self.seen >= from) {
            line.copy(output);
            return;
        }
        let mut kept = Vec::new();
        line.copy(&mut kept);
        self.kept.push_back(kept);
        if self.kept.len() as u64 > self.lines {
            self.kept.pop_front();
        }
    }

    pub(super) fn end_file(&mut self, output: &mut Vec<u8>) {
        output.extend(self.kept.drain(..).flatten());
        self.at_end = true;
    }
}
