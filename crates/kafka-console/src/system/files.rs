//! The files of the simulated machines, by whole path: all machines and containers share them.
//!
//! Leaves out: permissions other than the mark of a script that can be started, links, owners.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;

use kafka_core::time::SimTime;

use super::Pid;
use crate::shell::HOME;

/// What all files together may hold, in MiB.
pub(crate) const MAX_MEBIBYTES: usize = 8;

/// How many files and folders there may be.
const MAX_ENTRIES: usize = 5000;

/// The folders that are there from the beginning.
const FOLDERS: [&str; 7] = ["/", HOME, "/opt", "/opt/kafka", "/opt/kafka/bin", "/opt/kafka/config", "/tmp"];

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Files {
    files: BTreeMap<Rc<str>, File>,
    folders: BTreeSet<Rc<str>>,
    /// Processes that want to hear when a file grows.
    watchers: Vec<(Rc<str>, Pid)>,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct File {
    pub(crate) content: Rc<Vec<u8>>,
    pub(crate) changed: SimTime,
    pub(crate) executable: bool,
}

/// Why something cannot be done with a path, in the words of `strerror`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FileError {
    Missing,
    Exists,
    IsFolder,
    NotFolder,
    NotEmpty,
    NoSpaceLeft,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "No such file or directory",
            Self::Exists => "File exists",
            Self::IsFolder => "Is a directory",
            Self::NotFolder => "Not a directory",
            Self::NotEmpty => "Directory not empty",
            Self::NoSpaceLeft => "No space left on device",
        })
    }
}

type Done = Result<(), FileError>;

impl Default for Files {
    fn default() -> Self {
        let folders = FOLDERS.into_iter().map(Rc::from).collect();
        Self { files: BTreeMap::new(), folders, watchers: Vec::new() }
    }
}

impl Files {
    /// Every file with what it holds, in order of path; one at home by its name there.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Rc<str>, &Rc<Vec<u8>>)> {
        let home = format!("{HOME}/");
        let name = move |path: &str| path.strip_prefix(&*home).map_or(Rc::from(path), Rc::from);
        self.files.iter().map(move |(path, file)| (name(path), &file.content))
    }

    pub(crate) fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    pub(crate) fn read(&self, path: &str) -> Option<Rc<Vec<u8>>> {
        self.files.get(path).map(|file| file.content.clone())
    }

    pub(crate) fn is_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// The names in a folder, sorted; `None` if there is no such folder.
    pub(crate) fn list(&self, folder: &str) -> Option<Vec<String>> {
        self.folders.get(folder)?;
        let prefix = if folder == "/" { "/".to_owned() } else { format!("{folder}/") };
        let name = |path: &Rc<str>| {
            let rest = path.strip_prefix(&*prefix)?;
            (!rest.is_empty() && !rest.contains('/')).then(|| rest.to_owned())
        };
        let mut names: Vec<String> = self.files.keys().chain(&self.folders).filter_map(name).collect();
        names.sort();
        Some(names)
    }

    /// Makes an empty file, or empties one.
    pub(crate) fn create(&mut self, path: &str, now: SimTime) -> Done {
        self.check_parent(path)?;
        let file = self.entry(path)?;
        (file.content, file.changed) = (Rc::default(), now);
        Ok(())
    }

    /// Adds to a file, which is made if it is not there; answers with who watches it.
    pub(crate) fn append(&mut self, path: &str, bytes: &[u8], now: SimTime) -> Result<Vec<Pid>, FileError> {
        let used: usize = self.files.values().map(|file| file.content.len()).sum();
        if used + bytes.len() > MAX_MEBIBYTES << 20 {
            return Err(FileError::NoSpaceLeft);
        }
        self.check_parent(path)?;
        let file = self.entry(path)?;
        Rc::make_mut(&mut file.content).extend_from_slice(bytes);
        file.changed = now;
        Ok(self.watchers.iter().filter(|(watched, _)| **watched == *path).map(|(_, pid)| *pid).collect())
    }

    /// Removes a file, or a folder with nothing in it.
    pub(crate) fn remove(&mut self, path: &str) -> Done {
        if self.files.remove(path).is_some() {
            return Ok(());
        }
        match self.list(path) {
            None => Err(FileError::Missing),
            Some(names) if !names.is_empty() || FOLDERS.contains(&path) => Err(FileError::NotEmpty),
            Some(_) => {
                self.folders.remove(path);
                Ok(())
            }
        }
    }

    pub(crate) fn make_folder(&mut self, path: &str) -> Done {
        if self.is_folder(path) || self.files.contains_key(path) {
            return Err(FileError::Exists);
        }
        self.check_parent(path)?;
        self.check_room()?;
        self.folders.insert(path.into());
        Ok(())
    }

    pub(crate) fn set_executable(&mut self, path: &str, executable: bool) -> Done {
        if self.is_folder(path) {
            return Ok(());
        }
        self.files.get_mut(path).ok_or(FileError::Missing)?.executable = executable;
        Ok(())
    }

    pub(crate) fn watch(&mut self, path: &str, pid: Pid) {
        if !self.watchers.iter().any(|(watched, watcher)| **watched == *path && *watcher == pid) {
            self.watchers.push((path.into(), pid));
        }
    }

    pub(super) fn forget_watcher(&mut self, pid: Pid) {
        self.watchers.retain(|(_, watcher)| *watcher != pid);
    }

    fn entry(&mut self, path: &str) -> Result<&mut File, FileError> {
        if self.is_folder(path) {
            return Err(FileError::IsFolder);
        }
        if !self.files.contains_key(path) {
            self.check_room()?;
        }
        Ok(self.files.entry(path.into()).or_default())
    }

    fn check_parent(&self, path: &str) -> Done {
        let parent = parent(path);
        match (self.is_folder(parent), self.files.contains_key(parent)) {
            (true, _) => Ok(()),
            (false, true) => Err(FileError::NotFolder),
            (false, false) => Err(FileError::Missing),
        }
    }

    fn check_room(&self) -> Done {
        if self.files.len() + self.folders.len() < MAX_ENTRIES { Ok(()) } else { Err(FileError::NoSpaceLeft) }
    }
}

fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/",
        Some((parent, _)) => parent,
    }
}

/// The whole path of a name, seen from a folder. What a tutorial unpacks from `kafka_2.13-4.1.0.tgz` is where the
/// container images have it.
pub(super) fn absolute(folder: &str, name: &str) -> String {
    let from = if name.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if let ["root", unpacked, rest @ ..] = parts.as_slice()
        && unpacked.starts_with("kafka_2")
        && !unpacked.contains(".t")
    {
        parts = [&["opt", "kafka"], rest].concat();
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_seen_from_a_folder() {
        let rows = [
            ("/tmp", "a", "/tmp/a"),
            ("/tmp", "./a/../b", "/tmp/b"),
            ("/opt/kafka", "../../../..", "/"),
            ("/tmp", "/opt//x/", "/opt/x"),
            ("/", "opt", "/opt"),
            (HOME, "kafka_2.13-4.1.0/bin", "/opt/kafka/bin"),
            ("/tmp", "kafka_2.13-4.1.0.tgz", "/tmp/kafka_2.13-4.1.0.tgz"),
        ];
        for (folder, name, path) in rows {
            assert_eq!(absolute(folder, name), path, "{folder} {name}");
        }
    }
}
