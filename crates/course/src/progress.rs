//! What a learner has done, kept between visits: as text that a browser stores and a file carries.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::content::{Course, Lesson};

/// Raised when texts of an older version would be misread.
const VERSION: u32 = 1;

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// By the lesson's id. Lessons that the course no longer has are kept.
    lessons: BTreeMap<String, LessonProgress>,
    /// Where the learner was last.
    last: Option<Place>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LessonProgress {
    /// Steps that were done, by id.
    done: BTreeSet<String>,
    /// Whether the prediction of a step came true, the first time that it was made.
    predictions: BTreeMap<String, bool>,
}

/// A step of a lesson, by their ids.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub lesson: String,
    pub step: String,
}

/// Why a text is not read. The text itself is the caller's to set aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// No progress at all, or a damaged one; says where.
    Damaged { reason: String },
    /// Written by a newer version of the page.
    Newer { version: u32, known: u32 },
}

#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    version: u32,
    progress: T,
}

impl Progress {
    /// Reads what [`to_text`](Self::to_text) wrote.
    ///
    /// # Errors
    /// The text is damaged, or newer than this version of the course. Nothing is guessed.
    pub fn from_text(text: &str) -> Result<Self, Unreadable> {
        let damaged = |error: serde_json::Error| Unreadable::Damaged { reason: error.to_string() };
        let read: Versioned<serde_json::Value> = serde_json::from_str(text).map_err(damaged)?;
        if read.version > VERSION {
            return Err(Unreadable::Newer { version: read.version, known: VERSION });
        }
        serde_json::from_value(read.progress).map_err(damaged)
    }

    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(&Versioned { version: VERSION, progress: self })
            .expect("names and truth values can always be written")
    }

    /// The learner stands at a step.
    pub fn visit(&mut self, place: Place) {
        self.last = Some(place);
    }

    /// A step is done. `prediction` says whether the prediction came true, where one was made; the first one counts.
    pub fn complete(&mut self, place: &Place, prediction: Option<bool>) {
        let lesson = self.lessons.entry(place.lesson.clone()).or_default();
        lesson.done.insert(place.step.clone());
        if let Some(came_true) = prediction {
            lesson.predictions.entry(place.step.clone()).or_insert(came_true);
        }
    }

    /// Takes in what was done elsewhere. Nothing that is known is lost, and what was predicted here first still counts.
    pub fn merge(&mut self, other: Self) {
        for (id, theirs) in other.lessons {
            let lesson = self.lessons.entry(id).or_default();
            lesson.done.extend(theirs.done);
            for (step, came_true) in theirs.predictions {
                lesson.predictions.entry(step).or_insert(came_true);
            }
        }
        self.last = self.last.take().or(other.last);
    }

    pub fn is_done(&self, lesson: &str, step: &str) -> bool {
        self.lessons.get(lesson).is_some_and(|lesson| lesson.done.contains(step))
    }

    /// How many steps of the lesson are done.
    pub fn steps_done(&self, lesson: &Lesson) -> usize {
        lesson.steps.iter().filter(|step| self.is_done(&lesson.id, &step.id)).count()
    }

    /// Predictions that were made and those of them that came true, in lessons that the course has.
    pub fn predictions(&self, course: &Course) -> (usize, usize) {
        let made: Vec<bool> = course
            .lessons()
            .filter_map(|lesson| self.lessons.get(&lesson.id))
            .flat_map(|lesson| lesson.predictions.values().copied())
            .collect();
        (made.len(), made.iter().filter(|came_true| **came_true).count())
    }

    /// Where the learner was last, if the course still has it.
    pub fn last(&self, course: &Course) -> Option<Place> {
        self.last.clone().filter(|last| places(course).any(|place| place == *last))
    }

    /// The first step, in the order of the course, that is not done; `None` when all are.
    pub fn next(&self, course: &Course) -> Option<Place> {
        places(course).find(|place| !self.is_done(&place.lesson, &place.step))
    }
}

fn places(course: &Course) -> impl Iterator<Item = Place> {
    course.lessons().flat_map(|lesson| {
        lesson.steps.iter().map(|step| Place { lesson: lesson.id.clone(), step: step.id.clone() })
    })
}
