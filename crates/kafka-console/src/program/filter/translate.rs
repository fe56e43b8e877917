//! `tr`.
//!
//! Leaves out: `[=c=]`, and repetitions such as `[x*3]`.

use std::rc::Rc;

use super::{Line, Plan, Spec, Work};
use crate::escape;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Tr {
    from: Vec<char>,
    to: Vec<char>,
    complement: bool,
    deletes: bool,
    /// The characters of which only one of a row stays.
    squeezed: Option<Vec<char>>,
    last: Option<char>,
}

const SPEC: Spec = Spec {
    flags: "cCds",
    values: "",
    long: &[("complement", 'c'), ("delete", 'd'), ("squeeze-repeats", 's')],
};

pub(super) fn plan(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let mut arguments = SPEC.parse(arguments)?;
    let sets = std::mem::take(&mut arguments.operands);
    let (deletes, squeezes) = (arguments.has('d'), arguments.has('s'));
    let (from, to) = match &*sets {
        [] => return Err("missing operand".to_owned()),
        [from] if deletes || squeezes => (set(from)?, Vec::new()),
        [from] => {
            return Err(format!(
                "missing operand after '{from}'\nTwo strings must be given when translating."
            ));
        }
        [_, to, ..] if deletes && !squeezes => {
            return Err(format!(
                "extra operand '{to}'\nOnly one string may be given when deleting without squeezing repeats."
            ));
        }
        [from, to] => (set(from)?, set(to)?),
        [_, _, extra, ..] => return Err(format!("extra operand '{extra}'")),
    };
    if to.is_empty() && !deletes && sets.len() > 1 {
        return Err("when not truncating set1, string2 must be non-empty".to_owned());
    }
    let squeezed = squeezes.then(|| if to.is_empty() { from.clone() } else { to.clone() });
    let complement = arguments.has('c') || arguments.has('C');
    let tr = Tr { from, to, complement, deletes, squeezed, last: None };
    Ok(Plan::new(Work::Tr(tr), arguments))
}

/// The characters of `a-z\n[:digit:]`.
fn set(text: &str) -> Result<Vec<char>, String> {
    let mut chars = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) {
            chars.extend(class(name).ok_or_else(|| format!("invalid character class '{name}'"))?);
            rest = after;
            continue;
        }
        let (first, after) = one(rest, c);
        rest = after;
        let range = rest.strip_prefix('-').and_then(|end| Some((end, end.chars().next()?)));
        match range {
            Some((end, c)) => {
                let (last, after) = one(end, c);
                if last < first {
                    return Err(format!(
                        "range-endpoints of '{first}-{last}' are in reverse collating sequence order"
                    ));
                }
                chars.extend((first..=last).take(1000));
                rest = after;
            }
            None => chars.push(first),
        }
    }
    Ok(chars)
}

/// A character that may be written with a backslash, and what follows it.
fn one(text: &str, first: char) -> (char, &str) {
    let rest = &text[first.len_utf8()..];
    match rest.chars().next().filter(|_| first == '\\') {
        None => (first, rest),
        Some(letter) => {
            let digits = rest.chars().take(3).take_while(|c| c.is_digit(8)).count();
            let length = if digits > 0 { digits } else { letter.len_utf8() };
            let written = if digits > 0 { format!("\\0{}", &rest[..length]) } else { format!("\\{letter}") };
            let text = escape::unescape(&written).text();
            let meant =
                text.strip_prefix('\\').filter(|text| !text.is_empty()).unwrap_or(&text).chars().next();
            (meant.unwrap_or('\\'), &rest[length..])
        }
    }
}

fn class(name: &str) -> Option<Vec<char>> {
    Some(match name {
        "upper" => ('A'..='Z').collect(),
        "lower" => ('a'..='z').collect(),
        "digit" => ('0'..='9').collect(),
        "alpha" => ('A'..='Z').chain('a'..='z').collect(),
        "alnum" => ('0'..='9').chain('A'..='Z').chain('a'..='z').collect(),
        "space" => ('\t'..='\r').chain([' ']).collect(),
        "blank" => vec!['\t', ' '],
        "punct" => ('!'..='~').filter(char::is_ascii_punctuation).collect(),
        _ => return None,
    })
}

impl Tr {
    pub(super) fn line(&mut self, line: Line<'_>, output: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(line.text);
        for c in text.chars().chain(line.ended.then_some('\n')) {
            let place = self.from.iter().rposition(|from| *from == c);
            let meant = place.is_some() != self.complement;
            let translated = match (meant, self.deletes) {
                (true, true) => continue,
                (true, false) => {
                    let place = place.unwrap_or(usize::MAX);
                    self.to.get(place).or(self.to.last()).copied().unwrap_or(c)
                }
                (false, _) => c,
            };
            let squeezed = self.squeezed.as_ref().is_some_and(|set| {
                let in_set = set.contains(&translated) != (self.complement && self.to.is_empty());
                in_set && self.last == Some(translated)
            });
            if !squeezed {
                output.extend_from_slice(translated.encode_utf8(&mut [0; 4]).as_bytes());
            }
            self.last = Some(translated);
        }
    }
}
