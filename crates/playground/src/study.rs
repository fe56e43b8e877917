//! A lesson that is being done in a session of its own: the attempt, told what happens on the line of history in sight.
//!
//! What was done before the session's end stays done while the learner looks at the past. Who goes on from the past, on a
//! new line of history or on another one, has done what that line has seen.

mod opening;
mod view;

use std::collections::BTreeMap;

use course::content::Lesson;
use course::{Attempt, Cue, Deed, Script, Verdict};
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;

use crate::session::Session;
pub use view::{Measured, StudyView};

#[derive(Clone)]
pub struct Study {
    /// As it is before anything has happened.
    fresh: Attempt,
    attempt: Attempt,
    /// How many of the session's events the attempt was told.
    told: usize,
    /// The line of history that they are of.
    line: u32,
    seed: u64,
    deeds: BTreeMap<u32, Vec<Done>>,
}

/// A deed, and when it was done.
#[derive(Clone, Copy)]
struct Done {
    at: SimTime,
    /// So many events were told before it.
    told: usize,
    deed: Deed,
}

/// A step that has just been done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finished {
    pub step: usize,
    pub verdict: Option<Verdict>,
}

impl Study {
    /// Opens a lesson at a step, and the session that it is done in: what comes before the step has been typed there. A
    /// number that is too high means the last step. Without a seed, the lesson's own is taken.
    pub fn open(lesson: &'static Lesson, step: usize, seed: Option<u64>) -> (Self, Session) {
        let fresh = Attempt::new(lesson, step);
        let mut script = opening::script(lesson, fresh.step_number());
        if let Some(seed) = seed {
            script.scenario = Scenario { seed, ..script.scenario };
        }
        let session = Session::recall(&script);
        let (line, seed) = (session.line(), script.scenario.seed);
        (Self { attempt: fresh.clone(), fresh, told: 0, line, seed, deeds: BTreeMap::new() }, session)
    }

    pub fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    pub fn lesson(&self) -> &'static Lesson {
        self.attempt.lesson()
    }

    /// The same lesson in another language.
    pub fn translate(&mut self, lesson: &'static Lesson) {
        self.fresh.translate(lesson);
        self.attempt.translate(lesson);
    }

    /// Takes in what has happened in the session, and looks at the goals. Says when that has ended the step.
    pub fn follow(&mut self, session: &Session) -> Option<Finished> {
        if session.is_recalling() {
            return None;
        }
        if session.line() != self.line || session.events().len() < self.told {
            self.retell(session);
        }
        self.tell(session, session.events().len());
        if !session.is_at_end() {
            return None;
        }
        if self.deeds().is_empty() {
            self.perform(session, Deed::Begin);
        }
        if self.attempt.is_done() || !self.attempt.check(session.console()) {
            return None;
        }
        let outcome = self.attempt.outcome()?;
        self.note(session, Deed::Finish(outcome));
        Some(Finished { step: self.attempt.step_number(), verdict: self.attempt.verdict() })
    }

    /// Settles on a choice of the step's prediction.
    pub fn predict(&mut self, session: &Session, choice: usize) {
        self.perform(session, Deed::Predict(choice));
    }

    /// Gives the next hint that fits what was tried, if there is one.
    pub fn take_hint(&mut self, session: &Session) {
        if let Some(hint) = self.attempt.coming_hint(session.console()) {
            self.perform(session, Deed::Hint(hint));
        }
    }

    /// Goes on with the next step, in the present. False after the last one.
    pub fn next_step(&mut self, session: &mut Session) -> bool {
        self.go_to_present(session);
        let step = self.attempt.step_number();
        self.perform(session, Deed::Next);
        self.attempt.step_number() > step
    }

    /// Takes the session back to where the step began. What was tried stays as another line of history.
    pub fn try_again(&mut self, session: &mut Session) {
        self.go_to_present(session);
        let starts = |done: &&Done| matches!(done.deed, Deed::Begin | Deed::Next);
        let Some(began) = self.deeds().iter().rfind(starts).map(|done| done.at) else { return };
        session.stop_typing_out();
        session.seek(began);
        session.fork();
        session.play();
        self.follow(session);
        self.perform(session, Deed::Begin);
    }

    /// Types a solution into the terminals.
    pub fn solve(&mut self, session: &mut Session, script: &Script) {
        self.go_to_present(session);
        session.type_out(script.cues.iter().map(|Cue { after, input }| (*after, input.clone())));
    }

    fn go_to_present(&mut self, session: &mut Session) {
        session.finish_recalling();
        if !session.is_at_end() {
            session.seek(session.end());
        }
        session.play();
        self.follow(session);
    }

    fn deeds(&self) -> &[Done] {
        self.deeds.get(&self.line).map_or(&[], Vec::as_slice)
    }

    /// Does something in the session's present.
    fn perform(&mut self, session: &Session, deed: Deed) {
        self.attempt.redo(session.end(), deed);
        self.note(session, deed);
    }

    fn note(&mut self, session: &Session, deed: Deed) {
        let done = Done { at: session.end(), told: self.told, deed };
        self.deeds.entry(self.line).or_default().push(done);
    }

    /// Tells the attempt everything anew, as the line of history has it that is in sight now.
    fn retell(&mut self, session: &Session) {
        let (known, present) = (session.events().len(), session.end());
        let left = self.deeds().iter().filter(|done| done.told <= known && done.at <= present).copied();
        let before = left.collect();
        self.line = session.line();
        let deeds = self.deeds.entry(self.line).or_insert(before).clone();
        self.attempt = self.fresh.clone();
        self.told = 0;
        for Done { at, told, deed } in deeds {
            self.tell(session, told);
            self.attempt.redo(at, deed);
        }
    }

    fn tell(&mut self, session: &Session, known: usize) {
        for (at, event) in session.events().iter().take(known).skip(self.told) {
            self.attempt.observe(*at, std::slice::from_ref(event));
        }
        self.told = self.told.max(known);
    }
}
