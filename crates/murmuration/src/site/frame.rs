//! What every page has around its text: the built page's head, a title, a description, the ways to the other pages.

use course::Language;
use maud::{Markup, PreEscaped, html};

use super::{offline, words};

/// A page of the site.
pub(super) struct Page {
    pub(super) language: Language,
    /// From the site's root: `ko/glossary.html`.
    pub(super) address: String,
    pub(super) title: String,
    pub(super) description: String,
    /// The lesson with which the playground opens here; without one the page only is to be read.
    pub(super) lesson: Option<String>,
    /// Links in it are relative to the site's root.
    pub(super) body: Markup,
}

/// The built page, of which other pages are made.
#[derive(Debug)]
pub(super) struct Frame {
    head: String,
}

/// What is replaced in the built page's head, by what it begins with and how it ends.
const TITLE: (&str, &str) = ("<title>", "</title>");
const DESCRIPTION: (&str, &str) = ("<meta name=\"description\"", ">");
const LANGUAGES: (&str, &str) = ("<!-- languages -->", "<!-- /languages -->");

/// What starts the playground.
const STARTERS: [(&str, &str); 3] = [
    ("<script type=\"module\">", "</script>"),
    ("<link rel=\"modulepreload\"", ">"),
    ("<link rel=\"preload\"", ">"),
];

impl Frame {
    /// # Errors
    /// What the page lacks, in words.
    pub(super) fn of(built: &str) -> Result<Self, String> {
        let head = between(built, "<head>", "</head>").ok_or("index.html has no <head>")?;
        let parts = [TITLE, DESCRIPTION, LANGUAGES].into_iter().chain(STARTERS);
        for (opening, ending) in parts {
            if between(head, opening, ending).is_none() {
                return Err(format!("index.html has no {opening} … {ending}; is it the built one?"));
            }
        }
        Ok(Self { head: head.replace(offline::REGISTRATION, "") })
    }

    pub(super) fn around(&self, page: &Page) -> String {
        let up = "../".repeat(page.address.matches('/').count());
        // First of all, because it is where the addresses after it begin.
        let base = html! { base href=(up); };
        let mut head = format!("\n    {}{}", base.0, self.head);
        replace(&mut head, TITLE, &html! { title { (page.title) " · Murmuration" } });
        let description = html! { meta name="description" content=(page.description); };
        replace(&mut head, DESCRIPTION, &description);
        replace(&mut head, LANGUAGES, &languages(page));
        match &page.lesson {
            Some(lesson) => head.push_str(&html! { meta name="murmuration-lesson" content=(lesson); }.0),
            None => STARTERS.into_iter().for_each(|starter| replace(&mut head, starter, &html! {})),
        }
        head.push_str(offline::REGISTRATION);
        let whole = html! {
            (maud::DOCTYPE)
            html lang=(page.language.tag()) {
                head { (PreEscaped(head)) }
                // The playground takes the place of all this when it starts.
                body { div.reading { (header(page)) main { (page.body) } } }
            }
        };
        whole.0
    }
}

/// The built page itself, which keeps the site too.
pub(super) fn with_registration(built: &str) -> String {
    let bare = built.replace(offline::REGISTRATION, "");
    bare.replacen("</head>", &format!("{}</head>", offline::REGISTRATION), 1)
}

/// The same page in every language, for search engines and for readers.
fn languages(page: &Page) -> Markup {
    html! {
        @for language in Language::ALL {
            link rel="alternate" hreflang=(language.tag()) href=(address_in(language, page));
        }
    }
}

fn header(page: &Page) -> Markup {
    let words = words::of(page.language);
    let tag = page.language.tag();
    html! {
        header.site {
            a.name href="./" { "Murmuration" }
            nav aria-label=(words.pages) {
                a href="./" { (words.playground) }
                a href={ (tag) "/index.html" } { (words.course) }
                a href={ (tag) "/glossary.html" } { (words.glossary) }
                a href={ (tag) "/reference.html" } { (words.reference) }
                a href={ (tag) "/settings.html" } { (words.settings) }
                @for language in Language::ALL.into_iter().filter(|language| *language != page.language) {
                    a href=(address_in(language, page)) lang=(language.tag()) hreflang=(language.tag()) {
                        (words::of(language).name)
                    }
                }
            }
        }
    }
}

fn address_in(language: Language, page: &Page) -> String {
    let (_, place) = page.address.split_once('/').expect("an address begins with its language");
    format!("{}/{place}", language.tag())
}

fn between<'a>(text: &'a str, opening: &str, ending: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(opening)?;
    rest.split_once(ending).map(|(inside, _)| inside)
}

/// Puts something else in the place of a part, its opening and its ending included.
fn replace(text: &mut String, (opening, ending): (&str, &str), other: &Markup) {
    let start = text.find(opening).expect("looked for when the frame was made");
    let end = start + text[start..].find(ending).expect("looked for when the frame was made") + ending.len();
    text.replace_range(start..end, &other.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: &str = r#"<!doctype html><html lang="ko"><head>
<meta name="description" content="A page.">
<title>The page</title>
<!-- languages --><link rel="alternate" hreflang="ko" href="ko/index.html"><!-- /languages -->
<link rel="stylesheet" href="./page.css">
<script type="module">start()</script>
<link rel="modulepreload" href="./page.js"><link rel="preload" href="./page.wasm" as="fetch"></head><body></body></html>"#;

    fn page(lesson: Option<&str>) -> String {
        let page = Page {
            language: Language::English,
            address: "en/groups/kill.html".into(),
            title: "Kill < close".into(),
            description: "What \"kill\" does".into(),
            lesson: lesson.map(str::to_owned),
            body: html! { p { "Text." } },
        };
        Frame::of(BUILT).unwrap().around(&page)
    }

    #[test]
    fn a_lesson_starts_the_playground_and_finds_its_files() {
        let html = page(Some("groups/kill"));
        assert!(html.contains(r#"<base href="../../">"#), "{html}");
        assert!(html.contains(r#"<meta name="murmuration-lesson" content="groups/kill">"#), "{html}");
        assert!(html.contains("start()") && html.contains("page.wasm"), "{html}");
        assert!(html.contains("<title>Kill &lt; close · Murmuration</title>"), "{html}");
        assert!(html.contains(r#"content="What &quot;kill&quot; does""#), "{html}");
        assert!(html.contains(r#"hreflang="ko" href="ko/groups/kill.html""#), "{html}");
    }

    #[test]
    fn a_page_to_be_read_starts_nothing() {
        let html = page(None);
        assert!(html.contains("page.css"), "{html}");
        assert!(
            !html.contains("start()") && !html.contains("page.js") && !html.contains("page.wasm"),
            "{html}"
        );
    }

    #[test]
    fn a_page_of_another_shape_is_refused() {
        let failure = Frame::of("<head><title>x</title></head>").unwrap_err();
        assert!(failure.contains("<meta name=\"description\""), "{failure}");
    }
}
