//! What a course is made of, as plain data: the build reads it from Markdown, the page paints it.
//!
//! The build script compiles this file too, so it knows neither the cluster nor the console.

#[path = "content/goal.rs"]
mod goal;

use serde::{Deserialize, Serialize};

pub use goal::{Bound, Comparison, Goal, Quantity, Rest};

/// The whole course in one language.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Course {
    /// In the order in which they are taught.
    pub chapters: Vec<Chapter>,
    /// In the order of the glossary's file.
    pub glossary: Vec<Entry>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Chapter {
    /// The same in every language, part of addresses: `groups`.
    pub id: String,
    pub title: String,
    pub summary: String,
    pub lessons: Vec<Lesson>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Lesson {
    /// Its chapter's and its own name, the same in every language: `groups/rebalancing`.
    pub id: String,
    pub title: String,
    pub summary: String,
    /// How long a learner takes, in minutes.
    pub minutes: u32,
    /// Terms of the glossary that are new here, by id.
    pub terms: Vec<String>,
    pub prose: Vec<Block>,
    /// A transcript that runs before the first step; may be empty. Its settings make the scenario.
    pub setup: String,
    /// At least one.
    pub steps: Vec<Step>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// The same in every language, unique in its lesson.
    pub id: String,
    pub title: String,
    pub prose: Vec<Block>,
    pub prediction: Option<Prediction>,
    /// The step is done when all of them hold at one moment.
    pub goals: Vec<Goal>,
    /// The first that fits is given first: those that react to what was tried stand before the general ones.
    pub hints: Vec<Hint>,
    /// A transcript that reaches the goals from the end of the step before.
    pub solution: String,
    /// Other transcripts that do.
    pub routes: Vec<String>,
    /// Transcripts that do not.
    pub wrong_routes: Vec<WrongRoute>,
    /// Shown when the step is done.
    pub insight: Vec<Block>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hint {
    /// What must hold for the hint to make sense; empty for one that always does.
    pub when: Vec<Goal>,
    pub text: Vec<Block>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WrongRoute {
    pub transcript: String,
    /// The goal of the step that is still unmet afterwards: the reason why the route is wrong.
    pub unmet: Goal,
}

/// A question that is answered before the step is done, and decided by what then happens.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Prediction {
    pub question: Vec<Block>,
    /// Two at least.
    pub choices: Vec<Choice>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Choice {
    /// All of them hold when the step is done if, and only if, this choice is the right one.
    pub holds: Vec<Goal>,
    pub text: Vec<Inline>,
    /// Why one may think so, and what is right about it or wrong.
    pub why: Vec<Block>,
}

/// A term of the glossary.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The same in every language, part of addresses.
    pub id: String,
    pub term: String,
    pub text: Vec<Block>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Block {
    Paragraph(Vec<Inline>),
    Heading(Vec<Inline>),
    List {
        ordered: bool,
        items: Vec<Vec<Block>>,
    },
    Table {
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Quote(Vec<Block>),
    /// What can be typed into a terminal with a click.
    Typed {
        terminal: u32,
        reader: Reader,
        text: String,
    },
    /// Text as a terminal or a file shows it.
    Verbatim(String),
    /// What the learner has seen: each line is ticked by the steps that were done.
    Checklist(Vec<Tick>),
    /// Throughput of groups, as a table and a chart.
    Measurements(Vec<Measurement>),
}

/// Who reads what is typed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Reader {
    /// The shell at its prompt.
    Shell,
    /// The program that runs in the terminal: each line is one input.
    Program,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Tick {
    /// A lesson and one of its steps, by id.
    pub lesson: String,
    pub step: String,
    pub text: Vec<Inline>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Measurement {
    pub group: String,
    pub text: Vec<Inline>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Inline {
    Text(String),
    Code(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Link { target: Target, text: Vec<Inline> },
}

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Target {
    /// A page of another site, https.
    Web(String),
    /// A term of the glossary, by id.
    Term(String),
    /// Another lesson, by id.
    Lesson(String),
    /// Something on the stage.
    Stage(StageObject),
    /// A key to press in a terminal.
    Key { terminal: u32, key: Key },
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum StageObject {
    Topic(String),
    Partition {
        topic: String,
        partition: u32,
    },
    Group(String),
    Broker(u32),
    /// The program that runs in a terminal.
    Terminal(u32),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Key {
    /// Control-C.
    Interrupt,
    /// Control-D.
    EndOfInput,
    /// The terminal is closed, which kills what runs there.
    Close,
}
