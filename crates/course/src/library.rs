//! The course as the build has read it, unpacked on first use.

use std::sync::OnceLock;

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
}

pub fn course(language: Language) -> &'static Course {
    static ENGLISH: OnceLock<Course> = OnceLock::new();
    static KOREAN: OnceLock<Course> = OnceLock::new();
    let (unpacked, packed) = match language {
        Language::English => (&ENGLISH, include_str!(concat!(env!("OUT_DIR"), "/en.json"))),
        Language::Korean => (&KOREAN, include_str!(concat!(env!("OUT_DIR"), "/ko.json"))),
    };
    unpacked.get_or_init(|| serde_json::from_str(packed).expect("the build wrote it from the same types"))
}

/// A lesson by its id, `groups/rebalancing`.
pub fn lesson(language: Language, id: &str) -> Option<&'static Lesson> {
    let mut lessons = course(language).chapters.iter().flat_map(|chapter| &chapter.lessons);
    lessons.find(|lesson| lesson.id == id)
}
