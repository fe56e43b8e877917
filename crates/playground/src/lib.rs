//! Between the model and the page: what to draw, how time passes on the screen, and the session that
//! holds both. Knows no browser.

pub mod scene;
pub mod session;
