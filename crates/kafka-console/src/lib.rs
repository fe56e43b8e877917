//! Kafka's command lines, as the only language of the playground: a small shell, Kafka's tools, the terminals that they
//! run in, and the text form of a session.
//!
//! [`Console`] is the machine: it takes typed lines and keys, lets virtual time pass, and keeps what the terminals
//! show. [`transcript`] reads and writes a session as text.

mod bootstrap;
pub mod completion;
mod console;
mod digest;
mod duration;
mod escape;
mod json;
mod option;
mod program;
pub mod settings;
mod shell;
mod system;
mod table;
pub mod terminal;
mod tool;
pub mod transcript;
mod wall_clock;
mod write_file;

pub use console::{Action, Console, Input};
pub use digest::Digest;
pub use option::{Argument, OptionSpec};
pub use program::{ProgramEntry as Program, programs};
pub use shell::commands;
pub use tool::Tool;
pub use write_file::write_file;
