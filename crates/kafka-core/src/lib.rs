//! A deterministic model of Kafka's clients, brokers and group coordinator.
//!
//! The model does no I/O. It is told what the learner asks (`Command`) and how far time may go, and
//! it answers with what happened (`Event`). The same scenario, seed and timed inputs give
//! the same events on every target.
#![deny(clippy::float_arithmetic)]

pub mod assignor;
pub mod event;
pub mod group;
pub mod java_hash;
pub mod producer;
pub mod protocol;
pub mod record;
pub mod rng;
pub mod time;
pub mod topic;
