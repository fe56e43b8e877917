//! Between the model and the page: what to draw, how time passes on the screen, and the session that
//! holds both. Knows no browser.

mod chronicle;
mod handling;
mod memory;
mod pacing;
mod painter;
pub mod rebalances;
pub mod scene;
pub mod session;
