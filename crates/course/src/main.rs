//! Writes the course as the files that the page fetches: `course FOLDER`, or as a hook of Trunk.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use course::{Language, packed};

fn main() -> ExitCode {
    let folder = env::args_os().nth(1).or_else(|| env::var_os("TRUNK_STAGING_DIR")).map(PathBuf::from);
    let Some(folder) = folder else {
        eprintln!("usage: course FOLDER (Trunk names it in TRUNK_STAGING_DIR)");
        return ExitCode::FAILURE;
    };
    for language in Language::ALL {
        let path = folder.join(language.file_name());
        if let Err(error) = fs::write(&path, packed(language)) {
            eprintln!("cannot write {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
