//! What stands before a step, as one list of inputs with their times.

use course::content::Lesson;
use course::{Cue, Script};
use kafka_core::history::Timed;
use kafka_core::time::SimTime;

use crate::script;

/// The set-up of a lesson and the solutions of the steps before this one.
pub(super) fn script(lesson: &Lesson, step: usize) -> script::Script {
    let scripts = lesson.opening(step);
    let scenario = scripts.first().expect("a set-up stands first, if only an empty one").scenario.clone();
    let mut end = SimTime::default();
    let mut inputs = Vec::new();
    for Script { cues, rest, .. } in scripts {
        for Cue { after, input } in cues {
            end += after;
            inputs.push(Timed { at: end, input });
        }
        end += rest;
    }
    script::Script { scenario, inputs, end }
}
