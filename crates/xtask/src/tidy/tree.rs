//! The checkout's own text files.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// What cargo, Trunk and npm write.
const BUILT: [&str; 3] = ["target", "dist", "node_modules"];

/// The hidden folders that belong to the project.
const OWN_HIDDEN: [&str; 3] = [".cargo", ".ci", ".github"];

/// In a linked worktree git keeps a file of this name, with the path of the main one.
const WORKTREE_LINK: &str = ".git";

pub(super) struct Tree {
    /// Ordered by path.
    pub(super) files: Vec<TextFile>,
}

pub(super) struct TextFile {
    /// Relative to the root, with `/` on every system.
    pub(super) path: String,
    pub(super) text: String,
}

impl Tree {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let place = root.join(&folder);
            let entries = fs::read_dir(&place).with_context(|| format!("cannot read {}", place.display()))?;
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    let foreign = name.starts_with('.') && !OWN_HIDDEN.contains(&name.as_str());
                    if !foreign && !BUILT.contains(&name.as_str()) {
                        folders.push(path);
                    }
                } else if kind.is_file()
                    && name != WORKTREE_LINK
                    && let Ok(text) = String::from_utf8(fs::read(entry.path())?)
                {
                    files.push(TextFile { path, text });
                }
            }
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Self { files })
    }

    pub(super) fn has(&self, path: &str) -> bool {
        let is_or_holds = |file: &TextFile| {
            file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.files.iter().any(is_or_holds)
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = &TextFile> {
        self.files.iter().filter(|file| file.is_source())
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| TextFile { path: (*path).into(), text: (*text).into() };
        Self { files: files.iter().map(file).collect() }
    }
}

impl TextFile {
    /// Whether people write code in it.
    pub(super) fn is_source(&self) -> bool {
        ["rs", "js", "mjs", "css", "html"].contains(&self.extension())
    }

    pub(super) fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    pub(super) fn stem(&self) -> &str {
        self.name().rsplit_once('.').map_or(self.name(), |(stem, _)| stem)
    }

    pub(super) fn name(&self) -> &str {
        self.path.rsplit_once('/').map_or(&self.path, |(_, name)| name)
    }

    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder).split('/')
    }

    /// The lines with their numbers, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;

    #[test]
    fn reads_this_project_without_what_it_builds() {
        let tree = Tree::read(Project::locate().unwrap().root()).unwrap();
        assert!(tree.has("crates/xtask/src/main.rs"));
        assert!(tree.has(".cargo/config.toml"));
        assert!(tree.has("crates/xtask"));
        assert!(!tree.has("crates/xtas"));
        assert!(!tree.has("target"));
        assert!(!tree.has(".git"));
    }

    #[test]
    fn a_path_falls_into_folders_stem_and_extension() {
        let tree = Tree::of(&[("web/src/panel.rs", ""), ("LICENSE", "")]);
        assert_eq!(tree.files[0].folders().collect::<Vec<_>>(), ["web", "src"]);
        assert_eq!((tree.files[0].stem(), tree.files[0].extension()), ("panel", "rs"));
        assert_eq!((tree.files[1].stem(), tree.files[1].extension()), ("LICENSE", ""));
    }
}
