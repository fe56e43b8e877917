//! The documents are there, are short, and point to files that exist.

use super::Finding;
use super::tree::{TextFile, Tree};

const DOCUMENTS: [&str; 3] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"];
const LONGEST_MAP: usize = 200;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in DOCUMENTS {
        match tree.files.iter().find(|file| file.path == name) {
            Some(document) => {
                findings.extend(dead_links(tree, document));
                if name == "ARCHITECTURE.md" {
                    findings.extend(too_long(document));
                }
            }
            None => findings.push(Finding {
                path: name.into(),
                line: 1,
                what: "the document is missing".into(),
                remedy: "write it",
            }),
        }
    }
    findings
}

fn too_long(map: &TextFile) -> Option<Finding> {
    let length = map.text.lines().count();
    (length >= LONGEST_MAP).then(|| Finding {
        path: map.path.clone(),
        line: LONGEST_MAP,
        what: format!("{length} lines, where a map has fewer than {LONGEST_MAP}"),
        remedy: "move details into the `//!` of the files they are about",
    })
}

fn dead_links(tree: &Tree, document: &TextFile) -> Vec<Finding> {
    let links = document.lines().flat_map(|(number, line)| links(line).map(move |link| (number, link)));
    let dead = links.filter(|(_, link)| !tree.has(link));
    dead.map(|(line, link)| Finding {
        path: document.path.clone(),
        line,
        what: format!("links to `{link}`, which does not exist"),
        remedy: "correct the link, or take it out",
    })
    .collect()
}

/// The files that a Markdown line links to; addresses and links within the page are none.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("](").filter_map(|(at, opening)| {
        let target = line[at + opening.len()..].split(')').next()?;
        let file = target.split('#').next()?.trim_start_matches("./").trim_end_matches('/');
        (!file.is_empty() && !target.contains("://") && !target.starts_with("mailto:")).then_some(file)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(architecture: &str) -> Vec<String> {
        let tree = Tree::of(&[
            ("ARCHITECTURE.md", architecture),
            ("CONTRIBUTING.md", ""),
            ("README.md", ""),
            ("crates/kafka-core/src/lib.rs", ""),
        ]);
        check(&tree).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn links_to_files_and_folders_are_followed() {
        let map = "[the model](crates/kafka-core/), [its door](./crates/kafka-core/src/lib.rs#L1), \
                   [Kafka](https://kafka.apache.org) and [below](#below)";
        assert_eq!(found(map), Vec::<String>::new());
        assert_eq!(found("[gone](web/src/gone.rs)"), ["links to `web/src/gone.rs`, which does not exist"]);
    }

    #[test]
    fn the_map_stays_under_200_lines() {
        assert_eq!(found(&"line\n".repeat(199)), Vec::<String>::new());
        assert_eq!(found(&"line\n".repeat(200)), ["200 lines, where a map has fewer than 200"]);
    }

    #[test]
    fn a_missing_document_is_found() {
        assert_eq!(check(&Tree::of(&[])).len(), DOCUMENTS.len());
    }
}
