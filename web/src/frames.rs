//! The browser's frames, as elapsed time. No other place reads a clock.

use std::time::Duration;

use gloo::render::{AnimationFrame, request_animation_frame};
use yew::Callback;

/// After a tab slept, time goes on where it stopped; in milliseconds.
const LONGEST: f64 = 100.0;

pub(crate) struct Frames {
    last: Option<f64>,
    next: Option<AnimationFrame>,
}

impl Frames {
    pub(crate) const fn new() -> Self {
        Self { last: None, next: None }
    }

    /// Asks for one frame; `onframe` is given its time stamp.
    pub(crate) fn request(&mut self, onframe: Callback<f64>) {
        self.next = Some(request_animation_frame(move |stamp| onframe.emit(stamp)));
    }

    /// Time since the frame before.
    pub(crate) fn elapsed(&mut self, stamp: f64) -> Duration {
        let elapsed = self.last.map_or(0.0, |last| (stamp - last).clamp(0.0, LONGEST));
        self.last = Some(stamp);
        Duration::from_secs_f64(elapsed / 1000.0)
    }
}
