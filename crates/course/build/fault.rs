//! What is wrong with a file of the course, and where.

use std::fmt;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    /// Relative to the folder of the lessons.
    pub(crate) path: String,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "crates/course/lessons/{}:{}: {}", self.path, self.line, self.message)
    }
}

/// A text with the place that it was taken from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    /// The number of its first line in the file.
    pub(crate) line: usize,
    pub(crate) text: &'a str,
}

impl<'a> Source<'a> {
    pub(crate) fn file(path: &'a str, text: &'a str) -> Self {
        Self { path, line: 1, text }
    }

    /// A fault in the line that holds a byte of the text.
    pub(crate) fn fault(&self, at: usize, message: impl Into<String>) -> Fault {
        Fault { path: self.path.to_owned(), line: self.line_of(at), message: message.into() }
    }

    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.line + self.text[..at].matches('\n').count()
    }

    /// What stands from one byte up to another.
    pub(crate) fn part(&self, from: usize, to: usize) -> Self {
        Self { line: self.line_of(from), text: &self.text[from..to], ..*self }
    }
}
