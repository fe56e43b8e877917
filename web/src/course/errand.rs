//! What a learner can want from the course.

use std::rc::Rc;

use course::{Language, Script};

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Errand {
    /// Opens the panel where the learner left it.
    Open,
    Show(Page),
    /// Leaves the lesson and goes back to the learner's own session.
    Leave,
    Lesson(Lead),
    /// The lesson that the page's address names, if it names one.
    FollowAddress,
    /// From the step's beginning, with what was there then.
    TryAgain,
    NextStep,
    Predict(usize),
    /// Goes on without a prediction.
    Skip,
    Hint,
    Solve(Rc<Script>),
    StopTyping,
    /// The whole lesson by its solutions, with another seed.
    Measure {
        seed: u64,
    },
    /// Explains a term of the glossary, or none any more.
    Explain(Option<Rc<str>>),
    /// A file of the course has come, or why it has not.
    Delivered(Language, Result<String, String>),
    /// Asks for the course again after that failed.
    Fetch,
    /// Takes in the progress that a file holds.
    Import(String),
    /// Forgets what was done.
    Reset,
    DismissTrouble,
}

/// Which lesson, and at which of its steps; without one, where there is something left to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Lead {
    pub(crate) lesson: Rc<str>,
    pub(crate) step: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Page {
    Contents,
    Lesson,
    Glossary,
}

/// What a learner is told that went wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Trouble {
    /// The progress that the browser kept cannot be read. The text was put aside.
    Unreadable {
        reason: Rc<str>,
        text: Rc<str>,
    },
    /// The file that was to be imported cannot be read.
    BadFile(Rc<str>),
    /// The browser does not keep progress.
    NotKept,
    NoSuchLesson(Rc<str>),
}
