//! `sort` and `uniq`. Texts are compared by their bytes, as with `LC_ALL=C`.
//!
//! Leaves out: characters inside of a key (`-k 1.2`), months, versions, checking and merging.

use std::cmp::Ordering;
use std::rc::Rc;

use super::{Flow, Line, Plan, Spec, Work};

/// What `sort` holds, in bytes.
const MAX_BYTES: usize = 8 << 20;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Sort {
    keys: Vec<Key>,
    separator: Option<u8>,
    reversed: bool,
    unique: bool,
    lines: Vec<Vec<u8>>,
    bytes: usize,
}

/// Fields by which lines are compared, counted from 1.
#[derive(Clone, PartialEq, Debug)]
struct Key {
    from: usize,
    to: usize,
    numeric: bool,
    reversed: bool,
    ignores_case: bool,
}

const LONG: &[(&str, char)] = &[
    ("numeric-sort", 'n'),
    ("reverse", 'r'),
    ("unique", 'u'),
    ("key", 'k'),
    ("field-separator", 't'),
    ("ignore-case", 'f'),
];

pub(super) fn sort(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let arguments = Spec { flags: "nrufgsbh", values: "kt", long: LONG }.parse(arguments)?;
    let all = |text: &str| Key {
        from: 1,
        to: usize::MAX,
        numeric: text.contains(['n', 'g', 'h']),
        reversed: text.contains('r'),
        ignores_case: text.contains('f'),
    };
    let letters: String = "nrfgh".chars().filter(|letter| arguments.has(*letter)).collect();
    let mut keys = Vec::new();
    for text in arguments.all('k') {
        let invalid = || format!("invalid field specification '{text}'");
        let own: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        let numbers: String = text.chars().filter(|c| !c.is_ascii_alphabetic()).collect();
        let (from, to) = numbers.split_once(',').map_or((&*numbers, None), |(from, to)| (from, Some(to)));
        let from = from.parse().ok().filter(|from| *from > 0).ok_or_else(invalid)?;
        let to = to.map_or(Ok(usize::MAX), |to| to.parse().map_err(|_| invalid()))?;
        keys.push(Key { from, to, ..all(if own.is_empty() { &letters } else { &own }) });
    }
    if keys.is_empty() {
        keys.push(all(&letters));
    }
    let separator = match arguments.value('t').map(str::as_bytes) {
        None => None,
        Some([byte]) => Some(*byte),
        Some(b"\\t") => Some(b'\t'),
        Some(_) => return Err("a separator is one character".to_owned()),
    };
    let (reversed, unique) = (arguments.has('r'), arguments.has('u'));
    let sort = Sort { keys, separator, reversed, unique, lines: Vec::new(), bytes: 0 };
    Ok(Plan::new(Work::Sort(sort), arguments))
}

impl Sort {
    pub(super) fn line(&mut self, line: Line<'_>) -> Result<Flow, String> {
        self.bytes += line.text.len() + 24;
        if self.bytes > MAX_BYTES {
            return Err(format!("it sorts at most {MAX_BYTES} bytes here"));
        }
        self.lines.push(line.text.to_vec());
        Ok(Flow::More)
    }

    pub(super) fn end(&mut self, output: &mut Vec<u8>) {
        let mut lines = std::mem::take(&mut self.lines);
        lines.sort_by(|a, b| {
            let last = if self.reversed { b.cmp(a) } else { a.cmp(b) };
            self.compare(a, b).then(if self.unique { Ordering::Equal } else { last })
        });
        if self.unique {
            lines.dedup_by(|b, a| self.compare(a, b) == Ordering::Equal);
        }
        for line in lines {
            output.extend(line);
            output.push(b'\n');
        }
    }

    fn compare(&self, a: &[u8], b: &[u8]) -> Ordering {
        let orders = self.keys.iter().map(|key| {
            let (a, b) = (self.key(a, key), self.key(b, key));
            let order = match (key.numeric, key.ignores_case) {
                (true, _) => number(a).cmp(&number(b)),
                (false, true) => a.to_ascii_uppercase().cmp(&b.to_ascii_uppercase()),
                (false, false) => a.cmp(b),
            };
            if key.reversed { order.reverse() } else { order }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    }

    fn key<'a>(&self, line: &'a [u8], key: &Key) -> &'a [u8] {
        let fields = self.fields(line);
        let start = fields.get(key.from - 1).map_or(line.len(), |field| field.0);
        let end = fields.get(key.to.wrapping_sub(1)).map_or(line.len(), |field| field.1);
        line.get(start..end).unwrap_or_default()
    }

    /// Where each field begins and ends. Without a separator, the blanks before a field belong to it.
    fn fields(&self, line: &[u8]) -> Vec<(usize, usize)> {
        let mut fields = Vec::new();
        let mut start = 0;
        for (at, byte) in line.iter().enumerate() {
            let ends = match self.separator {
                Some(separator) => *byte == separator,
                None => matches!(byte, b' ' | b'\t') && at > 0 && !matches!(line[at - 1], b' ' | b'\t'),
            };
            if ends {
                fields.push((start, at));
                start = at + usize::from(self.separator.is_some());
            }
        }
        fields.push((start, line.len()));
        fields
    }
}

/// The number that a text begins with, in billionths.
fn number(text: &[u8]) -> i128 {
    let text = String::from_utf8_lossy(text);
    let text = text.trim_start();
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let whole: i128 = text[..digits.min(25)].parse().unwrap_or(0);
    let fraction = text[digits..].strip_prefix('.').unwrap_or("");
    let fraction: String =
        fraction.chars().take_while(char::is_ascii_digit).chain("000000000".chars()).take(9).collect();
    sign * (whole * 1_000_000_000 + fraction.parse::<i128>().unwrap_or(0))
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Uniq {
    counted: bool,
    only_repeated: bool,
    only_unique: bool,
    ignores_case: bool,
    last: Option<(Vec<u8>, u64)>,
}

const UNIQ: Spec = Spec {
    flags: "cdui",
    values: "",
    long: &[("count", 'c'), ("repeated", 'd'), ("unique", 'u'), ("ignore-case", 'i')],
};

pub(super) fn uniq(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let arguments = UNIQ.parse(arguments)?;
    let uniq = Uniq {
        counted: arguments.has('c'),
        only_repeated: arguments.has('d'),
        only_unique: arguments.has('u'),
        ignores_case: arguments.has('i'),
        last: None,
    };
    Ok(Plan::new(Work::Uniq(uniq), arguments))
}

impl Uniq {
    /// A line can be printed as soon as it comes, unless what follows decides about it.
    pub(super) fn line(&mut self, line: Line<'_>, output: &mut Vec<u8>) {
        let at_once = !self.counted && !self.only_repeated && !self.only_unique;
        let same = |last: &[u8]| match self.ignores_case {
            true => last.eq_ignore_ascii_case(line.text),
            false => last == line.text,
        };
        match &mut self.last {
            Some((last, count)) if same(last) => *count += 1,
            _ => {
                if at_once {
                    output.extend_from_slice(line.text);
                    output.push(b'\n');
                } else {
                    self.end(output);
                }
                self.last = Some((line.text.to_vec(), 1));
            }
        }
    }

    pub(super) fn end(&mut self, output: &mut Vec<u8>) {
        let Some((line, count)) = self.last.take() else { return };
        let at_once = !self.counted && !self.only_repeated && !self.only_unique;
        if at_once || (self.only_repeated && count < 2) || (self.only_unique && count > 1) {
            return;
        }
        if self.counted {
            output.extend_from_slice(format!("{count:7} ").as_bytes());
        }
        output.extend(line);
        output.push(b'\n');
    }
}
