//! `grep`.
//!
//! Leaves out: colours, folders (`-r`), lines around a match (`-A`, `-B`, `-C`), Perl's expressions (`-P`).

use std::rc::Rc;

use super::expression::{Expression, literal};
use super::{Flow, Line, Plan, Spec, Work};

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Grep {
    expressions: Vec<Expression>,
    inverted: bool,
    show: Show,
    numbered: bool,
    named: bool,
    /// Stops after so many lines of each file.
    most: Option<u64>,
    number: u64,
    selected: u64,
    any: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Show {
    Lines,
    /// `-o`
    Matches,
    /// `-c`
    Count,
    /// `-l`
    Names,
    /// `-q`
    Nothing,
}

const SPEC: Spec = Spec {
    flags: "icvEFGonqlhHswx",
    values: "me",
    long: &[
        ("ignore-case", 'i'),
        ("count", 'c'),
        ("invert-match", 'v'),
        ("extended-regexp", 'E'),
        ("fixed-strings", 'F'),
        ("only-matching", 'o'),
        ("line-number", 'n'),
        ("quiet", 'q'),
        ("files-with-matches", 'l'),
        ("max-count", 'm'),
        ("regexp", 'e'),
        ("line-buffered", 's'),
        ("color", 's'),
        ("colour", 's'),
    ],
};

pub(super) fn plan(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let mut arguments = SPEC.parse(arguments)?;
    let mut patterns: Vec<String> = arguments.all('e').map(str::to_owned).collect();
    if patterns.is_empty() {
        if arguments.operands.is_empty() {
            return Err("a pattern is missing\nUsage: grep [OPTION]... PATTERNS [FILE]...".to_owned());
        }
        patterns.push(arguments.operands.remove(0).to_string());
    }
    let mut expressions = Vec::new();
    for pattern in patterns.iter().flat_map(|pattern| pattern.split('\n')) {
        let (mut text, mut extended) = (pattern.to_owned(), arguments.has('E'));
        if arguments.has('F') {
            (text, extended) = (literal(pattern), true);
        }
        if arguments.has('w') || arguments.has('x') {
            let plain = Expression::new(&text, extended, false)?;
            let edge = if arguments.has('x') { ("^", "$") } else { ("\\b", "\\b") };
            text = format!("{}(?:{}){}", edge.0, plain.extended(), edge.1);
            extended = true;
        }
        expressions.push(Expression::new(&text, extended, arguments.has('i'))?);
    }
    let show = if arguments.has('q') {
        Show::Nothing
    } else if arguments.has('l') {
        Show::Names
    } else if arguments.has('c') {
        Show::Count
    } else if arguments.has('o') {
        Show::Matches
    } else {
        Show::Lines
    };
    let grep = Grep {
        expressions,
        inverted: arguments.has('v'),
        show,
        numbered: arguments.has('n'),
        named: arguments.has('H') || (arguments.operands.len() > 1 && !arguments.has('h')),
        most: arguments.value('m').map(|text| text.parse().map_err(|_| "invalid max count")).transpose()?,
        number: 0,
        selected: 0,
        any: false,
    };
    Ok(Plan::new(Work::Grep(grep), arguments))
}

impl Grep {
    pub(super) fn line(&mut self, line: Line<'_>, output: &mut Vec<u8>) -> Flow {
        self.number += 1;
        let text = String::from_utf8_lossy(line.text);
        if self.expressions.iter().any(|expression| expression.is_match(&text)) == self.inverted {
            return if self.most == Some(0) { Flow::NextFile } else { Flow::More };
        }
        self.selected += 1;
        self.any = true;
        match self.show {
            Show::Lines => self.print(line.file, &text, output),
            Show::Matches => {
                let found = self.expressions.iter().flat_map(|expression| expression.matches(&text));
                for part in found.filter(|part| !part.is_empty()) {
                    self.print(line.file, part, output);
                }
            }
            Show::Count => {}
            Show::Names => {
                output.extend_from_slice(format!("{}\n", line.file).as_bytes());
                return Flow::NextFile;
            }
            Show::Nothing => return Flow::Done,
        }
        if self.most.is_some_and(|most| self.selected >= most) { Flow::NextFile } else { Flow::More }
    }

    fn print(&self, file: &str, text: &str, output: &mut Vec<u8>) {
        if self.named {
            output.extend_from_slice(format!("{file}:").as_bytes());
        }
        if self.numbered {
            output.extend_from_slice(format!("{}:", self.number).as_bytes());
        }
        output.extend_from_slice(format!("{text}\n").as_bytes());
    }

    pub(super) fn end_file(&mut self, name: &str, output: &mut Vec<u8>) {
        if self.show == Show::Count {
            let name = if self.named { format!("{name}:") } else { String::new() };
            output.extend_from_slice(format!("{name}{}\n", self.selected).as_bytes());
        }
        (self.number, self.selected) = (0, 0);
    }

    pub(super) fn exit_code(&self) -> u8 {
        u8::from(!self.any)
    }
}
