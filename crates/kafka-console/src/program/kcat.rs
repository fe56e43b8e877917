//! `kcat`: a client in one line.
//!
//! Mirrors kcat 1.7 and, below it, librdkafka: keys are hashed with CRC-32 unless `-X partitioner=murmur2_random` says
//! otherwise. Leaves out: `-Q`, `-M`, `-s`, `-F`, `e@` offsets, transactions, random partitions of single records
//! without a key (they stick to a partition, as the Java client's do).

mod consume;
mod format;
mod list;
mod options;
mod produce;

use std::rc::Rc;

use crate::system::{Context, Progress};
use consume::Consuming;
use options::{Mode, Options};
use produce::Producing;

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Kcat {
    phase: Phase,
}

#[derive(Clone, PartialEq, Debug)]
enum Phase {
    Starting(Rc<[Rc<str>]>),
    Producing(Box<Producing>),
    Consuming(Box<Consuming>),
}

/// What is printed when nothing can be done; the exit code is 1.
enum Refused {
    /// `usage()`: the reason, before the way to call it.
    Usage(String),
    /// `KC_FATAL`
    Fatal(String),
}

impl Kcat {
    pub(super) fn new(arguments: Rc<[Rc<str>]>) -> Self {
        Self { phase: Phase::Starting(arguments) }
    }

    pub(super) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        match &mut self.phase {
            Phase::Starting(arguments) => {
                let arguments = arguments.clone();
                match start(&arguments, context) {
                    Ok(Some(phase)) => {
                        self.phase = phase;
                        Progress::Continue
                    }
                    Ok(None) => Progress::Exit(0),
                    Err(Refused::Usage(reason)) => {
                        context.print_error(&format!("Error: {reason}\n\n{}", options::USAGE));
                        Progress::Exit(1)
                    }
                    Err(Refused::Fatal(message)) => {
                        context.print_error(&format!("% ERROR: {message}"));
                        Progress::Exit(1)
                    }
                }
            }
            Phase::Producing(producing) => producing.step(context),
            Phase::Consuming(consuming) => consuming.step(context),
        }
    }
}

fn start(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Option<Phase>, Refused> {
    let Some(options) = Options::parse(arguments, context)? else {
        drop(context.print(options::USAGE));
        return Ok(None);
    };
    Ok(match &options.mode {
        Mode::List => {
            list::list(&options, context);
            None
        }
        Mode::Produce => Some(Phase::Producing(Box::new(Producing::start(&options, context)?))),
        Mode::Consume | Mode::Group(_) => {
            Some(Phase::Consuming(Box::new(Consuming::start(&options, context)?)))
        }
    })
}
