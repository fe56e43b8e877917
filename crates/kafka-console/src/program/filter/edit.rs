//! `sed`, in its common forms: `s/a/b/` with the flags `g`, `i`, `p` and a number, `p`, `d`, `q`, `=`, behind the
//! numbers of lines, `$` or `/expression/`.
//!
//! Leaves out: all other commands, the hold space, `$` as an address of more than the last line that has come.

use std::rc::Rc;

use super::expression::Expression;
use super::{Flow, Line, Plan, Spec, Work};

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Sed {
    commands: Vec<Command>,
    /// `-n`: only `p` prints.
    silent: bool,
    number: u64,
}

#[derive(Clone, PartialEq, Debug)]
struct Command {
    from: Option<Address>,
    to: Option<Address>,
    negated: bool,
    /// Inside of the range that `from` has begun.
    inside: bool,
    action: Action,
}

#[derive(Clone, PartialEq, Debug)]
enum Address {
    Line(u64),
    Matching(Expression),
}

#[derive(Clone, PartialEq, Debug)]
enum Action {
    Substitute { expression: Expression, with: String, which: u64, all: bool, prints: bool },
    Print,
    Delete,
    Quit,
    Number,
}

const SPEC: Spec = Spec {
    flags: "nErisu",
    values: "e",
    long: &[
        ("quiet", 'n'),
        ("silent", 'n'),
        ("expression", 'e'),
        ("regexp-extended", 'E'),
        ("in-place", 'i'),
    ],
};

const KNOWN: &str = "only s///, p, d, q and = are simulated, behind line numbers or /expressions/";

pub(super) fn plan(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let mut arguments = SPEC.parse(arguments)?;
    let mut scripts: Vec<String> = arguments.all('e').map(str::to_owned).collect();
    if scripts.is_empty() {
        if arguments.operands.is_empty() {
            return Err("a script is missing\nUsage: sed [OPTION]... SCRIPT [FILE]...".to_owned());
        }
        scripts.push(arguments.operands.remove(0).to_string());
    }
    let script: Vec<char> = scripts.join("\n").chars().collect();
    let mut reader = Reader { script, at: 0, extended: arguments.has('E') || arguments.has('r') };
    let commands = reader.commands()?;
    let in_place = arguments.has('i');
    let sed = Sed { commands, silent: arguments.has('n'), number: 0 };
    Ok(Plan { in_place, ..Plan::new(Work::Sed(sed), arguments) })
}

struct Reader {
    script: Vec<char>,
    at: usize,
    extended: bool,
}

impl Reader {
    fn commands(&mut self) -> Result<Vec<Command>, String> {
        let mut commands = Vec::new();
        loop {
            self.skip(|c| c.is_whitespace() || c == ';');
            if self.peek().is_none() {
                return Ok(commands);
            }
            commands.push(self.command()?);
        }
    }

    fn command(&mut self) -> Result<Command, String> {
        let from = self.address()?;
        let to = if from.is_some() && self.eat(',') {
            Some(self.address()?.ok_or_else(|| self.error("unexpected `,'"))?)
        } else {
            None
        };
        self.skip(char::is_whitespace);
        let negated = self.eat('!');
        let action = match self.next() {
            Some('s') => self.substitution()?,
            Some('p') => Action::Print,
            Some('d') => Action::Delete,
            Some('q') => Action::Quit,
            Some('=') => Action::Number,
            Some(c) => return Err(self.error(&format!("unknown command: `{c}': {KNOWN}"))),
            None => return Err(self.error("missing command")),
        };
        self.skip(|c| c == ' ' || c == '\t');
        match self.peek() {
            None | Some(';' | '\n') => Ok(Command { from, to, negated, inside: false, action }),
            Some(_) => Err(self.error(&format!("extra characters after command: {KNOWN}"))),
        }
    }

    fn address(&mut self) -> Result<Option<Address>, String> {
        let digits: String = self.script[self.at..].iter().take_while(|c| c.is_ascii_digit()).collect();
        if !digits.is_empty() {
            self.at += digits.len();
            return Ok(Some(Address::Line(digits.parse().unwrap_or(u64::MAX))));
        }
        if self.eat('$') {
            return Err(self.error("`$', the last line, is not simulated: lines go on as they come"));
        }
        if !self.eat('/') {
            return Ok(None);
        }
        let text = self.delimited('/')?;
        Ok(Some(Address::Matching(Expression::new(&text, self.extended, false)?)))
    }

    fn substitution(&mut self) -> Result<Action, String> {
        let delimiter = self.next().ok_or_else(|| self.error("unterminated `s' command"))?;
        let (text, with) = (self.delimited(delimiter)?, self.delimited(delimiter)?);
        let (mut all, mut prints, mut ignores_case, mut which) = (false, false, false, 1);
        loop {
            match self.peek() {
                Some('g') => all = true,
                Some('p') => prints = true,
                Some('i' | 'I') => ignores_case = true,
                Some(c @ '1'..='9') => which = u64::from(c.to_digit(10).unwrap_or(1)),
                Some(_) | None => break,
            }
            self.at += 1;
        }
        let expression = Expression::new(&text, self.extended, ignores_case)?;
        Ok(Action::Substitute { expression, with, which, all, prints })
    }

    /// Up to a delimiter that no backslash stands before.
    fn delimited(&mut self, delimiter: char) -> Result<String, String> {
        let mut text = String::new();
        loop {
            match self.next() {
                Some(c) if c == delimiter => return Ok(text),
                Some('\\') => match self.next() {
                    Some(c) if c == delimiter => text.push(c),
                    Some(c) => text.extend(['\\', c]),
                    None => return Err(self.error("unterminated `s' command")),
                },
                Some(c) => text.push(c),
                None => return Err(self.error("unterminated `s' command")),
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.script.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn eat(&mut self, c: char) -> bool {
        let here = self.peek() == Some(c);
        self.at += usize::from(here);
        here
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&skipped) {
            self.at += 1;
        }
    }

    fn error(&self, what: &str) -> String {
        format!("-e expression #1, char {}: {what}", self.at)
    }
}

impl Command {
    fn applies(&mut self, number: u64, text: &str) -> bool {
        let at = |address: &Address| match address {
            Address::Line(line) => *line == number,
            Address::Matching(expression) => expression.is_match(text),
        };
        let applies = match (&self.from, &self.to) {
            (None, _) => true,
            (Some(from), None) => at(from),
            (Some(_), Some(to)) if self.inside => {
                self.inside = match to {
                    Address::Line(line) => number < *line,
                    Address::Matching(_) => !at(to),
                };
                true
            }
            (Some(from), Some(to)) => {
                let begins = at(from);
                self.inside = begins && !matches!(to, Address::Line(line) if *line <= number);
                begins
            }
        };
        applies != self.negated
    }
}

impl Sed {
    pub(super) fn line(&mut self, line: Line<'_>, output: &mut Vec<u8>) -> Flow {
        self.number += 1;
        let mut text = String::from_utf8_lossy(line.text).into_owned();
        let print = |text: &str, output: &mut Vec<u8>| Line { text: text.as_bytes(), ..line }.copy(output);
        let (mut deleted, mut flow) = (false, Flow::More);
        for command in &mut self.commands {
            if !command.applies(self.number, &text) {
                continue;
            }
            match &command.action {
                Action::Print => print(&text, output),
                Action::Number => output.extend_from_slice(format!("{}\n", self.number).as_bytes()),
                Action::Delete => {
                    deleted = true;
                    break;
                }
                Action::Quit => {
                    flow = Flow::Done;
                    break;
                }
                Action::Substitute { expression, with, which, all, prints } => {
                    let changed = substitute(&text, expression, with, *which, *all);
                    if let Some(changed) = changed {
                        text = changed;
                        if *prints {
                            print(&text, output);
                        }
                    }
                }
            }
        }
        if !deleted && !self.silent {
            print(&text, output);
        }
        flow
    }
}

/// `None` when nothing matched.
fn substitute(text: &str, expression: &Expression, with: &str, which: u64, all: bool) -> Option<String> {
    let mut result = String::new();
    let mut end = 0;
    for (number, captures) in (1..).zip(expression.captures(text)) {
        if number < which || (number > which && !all) {
            continue;
        }
        let Some(whole) = captures.get(0) else { continue };
        result.push_str(&text[end..whole.start()]);
        end = whole.end();
        let group = |number: u32| captures.get(number as usize).map_or("", |group| group.as_str());
        let mut chars = with.chars();
        while let Some(c) = chars.next() {
            match c {
                '&' => result.push_str(group(0)),
                '\\' => match chars.next() {
                    Some('n') => result.push('\n'),
                    Some('t') => result.push('\t'),
                    Some(c) => match c.to_digit(10) {
                        Some(number) => result.push_str(group(number)),
                        None => result.push(c),
                    },
                    None => result.push('\\'),
                },
                c => result.push(c),
            }
        }
        if result.len() > 1 << 20 {
            break;
        }
    }
    if end == 0 && result.is_empty() {
        return None;
    }
    result.push_str(&text[end..]);
    Some(result)
}
