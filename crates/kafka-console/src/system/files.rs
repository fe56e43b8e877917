//! The files that commands have written: one flat directory, by name.
//!
//! Leaves out: folders, permissions, times.

use std::collections::BTreeMap;
use std::rc::Rc;

/// What all files together may hold, in MiB.
pub(crate) const MAX_MEBIBYTES: usize = 8;

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Files(BTreeMap<Rc<str>, Rc<Vec<u8>>>);

/// There is no room for more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NoSpaceLeft;

impl Files {
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(AsRef::as_ref)
    }

    /// Every file with what it holds, in order of name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, content)| (name.as_ref(), content.as_slice()))
    }

    pub(crate) fn read(&self, name: &str) -> Option<Rc<Vec<u8>>> {
        self.0.get(plain(name)).cloned()
    }

    /// Makes an empty file, or empties one.
    pub(crate) fn create(&mut self, name: &str) {
        self.0.insert(plain(name).into(), Rc::default());
    }

    /// False when there was none.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        self.0.remove(plain(name)).is_some()
    }

    /// Adds to a file, which is made if it is not there.
    pub(crate) fn append(&mut self, name: &str, bytes: &[u8]) -> Result<(), NoSpaceLeft> {
        let used: usize = self.0.values().map(|content| content.len()).sum();
        if used + bytes.len() > MAX_MEBIBYTES << 20 {
            return Err(NoSpaceLeft);
        }
        let content = self.0.entry(plain(name).into()).or_default();
        Rc::make_mut(content).extend_from_slice(bytes);
        Ok(())
    }
}

/// `./x` is `x`.
fn plain(name: &str) -> &str {
    name.trim_start_matches("./")
}
