//! The page. Paints what a session says, and tells it what the visitor does.

mod acts;
mod app;
mod comparison;
mod course;
mod dock;
mod files;
mod frames;
mod i18n;
mod intent;
mod introduction;
mod keeping;
mod notice;
mod preferences;
mod settings;
mod side;
mod stage;
mod topbar;

use playground::session::Speed;
use web_sys::Element;
use yew::{AppHandle, Renderer};

use app::{App, AppProps};
pub use course::CourseFiles;

/// How a page begins.
#[derive(Clone, PartialEq, Debug)]
pub struct Options {
    /// A demonstration plays until the visitor's first input.
    pub demonstration: bool,
    pub speed: Speed,
    pub course: CourseFiles,
}

impl Default for Options {
    fn default() -> Self {
        let course = CourseFiles::default();
        Self { demonstration: true, speed: Speed::Auto { per_mille: 1000 }, course }
    }
}

/// A page that runs.
pub struct Page(AppHandle<App>);

impl Page {
    pub fn unmount(self) {
        self.0.destroy();
    }
}

/// Puts a page into an element, in place of what is there.
pub fn mount(place: Element, options: Options) -> Page {
    Page(Renderer::<App>::with_root_and_props(place, AppProps { options }).render())
}
