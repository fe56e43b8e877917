//! The course's files: fetched from the site itself when they are first needed.

use std::ops::Deref;
use std::rc::Rc;

use course::Language;
use course::content::Course;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::errand::Errand;
use crate::site::fetch;

/// Where the course's files are, relative to the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CourseFiles {
    pub english: Rc<str>,
    pub korean: Rc<str>,
}

impl Default for CourseFiles {
    fn default() -> Self {
        let [english, korean] =
            [Language::English, Language::Korean].map(|language| language.file_name().into());
        Self { english, korean }
    }
}

/// Something of the course: there once, for as long as the page is. Told apart by its place.
#[derive(Debug)]
pub(crate) struct Loaded<T: 'static>(pub(crate) &'static T);

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

impl<T> PartialEq for Loaded<T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl<T> Deref for Loaded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0
    }
}

pub(super) struct Library {
    files: CourseFiles,
    deliver: Callback<Errand>,
    english: Shelf,
    korean: Shelf,
}

enum Shelf {
    Empty,
    Awaited,
    Failed(Rc<str>),
    Filled(Loaded<Course>),
}

impl Library {
    pub(super) const fn new(files: CourseFiles, deliver: Callback<Errand>) -> Self {
        Self { files, deliver, english: Shelf::Empty, korean: Shelf::Empty }
    }

    /// The course in this language, else in the other one.
    pub(super) fn course(&self, language: Language) -> Option<Loaded<Course>> {
        self.exactly(language).or_else(|| Language::ALL.into_iter().find_map(|other| self.exactly(other)))
    }

    pub(super) fn exactly(&self, language: Language) -> Option<Loaded<Course>> {
        match self.shelf(language) {
            Shelf::Filled(course) => Some(*course),
            Shelf::Empty | Shelf::Awaited | Shelf::Failed(_) => None,
        }
    }

    /// Why there is no course in this language.
    pub(super) fn failure(&self, language: Language) -> Option<Rc<str>> {
        match self.shelf(language) {
            Shelf::Failed(reason) => Some(reason.clone()),
            Shelf::Empty | Shelf::Awaited | Shelf::Filled(_) => None,
        }
    }

    /// Asks for the course in this language unless it is there or on its way.
    pub(super) fn fetch(&mut self, language: Language) {
        match self.shelf(language) {
            Shelf::Awaited | Shelf::Filled(_) => {}
            Shelf::Empty | Shelf::Failed(_) => {
                let file = match language {
                    Language::English => self.files.english.clone(),
                    Language::Korean => self.files.korean.clone(),
                };
                *self.shelf_mut(language) = Shelf::Awaited;
                let deliver = self.deliver.clone();
                spawn_local(async move {
                    let text = fetch(&file).await.map_err(|error| said(&error));
                    deliver.emit(Errand::Delivered(language, text));
                });
            }
        }
    }

    pub(super) fn take(&mut self, language: Language, delivered: Result<String, String>) {
        *self.shelf_mut(language) = match delivered.and_then(|text| Course::unpack(&text)) {
            Ok(course) => Shelf::Filled(Loaded(course)),
            Err(reason) => Shelf::Failed(reason.into()),
        };
    }

    const fn shelf(&self, language: Language) -> &Shelf {
        match language {
            Language::English => &self.english,
            Language::Korean => &self.korean,
        }
    }

    const fn shelf_mut(&mut self, language: Language) -> &mut Shelf {
        match language {
            Language::English => &mut self.english,
            Language::Korean => &mut self.korean,
        }
    }
}

/// What a browser says went wrong.
fn said(error: &JsValue) -> String {
    let error_text = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    error_text.or_else(|| error.as_string()).unwrap_or_default()
}
