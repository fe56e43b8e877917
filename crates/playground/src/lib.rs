//! Between the model and the page: what to draw, how time passes on the screen, and the session that
//! holds both. Knows no browser.

mod chronicle;
pub mod comparison;
pub mod faults;
mod handling;
mod memory;
mod pacing;
mod painter;
pub mod properties;
pub mod rebalances;
pub mod scene;
pub mod script;
pub mod session;
pub mod study;
pub use kafka_console::settings;
