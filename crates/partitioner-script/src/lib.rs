//! A small language for partitioners that learners write.
//!
//! ```text
//! // Records of one country stay together.
//! fn partition(topic, key, value, headers, partitions) {
//!     switch headers.country {
//!         "KR" => 0,
//!         "US" | "CA" => 1 % partitions,
//!         () => by_key(key, partitions),
//!         _ => partitions - 1,
//!     }
//! }
//!
//! fn by_key(key, partitions) {
//!     to_positive(murmur2(key)) % partitions
//! }
//! ```
//!
//! It reads like Rhai, of which it is the part that a partitioner needs: functions, `let`, `if`, `switch`, `while`, `for`,
//! `return`; whole numbers, texts, `true` and `false`, lists, and `()` for what is not there. An engine for the whole of
//! Rhai would weigh an eighth of the page.
//!
//! A script is a function of the record: it keeps nothing between calls, draws no random numbers, and reaches nothing but
//! its arguments. What it may use is counted for each record: [`MAX_STEPS`], [`MAX_BYTES`], [`MAX_CALLS`].
//!
//! Unlike Java's `Partitioner`, it is shown the record's headers. Leaves out: closures, maps other than the headers, lists
//! in lists, numbers with a point.

mod builtin;
mod error;
mod evaluator;
mod operator;
mod parser;
mod syntax;
mod token;
mod value;

use std::rc::Rc;

pub use builtin::BUILTINS;
pub use error::{Position, ScriptError};
pub use evaluator::{MAX_BYTES, MAX_CALLS, MAX_STEPS};
use kafka_core::producer::custom_partitioner::{Partition, PartitionRequest};
pub use parser::{MAX_DEPTH, MAX_SOURCE};
use syntax::Program;

/// A partitioner that has been read and checked.
#[derive(Clone, Debug)]
pub struct Script {
    program: Rc<Program>,
}

impl Script {
    /// Reads a script and checks names and numbers of arguments.
    ///
    /// # Errors
    /// Says what is wrong, what would be right, and where.
    pub fn compile(source: &str) -> Result<Self, ScriptError> {
        Ok(Self { program: Rc::new(parser::parse(source)?) })
    }

    /// Runs `partition(topic, key, value, headers, partitions)` for a record. The number is what the script says: nobody
    /// has checked yet whether the topic has such a partition.
    ///
    /// # Errors
    /// Says where the script failed, used too much, or returned what is no number.
    pub fn choose(&self, request: &PartitionRequest<'_>) -> Result<i32, ScriptError> {
        evaluator::run(&self.program, request)
    }
}

/// A script by the name of its file, as the producer asks it.
#[derive(Debug)]
pub struct NamedScript {
    pub file: Rc<str>,
    pub script: Script,
}

impl Partition for NamedScript {
    fn partition(&self, request: &PartitionRequest<'_>) -> Result<i32, String> {
        self.script.choose(request).map_err(|error| error.in_file(&self.file))
    }
}
