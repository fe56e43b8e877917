//! The service worker that keeps the site for the time without a network.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use fxhash::hash64;

/// The worker's file; where it stands is what it answers for.
pub(super) const FILE: &str = "offline.js";

/// What a page says to have the site kept.
pub(super) const REGISTRATION: &str = "<script>navigator.serviceWorker?.register('./offline.js');</script>";

const WORKER: &str = include_str!("offline.js");

/// The worker for the site in this folder. Its version is that of everything that it keeps.
pub(super) fn worker(folder: &Path) -> io::Result<String> {
    let mut files = BTreeMap::new();
    collect(folder, "", &mut files)?;
    let version = hash64(&files.iter().collect::<Vec<_>>());
    // The folder itself is asked for too, by those who do not write `index.html`.
    let names: Vec<&str> = ["./"].into_iter().chain(files.keys().map(String::as_str)).collect();
    let list = serde_json::to_string(&names).expect("names are text");
    Ok(WORKER.replace("VERSION", &format!("{version:016x}")).replace("FILES", &list))
}

/// Every file below a folder, with the hash of what is in it.
fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, u64>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else if name != FILE {
            files.insert(name, hash64(&fs::read(entry.path())?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_makes_another_version() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("ko")).unwrap();
        fs::write(folder.path().join("ko/index.html"), "one").unwrap();
        let one = worker(folder.path()).unwrap();
        assert!(one.contains(r#"const files = ["./","ko/index.html"];"#), "{one}");
        assert_eq!(worker(folder.path()).unwrap(), one);
        fs::write(folder.path().join("ko/index.html"), "two").unwrap();
        assert_ne!(worker(folder.path()).unwrap(), one);
    }
}
