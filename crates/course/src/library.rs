//! The course as the build has read it: part of this crate, or in files that a page fetches.

use crate::content::{Course, Lesson};

/// The languages of the course, by the tags that browsers use.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Language {
    English,
    Korean,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Korean];

    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }

    /// The name of the file that holds the course in this language. Another course has another name.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::English => env!("COURSE_FILE_EN"),
            Self::Korean => env!("COURSE_FILE_KO"),
        }
    }
}

impl Course {
    /// Unpacks the text of a course's file. The course stays for as long as the program runs.
    ///
    /// # Errors
    /// The text is not what the build of this version has written; says where.
    pub fn unpack(text: &str) -> Result<&'static Self, String> {
        let course: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Ok(Box::leak(Box::new(course)))
    }

    /// Every lesson, in the order in which they are taught.
    pub fn lessons(&self) -> impl Iterator<Item = &Lesson> {
        self.chapters.iter().flat_map(|chapter| &chapter.lessons)
    }

    /// A lesson by its id, `groups/rebalancing`.
    pub fn lesson(&self, id: &str) -> Option<&Lesson> {
        self.lessons().find(|lesson| lesson.id == id)
    }
}

#[cfg(feature = "built-in")]
mod built_in {
    use std::sync::OnceLock;

    use super::Language;
    use crate::content::{Course, Lesson};

    /// What the file of a language holds.
    pub const fn packed(language: Language) -> &'static str {
        match language {
            Language::English => include_str!(concat!(env!("OUT_DIR"), "/en.json")),
            Language::Korean => include_str!(concat!(env!("OUT_DIR"), "/ko.json")),
        }
    }

    pub fn course(language: Language) -> &'static Course {
        static ENGLISH: OnceLock<&Course> = OnceLock::new();
        static KOREAN: OnceLock<&Course> = OnceLock::new();
        let unpacked = match language {
            Language::English => &ENGLISH,
            Language::Korean => &KOREAN,
        };
        unpacked
            .get_or_init(|| Course::unpack(packed(language)).expect("the build wrote it from the same types"))
    }

    /// A lesson by its id, `groups/rebalancing`.
    pub fn lesson(language: Language, id: &str) -> Option<&'static Lesson> {
        course(language).lesson(id)
    }
}
#[cfg(feature = "built-in")]
pub use built_in::{course, lesson, packed};
