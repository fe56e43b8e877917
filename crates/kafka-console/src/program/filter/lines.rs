//! `cat`, `nl`, `rev`, `tac` and `tee`.
//!
//! Leaves out: `cat`'s options but `-n`; the pages and styles of `nl` but `-b a`.

use std::rc::Rc;

use super::{Flow, Line, Plan, Spec, Work};
use crate::system::Context;

/// What `tac` holds, in bytes.
const MAX_BYTES: usize = 8 << 20;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Lines {
    change: Change,
    number: u64,
    kept: Vec<Vec<u8>>,
    bytes: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Change {
    None,
    /// `cat -n`, and `nl -b a`
    NumberAll,
    /// `nl`
    NumberFilled,
    Reverse,
    LastFirst,
}

fn plan(spec: &Spec, arguments: &[Rc<str>], change: Change) -> Result<Plan, String> {
    let arguments = spec.parse(arguments)?;
    let numbers = arguments.has('n') || arguments.value('b') == Some("a");
    let change = if numbers { Change::NumberAll } else { change };
    let lines = Lines { change, number: 0, kept: Vec::new(), bytes: 0 };
    Ok(Plan::new(Work::Lines(lines), arguments))
}

pub(super) fn cat(arguments: &[Rc<str>]) -> Result<Plan, String> {
    plan(&Spec { flags: "nu", values: "", long: &[("number", 'n')] }, arguments, Change::None)
}

pub(super) fn nl(arguments: &[Rc<str>]) -> Result<Plan, String> {
    plan(&Spec { flags: "", values: "b", long: &[("body-numbering", 'b')] }, arguments, Change::NumberFilled)
}

pub(super) fn rev(arguments: &[Rc<str>]) -> Result<Plan, String> {
    plan(&Spec { flags: "", values: "", long: &[] }, arguments, Change::Reverse)
}

pub(super) fn tac(arguments: &[Rc<str>]) -> Result<Plan, String> {
    plan(&Spec { flags: "", values: "", long: &[] }, arguments, Change::LastFirst)
}

impl Lines {
    pub(super) fn line(&mut self, line: Line<'_>, output: &mut Vec<u8>) -> Result<Flow, String> {
        match self.change {
            Change::None => line.copy(output),
            Change::NumberFilled if line.text.is_empty() => output.extend_from_slice(b"       \n"),
            Change::NumberAll | Change::NumberFilled => {
                self.number += 1;
                output.extend_from_slice(format!("{:6}\t", self.number).as_bytes());
                line.copy(output);
            }
            Change::Reverse => {
                let reversed: String = String::from_utf8_lossy(line.text).chars().rev().collect();
                Line { text: reversed.as_bytes(), ..line }.copy(output);
            }
            Change::LastFirst => {
                self.bytes += line.text.len() + 24;
                if self.bytes > MAX_BYTES {
                    return Err(format!("it holds at most {MAX_BYTES} bytes here"));
                }
                let mut kept = Vec::new();
                line.copy(&mut kept);
                self.kept.push(kept);
            }
        }
        Ok(Flow::More)
    }

    pub(super) fn end(&mut self, output: &mut Vec<u8>) {
        output.extend(self.kept.drain(..).rev().flatten());
    }
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Tee {
    /// Whole paths.
    files: Vec<Rc<str>>,
}

pub(super) fn tee(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Plan, String> {
    let mut arguments = Spec { flags: "ai", values: "", long: &[("append", 'a')] }.parse(arguments)?;
    let mut files = Vec::new();
    for name in std::mem::take(&mut arguments.operands) {
        if &*name == "/dev/null" {
            continue;
        }
        let (path, now) = (context.path(&name), context.now());
        let system = &mut context.system().files;
        let made = if arguments.has('a') {
            system.append(&path, b"", now).map(|_| ())
        } else {
            system.create(&path, now)
        };
        made.map_err(|error| format!("{name}: {error}"))?;
        files.push(path.into());
    }
    Ok(Plan::new(Work::Tee(Tee { files }), arguments))
}

impl Tee {
    pub(super) fn line(&self, line: Line<'_>, output: &mut Vec<u8>, context: &mut Context<'_>) {
        line.copy(output);
        for file in &self.files {
            drop(context.write(&crate::system::Output::File(file.clone()), output));
        }
    }
}
