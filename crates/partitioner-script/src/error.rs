//! What is wrong with a script, and where.

use std::fmt;

/// A place in a script; both count from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    pub line: u32,
    /// In characters.
    pub column: u32,
}

/// A script that cannot be read, or a call of it that failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptError {
    pub at: Position,
    pub message: String,
}

impl ScriptError {
    pub(crate) fn new(at: Position, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }

    /// `file:line:column: message`
    pub fn in_file(&self, file: &str) -> String {
        format!("{file}:{self}")
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.at.line, self.at.column, self.message)
    }
}

impl std::error::Error for ScriptError {}
