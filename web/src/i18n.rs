//! Every visible string, in every language.
//!
//! A message without one of its translations does not match the macro, hence does not compile.

pub(crate) mod cluster;
mod comparison;
mod controls;
mod course;
mod events;
mod files;
mod goals;
pub(crate) mod groups;
mod offsets_log;
mod panels;
mod stage;
mod terminals;

use yew::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    English,
    Korean,
}

impl Language {
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::Korean];

    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }

    /// The first language of the list, as browsers write it, that the page speaks.
    pub(crate) fn preferred(tags: impl IntoIterator<Item = String>) -> Self {
        let spoken = |tag: String| Self::ALL.into_iter().find(|language| tag.starts_with(language.tag()));
        tags.into_iter().find_map(spoken).unwrap_or(Self::English)
    }

    /// The same where there is little room.
    pub(crate) const fn short_name(self) -> &'static str {
        match self {
            Self::English => "EN",
            Self::Korean => "한",
        }
    }

    /// The course's name for it.
    pub(crate) const fn of_course(self) -> ::course::Language {
        match self {
            Self::English => ::course::Language::English,
            Self::Korean => ::course::Language::Korean,
        }
    }

    /// What the language calls itself.
    pub(crate) const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Korean => "한국어",
        }
    }
}

/// The catalogue in one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Text(pub(crate) Language);

#[hook]
pub(crate) fn use_text() -> Text {
    use_context::<Text>().expect("the page provides its language")
}

/// `name { en: "…", ko: "…" }`, with arguments where the text has them. `one:` is English for a first argument of 1.
macro_rules! catalogue {
    (@message $name:ident en: $en:literal, ko: $ko:literal) => {
        pub(crate) const fn $name(self) -> &'static str {
            match self.0 {
                Language::English => $en,
                Language::Korean => $ko,
            }
        }
    };
    (@message $name:ident ($($argument:ident: $kind:ty),+) en: $en:literal, ko: $ko:literal) => {
        pub(crate) fn $name(self, $($argument: $kind),+) -> String {
            match self.0 {
                Language::English => format!($en),
                Language::Korean => format!($ko),
            }
        }
    };
    (@message $name:ident ($count:ident: $number:ty $(, $argument:ident: $kind:ty)*)
        one: $one:literal, en: $en:literal, ko: $ko:literal) => {
        pub(crate) fn $name(self, $count: $number $(, $argument: $kind)*) -> String {
            match self.0 {
                Language::English if $count == 1 => format!($one),
                Language::English => format!($en),
                Language::Korean => format!($ko),
            }
        }
    };
    ($($name:ident $(($($argument:ident: $kind:ty),+))? { $($tag:ident: $text:literal),+ $(,)? })+) => {
        impl Text {
            $(catalogue!(@message $name $(($($argument: $kind),+))? $($tag: $text),+);)+
        }
    };
}
use catalogue;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_spoken_language_wins() {
        let preferred = |tags: &[&str]| Language::preferred(tags.iter().map(|tag| (*tag).to_owned()));
        assert_eq!(preferred(&["ko-KR", "en"]), Language::Korean);
        assert_eq!(preferred(&["fr", "en-GB", "ko"]), Language::English);
        assert_eq!(preferred(&["fr"]), Language::English);
    }
}
