//! Files are named after their subject.

use super::Finding;
use super::tree::Tree;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 10] =
    ["util", "utils", "helper", "helpers", "common", "manager", "managers", "service", "services", "misc"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.sources() {
        let mut find = |what: String, remedy| {
            findings.push(Finding { path: file.path.clone(), line: 1, what, remedy });
        };
        if file.name() == "mod.rs" {
            find("a mod.rs".into(), "name the file after its module and put it beside the folder");
        }
        for name in file.folders().chain([file.stem()]).filter(|name| EMPTY_NAMES.contains(name)) {
            find(
                format!("`{name}` names no subject"),
                "give it the name Kafka or the page has for what it does, or move its parts to where they are used",
            );
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_stand_beside_their_folders() {
        assert_eq!(check(&Tree::of(&[("web/src/stage/mod.rs", "")]))[0].what, "a mod.rs");
        assert!(check(&Tree::of(&[("web/src/stage.rs", ""), ("web/src/model.rs", "")])).is_empty());
    }

    #[test]
    fn names_without_a_subject_are_found_in_files_and_folders() {
        assert_eq!(check(&Tree::of(&[("web/src/utils.rs", "")]))[0].what, "`utils` names no subject");
        assert_eq!(check(&Tree::of(&[("web/src/common/clock.rs", "")])).len(), 1);
        assert!(check(&Tree::of(&[("crates/kafka-core/src/commons.rs", "")])).is_empty());
    }
}
