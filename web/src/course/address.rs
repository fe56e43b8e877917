//! The lesson that the page's address names: `#lesson=groups/kill`, or the `<meta>` of a lesson's own page.

use gloo::utils::{document, window};
use web_sys::Location;

const KEY: &str = "#lesson=";
const PLAYGROUND: &str = "#playground";

/// What the address asks for.
pub(super) enum Named {
    Lesson(String),
    /// No lesson.
    Playground,
    /// Some other place on the page.
    Elsewhere,
}

/// The part behind `#` counts more than the page.
pub(super) fn named() -> Named {
    let behind = location().hash().unwrap_or_default();
    match (behind.as_str(), behind.strip_prefix(KEY)) {
        (_, Some(lesson)) => Named::Lesson(lesson.to_owned()),
        ("", None) => of_page().map_or(Named::Playground, Named::Lesson),
        (PLAYGROUND, None) => Named::Playground,
        (_, None) => Named::Elsewhere,
    }
}

/// The lesson whose page this is.
pub(crate) fn of_page() -> Option<String> {
    let meta = document().query_selector("meta[name=murmuration-lesson]").ok().flatten()?;
    meta.get_attribute("content").filter(|lesson| !lesson.is_empty())
}

/// The address says from now on that this lesson is open, or that none is.
pub(super) fn say(lesson: Option<&str>) {
    let is_said = match (named(), lesson) {
        (Named::Lesson(said), Some(lesson)) => said == lesson,
        (Named::Playground, None) => true,
        (Named::Lesson(_) | Named::Playground | Named::Elsewhere, _) => false,
    };
    if !is_said {
        let behind = lesson.map_or_else(|| PLAYGROUND.to_owned(), |lesson| format!("{KEY}{lesson}"));
        location().set_hash(&behind).expect("an address takes any text behind `#`");
    }
}

fn location() -> Location {
    window().location()
}
