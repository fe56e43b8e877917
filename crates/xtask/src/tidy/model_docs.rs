//! Every file of the model says what it is, what of Kafka it mirrors and what it leaves out.

use super::Finding;
use super::tree::Tree;

const MODEL: &str = "crates/kafka-core/src/";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let model = tree.files.iter().filter(|file| file.path.starts_with(MODEL) && file.extension() == "rs");
    let silent = model.filter(|file| file.name() != "lib.rs" && !file.text.starts_with("//!"));
    silent
        .map(|file| Finding {
            path: file.path.clone(),
            line: 1,
            what: "the file does not open with `//!`".into(),
            remedy: "say what it is, which Kafka class it mirrors, and what it leaves out",
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn model_files_open_with_their_account() {
        let tree = Tree::of(&[
            ("crates/kafka-core/src/group.rs", "//! The coordinator.\n"),
            ("crates/kafka-core/src/group/member.rs", "use crate::time;\n"),
            ("crates/kafka-core/src/lib.rs", "mod group;\n"),
            ("web/src/main.rs", "mod stage;\n"),
        ]);
        let silent: Vec<_> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(silent, ["crates/kafka-core/src/group/member.rs"]);
    }
}
