//! The whole folder of lessons: reads it in both languages and holds that they belong together.

use std::collections::BTreeMap;

use crate::content::{Chapter, Course, Lesson};
use crate::fault::{Fault, Source};
use crate::front_matter::FrontMatter;
use crate::lesson::{Draft, Role};
use crate::{glossary, lesson, references, translation};

/// The texts of one language's files by path, `01-producing/01-first-record.md`, in order.
pub(crate) type Files = BTreeMap<String, String>;

/// Sorts before the lessons of its folder.
const CHAPTER: &str = "00-chapter.md";
const GLOSSARY: &str = "glossary.md";

/// Reads a course and its translation, each from the files of its folder.
pub(crate) fn read(
    original: (&str, &Files),
    translation: (&str, &Files),
) -> Result<(Course, Course), Vec<Fault>> {
    let (originals, original_course) =
        read_language(original.0, original.1, Role::Original, |draft, _| Ok(draft.lesson.clone()))?;
    let complete = |draft: &Draft, id: &str| match originals.get(id) {
        Some(original) => translation::complete(draft.clone(), original),
        None => {
            let message = format!("{} has no such lesson", original.0);
            Err(Fault { path: draft.path.clone(), line: 1, message })
        }
    };
    let (drafts, translated_course) =
        read_language(translation.0, translation.1, Role::Translation, complete)?;
    let untranslated = originals.iter().filter(|(id, _)| !drafts.contains_key(*id));
    let mut faults: Vec<Fault> = untranslated
        .map(|(_, draft)| Fault {
            path: draft.path.clone(),
            line: 1,
            message: format!("this lesson is missing in {}", translation.0),
        })
        .collect();
    let path = format!("{}/{GLOSSARY}", translation.0);
    faults
        .extend(translation::same_terms(&path, &translated_course.glossary, &original_course.glossary).err());
    if faults.is_empty() { Ok((original_course, translated_course)) } else { Err(faults) }
}

fn read_language(
    folder: &str,
    files: &Files,
    role: Role,
    mut finish: impl FnMut(&Draft, &str) -> Result<Lesson, Fault>,
) -> Result<(BTreeMap<String, Draft>, Course), Vec<Fault>> {
    let mut course = Course { chapters: Vec::new(), glossary: Vec::new() };
    let (mut drafts, mut faults) = (BTreeMap::new(), Vec::new());
    let mut paths = BTreeMap::new();
    for (name, text) in files {
        let path = format!("{folder}/{name}");
        let read = match (name.as_str(), name.split_once('/')) {
            (GLOSSARY, None) => {
                glossary::read(Source::file(&path, text)).map(|entries| course.glossary = entries)
            }
            (_, Some((chapter, CHAPTER))) => {
                read_chapter(chapter, Source::file(&path, text)).map(|chapter| {
                    course.chapters.push(chapter);
                })
            }
            (_, Some((chapter, file))) => {
                let id =
                    format!("{}/{}", without_number(chapter), without_number(file.trim_end_matches(".md")));
                let draft = lesson::read(&id, Source::file(&path, text), role);
                let chapter = course.chapters.iter_mut().find(|known| known.id == without_number(chapter));
                draft.and_then(|draft| {
                    let lesson = finish(&draft, &id)?;
                    let missing = format!("the lesson's folder has no {CHAPTER}");
                    chapter
                        .ok_or(Fault { path: path.clone(), line: 1, message: missing })?
                        .lessons
                        .push(lesson);
                    drafts.insert(id.clone(), draft);
                    paths.insert(id, (path.clone(), text));
                    Ok(())
                })
            }
            (_, None) => {
                let message =
                    format!("lessons stand in folders of chapters; beside them stands {GLOSSARY} alone");
                Err(Fault { path: path.clone(), line: 1, message })
            }
        };
        faults.extend(read.err());
    }
    if faults.is_empty() {
        faults.extend(dangling(&course, &paths));
        let in_glossary = references::dangling_in_glossary(&course).into_iter();
        faults.extend(
            in_glossary.map(|name| missing(&format!("{folder}/{GLOSSARY}"), &files[GLOSSARY], &name)),
        );
    }
    if faults.is_empty() { Ok((drafts, course)) } else { Err(faults) }
}

fn read_chapter(folder: &str, source: Source<'_>) -> Result<Chapter, Fault> {
    let (front, _) = FrontMatter::split(source, &["title", "summary"])?;
    Ok(Chapter {
        id: without_number(folder).to_owned(),
        title: front.required("title")?.to_owned(),
        summary: front.required("summary")?.to_owned(),
        lessons: Vec::new(),
    })
}

fn dangling(course: &Course, paths: &BTreeMap<String, (String, &String)>) -> Vec<Fault> {
    let lessons = course.chapters.iter().flat_map(|chapter| &chapter.lessons);
    let faults = lessons.flat_map(|lesson| {
        let (path, text) = &paths[&lesson.id];
        references::dangling(lesson, course).into_iter().map(move |name| missing(path, text, &name))
    });
    faults.collect()
}

/// A fault in the first line that holds the name of what is missing.
fn missing(path: &str, text: &str, name: &str) -> Fault {
    let at = text.find(name).unwrap_or(0);
    Source::file(path, text).fault(at, format!("there is no `{name}`"))
}

/// `01-producing` is `producing`: the number orders the files and is no part of addresses.
fn without_number(name: &str) -> &str {
    name.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-')
}
