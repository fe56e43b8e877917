//! A lesson that is being done: where the learner is in it, what has happened, and what is still missing.

use kafka_console::Console;
use kafka_core::event::Event;
use kafka_core::time::SimTime;

use crate::content::{Goal, Lesson, Step};
use crate::evidence::Evidence;
use crate::reading::{Reading, Scenery};
use crate::script::Script;

/// A fold over events. It is told everything from the beginning of the lesson, the set-up included; the page and the
/// tests say when a step begins and when goals are looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attempt {
    lesson: &'static Lesson,
    /// Below the number of steps.
    step: usize,
    evidence: Evidence,
    chosen: Option<usize>,
    /// Hints of the step that were given.
    hints: Vec<usize>,
    outcome: Option<Outcome>,
}

/// What a learner does to an attempt, beside typing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// The step begins now, or begins again.
    Begin,
    /// Goes on with the next step, where there is one.
    Next,
    Predict(usize),
    /// Takes this hint of the step.
    Hint(usize),
    /// The step was found to be done.
    Finish(Outcome),
}

/// How a step ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The choice that the run has proved right, where there was a prediction.
    right: Option<usize>,
}

/// What became of a prediction, by the number of the choice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// `None` when nothing was predicted.
    pub chosen: Option<usize>,
    pub right: usize,
}

impl Attempt {
    /// Starts at a step, with what happened before it still to be told. A number that is too high means the last step.
    pub fn new(lesson: &'static Lesson, step: usize) -> Self {
        let step = step.min(lesson.steps.len() - 1);
        Self { lesson, step, evidence: Evidence::default(), chosen: None, hints: Vec::new(), outcome: None }
    }

    pub fn lesson(&self) -> &'static Lesson {
        self.lesson
    }

    pub fn step(&self) -> &'static Step {
        &self.lesson.steps[self.step]
    }

    pub fn step_number(&self) -> usize {
        self.step
    }

    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// The same lesson in another language.
    pub fn translate(&mut self, lesson: &'static Lesson) {
        assert_eq!(self.lesson.id, lesson.id, "every language has the same lessons");
        self.lesson = lesson;
    }

    pub fn observe(&mut self, at: SimTime, events: &[Event]) {
        self.evidence.observe(at, events);
    }

    /// Does again what was done to another attempt at this point.
    pub fn redo(&mut self, at: SimTime, deed: Deed) {
        match deed {
            Deed::Begin => self.begin_step(at),
            Deed::Next => {
                self.next_step(at);
            }
            Deed::Predict(choice) => self.predict(choice),
            Deed::Hint(hint) => self.hints.push(hint),
            Deed::Finish(outcome) => self.outcome = Some(outcome),
        }
    }

    /// The step begins now, or begins again.
    pub fn begin_step(&mut self, now: SimTime) {
        self.evidence.begin_step(now);
        self.chosen = None;
        self.hints.clear();
        self.outcome = None;
    }

    /// Goes on with the next step. False after the last one.
    pub fn next_step(&mut self, now: SimTime) -> bool {
        let has_next = self.step + 1 < self.lesson.steps.len();
        if has_next {
            self.step += 1;
            self.begin_step(now);
        }
        has_next
    }

    /// Looks at the goals. A step that was done stays done.
    pub fn check(&mut self, console: &Console) -> bool {
        if self.outcome.is_none() {
            let scenery = self.scenery(console);
            if scenery.all_hold(&self.step().goals) {
                let prediction = self.step().prediction.as_ref();
                let right = prediction.and_then(|prediction| {
                    prediction.choices.iter().position(|choice| scenery.all_hold(&choice.holds))
                });
                self.outcome = Some(Outcome { right });
            }
        }
        self.is_done()
    }

    /// How the step ended; `None` while it has not.
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }

    pub fn is_done(&self) -> bool {
        self.outcome.is_some()
    }

    /// How things stand with each goal of the step.
    pub fn readings(&self, console: &Console) -> Vec<Reading<'static>> {
        self.step().goals.iter().map(|goal| self.reading(console, goal)).collect()
    }

    /// How things stand with any goal, counted from the beginning of the step.
    pub fn reading<'g>(&self, console: &Console, goal: &'g Goal) -> Reading<'g> {
        self.scenery(console).read(goal)
    }

    /// Settles on a choice. Nothing changes once the step is done, or for a choice that does not exist.
    pub fn predict(&mut self, choice: usize) {
        let exists =
            self.step().prediction.as_ref().is_some_and(|prediction| choice < prediction.choices.len());
        if exists && !self.is_done() {
            self.chosen = Some(choice);
        }
    }

    pub fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    /// `None` before the step is done, and for a step without a prediction.
    pub fn verdict(&self) -> Option<Verdict> {
        let right = self.outcome?.right?;
        Some(Verdict { chosen: self.chosen, right })
    }

    /// Gives the next hint that fits what was tried, by its number in the step; `None` when there is no other.
    pub fn next_hint(&mut self, console: &Console) -> Option<usize> {
        let next = self.coming_hint(console)?;
        self.hints.push(next);
        Some(next)
    }

    /// The hint that [`next_hint`](Self::next_hint) would give.
    pub fn coming_hint(&self, console: &Console) -> Option<usize> {
        let scenery = self.scenery(console);
        let fits = |number: &usize| {
            !self.hints.contains(number) && scenery.all_hold(&self.step().hints[*number].when)
        };
        (0..self.step().hints.len()).find(fits)
    }

    /// The hints that were given, in that order.
    pub fn hints(&self) -> &[usize] {
        &self.hints
    }

    fn scenery<'a>(&'a self, console: &'a Console) -> Scenery<'a> {
        Scenery { console, evidence: &self.evidence }
    }
}

impl Lesson {
    /// Everything that is typed before a step begins: the set-up, then the solutions of the steps before it. With the first
    /// script's scenario, it brings a console to where the step begins.
    pub fn opening(&self, step: usize) -> Vec<Script> {
        let solutions = self.steps.iter().take(step).map(|step| step.solution.as_str());
        let transcripts = std::iter::once(self.setup.as_str()).chain(solutions);
        transcripts.map(|text| Script::parse(text).expect("the tests play every transcript")).collect()
    }
}
