//! A study as the page shows it.

use std::rc::Rc;

use course::content::{Block, Lesson};
use course::{Reading, Throughput, Verdict};

use super::Study;
use crate::session::Session;

#[derive(Clone, PartialEq, Debug)]
pub struct StudyView {
    /// The lesson runs the same each time with the same one.
    pub seed: u64,
    pub step: usize,
    /// What comes before the step is still on its way.
    pub is_preparing: bool,
    /// The solution is being typed.
    pub is_typing: bool,
    pub is_done: bool,
    /// Of the step's goals, in their order.
    pub readings: Rc<[Reading<'static>]>,
    /// The choice of the prediction that the learner has settled on.
    pub chosen: Option<usize>,
    pub verdict: Option<Verdict>,
    /// Hints that were given, in that order.
    pub hints: Rc<[usize]>,
    /// Another one fits what was tried.
    pub has_hint: bool,
    /// How fast the groups were that the lesson measures, by name.
    pub measured: Rc<[(&'static str, Option<Measured>)]>,
}

/// What a group has done, and what one consumer of the same work would let one expect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measured {
    pub throughput: Throughput,
    /// Of the last group before it in the list in which one consumer worked alone; a lone one has none.
    pub alone: Option<Throughput>,
}

impl Measured {
    /// Records per second while the group read; `None` when that took less than a millisecond.
    pub fn rate(throughput: Throughput) -> Option<u64> {
        let millis = u64::try_from(throughput.reading.as_millis()).ok().filter(|millis| *millis > 0)?;
        Some(throughput.records * 1000 / millis)
    }

    /// What the formula says: the consumers, each as fast as the one alone, times 0.7 and 0.9.
    pub fn expected(self) -> Option<(u64, u64)> {
        let most = Self::rate(self.alone?)? * self.throughput.consumers;
        Some((most * 7 / 10, most * 9 / 10))
    }
}

impl Study {
    pub fn view(&self, session: &Session) -> StudyView {
        let console = session.console();
        StudyView {
            seed: self.seed,
            step: self.attempt.step_number(),
            is_preparing: session.is_recalling(),
            is_typing: session.is_typing_out(),
            is_done: self.attempt.is_done(),
            readings: self.attempt.readings(console).into(),
            chosen: self.attempt.chosen(),
            verdict: self.attempt.verdict(),
            hints: self.attempt.hints().into(),
            has_hint: self.attempt.coming_hint(console).is_some(),
            measured: self.measured(),
        }
    }

    fn measured(&self) -> Rc<[(&'static str, Option<Measured>)]> {
        let mut alone = None;
        let groups = measured_groups(self.lesson()).map(|group| {
            let throughput = self.attempt.evidence().throughput(group);
            if let Some(throughput) = throughput.filter(|throughput| throughput.consumers == 1) {
                alone = Some(throughput);
                return (group, Some(Measured { throughput, alone: None }));
            }
            (group, throughput.map(|throughput| Measured { throughput, alone }))
        });
        groups.collect()
    }
}

/// The groups that the lesson's tables of measurements name.
fn measured_groups(lesson: &'static Lesson) -> impl Iterator<Item = &'static str> {
    let steps = lesson.steps.iter().flat_map(|step| step.prose.iter().chain(&step.insight));
    lesson
        .prose
        .iter()
        .chain(steps)
        .flat_map(|block| match block {
            Block::Measurements(measurements) => measurements.as_slice(),
            Block::Paragraph(_)
            | Block::Heading(_)
            | Block::List { .. }
            | Block::Table { .. }
            | Block::Quote(_)
            | Block::Typed { .. }
            | Block::Verbatim(_)
            | Block::Checklist(_) => &[],
        })
        .map(|measurement| measurement.group.as_str())
}
