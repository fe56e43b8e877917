//! The course: lessons as data, goals that are checked against what happened, and a learner's progress.
//!
//! Lessons are Markdown below `lessons/`; the build script reads them and fails where one is broken, so that this crate
//! only unpacks [`content`]. With the feature `built-in` it holds them, without it they are read from a file. [`Attempt`] is a lesson that is being done: a fold over events, with no clock of its own.
//! [`Script`] types set-ups and solutions. [`Progress`] is what is kept between visits.

mod attempt;
pub mod content;
mod evidence;
mod library;
mod progress;
mod reading;
mod script;

pub use attempt::{Attempt, Deed, Outcome, Verdict};
pub use evidence::{Evidence, Throughput};
pub use library::Language;
#[cfg(feature = "built-in")]
pub use library::{course, lesson, packed};
pub use progress::{Place, Progress, Unreadable};
pub use reading::{Reading, Shortfall};
pub use script::{Cue, Script};
