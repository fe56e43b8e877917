//! The tree says nothing about the machines it was written on.

use super::Finding;
use super::tree::{TextFile, Tree};

/// Where people's files live on Linux, macOS and Windows. In pieces, lest this file find itself.
const HOMES: [&str; 4] =
    [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("C:\\Us", "ers\\")];

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
const NPM: &str = "https://registry.npmjs.org/";

/// Settings that send cargo or npm to a registry of one's own.
const OTHER_REGISTRIES: [&str; 3] =
    [concat!("replace", "-with"), concat!("sparse", "+http"), concat!("registry", "=http")];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.files.iter().flat_map(|file| home_paths(file).chain(registries(file))).collect()
}

fn home_paths(file: &TextFile) -> impl Iterator<Item = Finding> {
    file.lines().filter(|(_, line)| HOMES.iter().any(|home| begins_a_path(line, home))).map(|(line, _)| {
        Finding {
            path: file.path.clone(),
            line,
            what: "a path of somebody's machine".into(),
            remedy: "make it relative to the checkout",
        }
    })
}

/// Whether `home` stands in the line as the beginning of a path; in an address it is a path's middle.
fn begins_a_path(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + home.len()..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-~}".contains(c))
            && after.is_some_and(char::is_alphanumeric)
    })
}

fn registries(file: &TextFile) -> impl Iterator<Item = Finding> {
    file.lines().filter(|(_, line)| names_other_registry(file.name(), line)).map(|(line, _)| Finding {
        path: file.path.clone(),
        line,
        what: "a package registry that is not the public one".into(),
        remedy: "keep registry settings in this account's own configuration and write the lock file anew",
    })
}

fn names_other_registry(file_name: &str, line: &str) -> bool {
    let value = |key| line.trim_start().strip_prefix(key).map(|rest| rest.trim_matches(['"', ',']));
    match file_name {
        "Cargo.lock" => value("source = ").is_some_and(|source| source != CRATES_IO),
        "package-lock.json" => value("\"resolved\": ").is_some_and(|source| !source.starts_with(NPM)),
        _ => OTHER_REGISTRIES.iter().any(|setting| line.contains(setting)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn paths_into_a_home_are_found_and_addresses_are_not() {
        for home in HOMES {
            assert_eq!(found("README.md", &format!("see {home}ada/murmuration")), 1, "{home}");
        }
        assert_eq!(found("README.md", concat!("https://example.org/ho", "me/ada")), 0);
        assert_eq!(found("README.md", "the cache is ~/.cache/murmuration"), 0);
    }

    #[test]
    fn lock_files_name_the_public_registry_only() {
        assert_eq!(found("Cargo.lock", &format!("source = \"{CRATES_IO}\"")), 0);
        assert_eq!(found("Cargo.lock", "source = \"registry+https://index.example/\""), 1);
        assert_eq!(found("tests/package-lock.json", "    \"resolved\": \"https://npm.example/a.tgz\","), 1);
        assert_eq!(found("tests/package-lock.json", &format!("    \"resolved\": \"{NPM}a.tgz\",")), 0);
    }

    #[test]
    fn registry_settings_do_not_belong_in_the_tree() {
        assert_eq!(found(".cargo/config.toml", concat!("replace", "-with = \"mine\"")), 1);
    }
}
