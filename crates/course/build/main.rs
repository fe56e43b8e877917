//! Reads the lessons and writes them down as the data that the crate holds. A broken lesson fails the build.

#[path = "../src/content.rs"]
#[expect(unreachable_pub, reason = "the library exports these types")]
mod content;
mod courseware;
mod fault;
mod front_matter;
mod glossary;
mod lesson;
mod phrase;
mod prose;
mod references;
mod transcript;
mod translation;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use courseware::Files;

const LESSONS: &str = "lessons";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={LESSONS}");
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(messages) => {
            for message in messages {
                println!("cargo::error={}", message.replace('\n', "\ncargo::error="));
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Vec<String>> {
    let files =
        |language| read_files(language).map_err(|error| vec![format!("{LESSONS}/{language}: {error}")]);
    let (english, korean) = (files("en")?, files("ko")?);
    let (original, translation) = courseware::read(("en", &english), ("ko", &korean))
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    for (language, course) in [("en", original), ("ko", translation)] {
        let text = serde_json::to_string(&course).expect("the course is plain data");
        let path = out.join(format!("{language}.json"));
        // Named after what it holds, so that a page never reads a file of another version.
        println!(
            "cargo::rustc-env=COURSE_FILE_{}=course-{language}-{:016x}.json",
            language.to_uppercase(),
            fxhash::hash64(&text)
        );
        fs::write(&path, text).map_err(|error| vec![format!("{}: {error}", path.display())])?;
    }
    Ok(())
}

fn read_files(language: &str) -> io::Result<Files> {
    let folder = Path::new(LESSONS).join(language);
    let mut files = Files::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                let entry = entry?;
                let name = format!("{name}/{}", entry.file_name().to_string_lossy());
                files.insert(name, fs::read_to_string(entry.path())?);
            }
        } else {
            files.insert(name, fs::read_to_string(path)?);
        }
    }
    Ok(files)
}
