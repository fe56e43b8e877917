//! `cut` and `column -t`.

use std::rc::Rc;

use super::{Flow, Line, Plan, Spec, Work};

/// What `column` holds, in bytes.
const MAX_BYTES: usize = 4 << 20;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Cut {
    /// Ranges of fields or characters, counted from 1.
    list: Vec<(usize, usize)>,
    /// `None` cuts characters.
    delimiter: Option<char>,
    only_delimited: bool,
    joint: String,
}

const CUT: Spec = Spec {
    flags: "s",
    values: "dfcbo",
    long: &[
        ("delimiter", 'd'),
        ("fields", 'f'),
        ("characters", 'c'),
        ("only-delimited", 's'),
        ("output-delimiter", 'o'),
    ],
};

pub(super) fn cut(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let arguments = CUT.parse(arguments)?;
    let chars = arguments.value('c').or(arguments.value('b'));
    let (list, delimiter) = match (arguments.value('f'), chars) {
        (Some(_), Some(_)) => return Err("only one list may be specified".to_owned()),
        (Some(list), None) => {
            let mut given = arguments.value('d').unwrap_or("\t").chars();
            let delimiter = given.next().unwrap_or('\0');
            if given.next().is_some() {
                return Err("the delimiter must be a single character".to_owned());
            }
            (list, Some(delimiter))
        }
        (None, Some(list)) => (list, None),
        (None, None) => {
            return Err("you must specify a list of bytes, characters, or fields".to_owned());
        }
    };
    let mut ranges = Vec::new();
    for text in list.split(',') {
        ranges.push(range(text).ok_or_else(|| format!("invalid field range: '{text}'"))?);
    }
    let own = delimiter.map_or_else(String::new, |delimiter| delimiter.to_string());
    let joint = arguments.value('o').map_or(own, str::to_owned);
    let cut = Cut { list: ranges, delimiter, only_delimited: arguments.has('s'), joint };
    Ok(Plan::new(Work::Cut(cut), arguments))
}

/// `3`, `2-4`, `2-` or `-4`.
fn range(text: &str) -> Option<(usize, usize)> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let from = if from.is_empty() { 1 } else { from.parse().ok()? };
    let to = if to.is_empty() { usize::MAX } else { to.parse().ok()? };
    (from > 0 && from <= to && text != "-").then_some((from, to))
}

impl Cut {
    pub(super) fn line(&self, line: Line<'_>, output: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(line.text);
        let wanted = |number: usize| self.list.iter().any(|(from, to)| (*from..=*to).contains(&number));
        let cut = match self.delimiter {
            None => {
                let chars = (1..).zip(text.chars()).filter(|(number, _)| wanted(*number));
                chars.map(|(_, c)| c).collect()
            }
            Some(delimiter) if !text.contains(delimiter) => {
                if self.only_delimited {
                    return;
                }
                text.into_owned()
            }
            Some(delimiter) => {
                let fields = (1..).zip(text.split(delimiter)).filter(|(number, _)| wanted(*number));
                fields.map(|(_, field)| field).collect::<Vec<_>>().join(&self.joint)
            }
        };
        output.extend_from_slice(cut.as_bytes());
        output.push(b'\n');
    }
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Column {
    separators: Option<String>,
    rows: Vec<Vec<String>>,
    bytes: usize,
}

pub(super) fn column(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let spec = Spec { flags: "t", values: "s", long: &[("table", 't'), ("separator", 's')] };
    let arguments = spec.parse(arguments)?;
    if !arguments.has('t') {
        return Err("only the table (-t) is simulated".to_owned());
    }
    let separators = arguments.value('s').map(str::to_owned);
    Ok(Plan::new(Work::Column(Column { separators, rows: Vec::new(), bytes: 0 }), arguments))
}

impl Column {
    pub(super) fn line(&mut self, line: Line<'_>) -> Result<Flow, String> {
        let text = String::from_utf8_lossy(line.text);
        self.bytes += text.len() + 24;
        if self.bytes > MAX_BYTES {
            return Err(format!("it holds at most {MAX_BYTES} bytes here"));
        }
        let row: Vec<String> = match &self.separators {
            Some(separators) => text.split(|c| separators.contains(c)).map(str::to_owned).collect(),
            None => text.split_whitespace().map(str::to_owned).collect(),
        };
        if row.iter().any(|cell| !cell.is_empty()) {
            self.rows.push(row);
        }
        Ok(Flow::More)
    }

    pub(super) fn end(&mut self, output: &mut Vec<u8>) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let lengths = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            lengths.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let last = row.len() - 1;
            for (number, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let missing = if number == last { 0 } else { width - cell.chars().count() + 2 };
                output.extend_from_slice(cell.as_bytes());
                output.extend(std::iter::repeat_n(b' ', missing));
            }
            output.push(b'\n');
        }
    }
}
