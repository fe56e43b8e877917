//! `wc`.

use std::rc::Rc;

use super::{Line, Plan, Spec, Work};

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Wc {
    lines: bool,
    words: bool,
    bytes: bool,
    chars: bool,
    counts: Counts,
    rows: Vec<(Counts, String)>,
    /// Whether all comes from files, whose sizes say how wide the columns are.
    from_files: bool,
}

#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Counts {
    lines: u64,
    words: u64,
    bytes: u64,
    chars: u64,
}

const LONG: &[(&str, char)] = &[("lines", 'l'), ("words", 'w'), ("bytes", 'c'), ("chars", 'm')];

pub(super) fn plan(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let arguments = Spec { flags: "lwcm", values: "", long: LONG }.parse(arguments)?;
    let any = "lwcm".chars().any(|letter| arguments.has(letter));
    let wc = Wc {
        lines: !any || arguments.has('l'),
        words: !any || arguments.has('w'),
        bytes: !any || arguments.has('c'),
        chars: arguments.has('m'),
        counts: Counts::default(),
        rows: Vec::new(),
        from_files: !arguments.operands.is_empty() && arguments.operands.iter().all(|name| &**name != "-"),
    };
    Ok(Plan::new(Work::Wc(wc), arguments))
}

impl Wc {
    pub(super) fn line(&mut self, line: Line<'_>) {
        let text = String::from_utf8_lossy(line.text);
        let end = u64::from(line.ended);
        self.counts.lines += end;
        self.counts.words += text.split_whitespace().count() as u64;
        self.counts.bytes += line.text.len() as u64 + end;
        self.counts.chars += text.chars().count() as u64 + end;
    }

    pub(super) fn end_file(&mut self, name: &str) {
        let name = if self.from_files { name.to_owned() } else { String::new() };
        self.rows.push((std::mem::take(&mut self.counts), name));
    }

    pub(super) fn end(&mut self, output: &mut Vec<u8>) {
        let mut total = Counts::default();
        for (counts, _) in &self.rows {
            total.lines += counts.lines;
            total.words += counts.words;
            total.bytes += counts.bytes;
            total.chars += counts.chars;
        }
        let columns =
            [self.lines, self.words, self.chars, self.bytes].into_iter().filter(|shown| *shown).count();
        let width = match (columns, self.from_files) {
            (1, _) if self.rows.len() == 1 => 1,
            (_, true) => total.bytes.to_string().len(),
            (_, false) => 7,
        };
        if self.rows.len() > 1 {
            self.rows.push((total, "total".to_owned()));
        }
        for (counts, name) in &self.rows {
            let shown = [
                (self.lines, counts.lines),
                (self.words, counts.words),
                (self.chars, counts.chars),
                (self.bytes, counts.bytes),
            ];
            let shown =
                shown.into_iter().filter(|(shown, _)| *shown).map(|(_, count)| format!("{count:width$}"));
            let line = [shown.collect::<Vec<_>>().join(" "), name.clone()].join(" ");
            output.extend_from_slice(format!("{}\n", line.trim_end()).as_bytes());
        }
    }
}
