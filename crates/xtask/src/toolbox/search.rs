//! Looking for programs on the PATH.

use std::env;
use std::path::{Path, PathBuf};

/// Every place on the PATH that has this program, in the PATH's order.
pub(super) fn on_path(program: &str) -> impl Iterator<Item = PathBuf> {
    let folders: Vec<PathBuf> =
        env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    folders.into_iter().filter_map(move |folder| in_folder(&folder, program))
}

/// The program in this folder, if it is there. On Windows npm's programs are `.cmd` files.
pub(super) fn in_folder(folder: &Path, program: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    endings.iter().map(|ending| folder.join(format!("{program}{ending}"))).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_cargo_and_nothing_made_up() {
        assert!(on_path("cargo").next().is_some());
        assert!(on_path("murmuration-no-such-program").next().is_none());
    }
}
