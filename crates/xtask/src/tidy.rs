//! `cargo xtask tidy`: the house rules, as far as a program can hold them.
//!
//! Every rule looks at the whole tree and reports all that it finds, so that one run shows
//! everything there is to put right.

mod documents;
mod layers;
mod leftovers;
mod machine;
mod model_docs;
mod naming;
mod size;
mod tree;

use crate::project::Project;
use anyhow::{Result, bail};
use std::fmt;
use tree::Tree;

/// One thing to put right.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    what: String,
    remedy: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}:{}: {}", self.path, self.line, self.what)?;
        writeln!(out, "    {}", self.remedy)
    }
}

pub(crate) fn run(project: &Project) -> Result<()> {
    let tree = Tree::read(project.root())?;
    let mut findings = layers::check(&layers::Workspace::of(project)?);
    for rule in
        [documents::check, leftovers::check, machine::check, model_docs::check, naming::check, size::check]
    {
        findings.extend(rule(&tree));
    }
    if findings.is_empty() {
        println!("{} files keep the house rules.", tree.files.len());
        return Ok(());
    }
    findings.sort();
    for finding in &findings {
        print!("{finding}");
    }
    bail!("{} findings against the house rules", findings.len())
}
