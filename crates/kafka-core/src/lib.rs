//! A deterministic model of Kafka's clients, brokers and group coordinator.
//!
//! The model does no I/O. It is told what the learner asks (`Command`) and how far time may go, and
//! it answers with what happened (`Event`). The same scenario, seed and timed inputs give
//! the same events on every target.
#![deny(clippy::float_arithmetic)]

mod agenda;
pub mod application;
pub mod assignor;
pub mod broker;
pub mod client;
pub mod cluster;
pub mod command;
pub mod config;
pub mod consumer;
pub mod delivery;
pub mod event;
pub mod group;
pub mod history;
pub mod java_hash;
mod metadata;
pub mod network;
mod node;
pub mod producer;
pub mod protocol;
pub mod record;
pub mod rng;
pub mod scenario;
pub mod simulation;
pub mod time;
pub mod topic;
pub mod transaction;
mod wire;
