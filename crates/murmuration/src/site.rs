//! The pages of the site that are read: the course, its lessons, its glossary and the reference, in every language.
//!
//! They are written beside the built page, from its own `index.html`: the same styles, the same policy. A lesson's page also
//! starts the playground, with the lesson open; until that runs, and where it cannot, the text is there to be read.
//! A service worker keeps all of it for the time without a network.

mod contents;
mod frame;
mod lesson;
mod offline;
mod prose;
mod reference;
mod words;

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use course::Language;

use frame::{Frame, Page};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of the built page; the site's other pages are written into it
    folder: PathBuf,
}

pub(crate) fn run(args: &Args) -> io::Result<ExitCode> {
    let index = args.folder.join("index.html");
    let built = fs::read_to_string(&index)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", index.display())))?;
    let frame = Frame::of(&built).map_err(io::Error::other)?;
    let pages = pages();
    for page in &pages {
        let file = args.folder.join(&page.address);
        fs::create_dir_all(file.parent().expect("a page stands in the folder of its language"))?;
        fs::write(file, frame.around(page))?;
    }
    fs::write(index, frame::with_registration(&built))?;
    fs::write(args.folder.join(offline::FILE), offline::worker(&args.folder)?)?;
    println!("{} pages written into {}.", pages.len(), args.folder.display());
    Ok(ExitCode::SUCCESS)
}

fn pages() -> Vec<Page> {
    let of_language = |language: Language| {
        let course = course::course(language);
        let lessons = course.chapters.iter().flat_map(|chapter| &chapter.lessons);
        [
            contents::course(language, course),
            contents::glossary(language, course),
            reference::tools(language),
            reference::settings(language),
        ]
        .into_iter()
        .chain(lessons.map(move |lesson| lesson::page(language, course, lesson)))
    };
    Language::ALL.into_iter().flat_map(of_language).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What stands in quotes after this attribute.
    fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
        let opening = format!("{attribute}=\"");
        html.split(&opening).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn every_link_of_the_site_leads_somewhere() {
        let pages = pages();
        let mut places: BTreeSet<String> = BTreeSet::from(["./".into()]);
        for page in &pages {
            places.insert(page.address.clone());
            let html = &page.body.0;
            places.extend(values(html, "id").iter().map(|id| format!("{}#{id}", page.address)));
        }
        for page in &pages {
            for link in values(&page.body.0, "href") {
                assert!(
                    link.starts_with("https://") || places.contains(link),
                    "{} leads to {link}, which is not there",
                    page.address
                );
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_pages() {
        let addresses = |language: Language| -> BTreeSet<String> {
            let folder = format!("{}/", language.tag());
            pages().iter().filter_map(|page| Some(page.address.strip_prefix(&folder)?.to_owned())).collect()
        };
        assert_eq!(addresses(Language::English), addresses(Language::Korean));
    }
}
