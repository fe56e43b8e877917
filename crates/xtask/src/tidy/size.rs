//! Files stay short enough to be read in one go.

use super::Finding;
use super::tree::Tree;

const LONGEST: usize = 500;
const MEDIAN: usize = 250;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut lengths: Vec<usize> = Vec::new();
    let mut findings = Vec::new();
    for file in tree.sources() {
        let length = file.text.lines().count();
        lengths.push(length);
        if length > LONGEST {
            findings.push(Finding {
                path: file.path.clone(),
                line: LONGEST + 1,
                what: format!("{length} lines, where {LONGEST} is the most"),
                remedy: "move what stands on its own into a module of its own",
            });
        }
    }
    lengths.sort_unstable();
    if let Some(&median) = lengths.get(lengths.len() / 2)
        && median >= MEDIAN
    {
        findings.push(Finding {
            path: ".".into(),
            line: 1,
            what: format!("half of the source files have {median} lines or more, where {MEDIAN} is too many"),
            remedy: "split the longest files along their subjects",
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lengths: &[usize]) -> Vec<String> {
        let texts: Vec<String> = lengths.iter().map(|length| "line\n".repeat(*length)).collect();
        let files: Vec<(&str, &str)> = texts.iter().map(|text| ("web/src/a.rs", text.as_str())).collect();
        check(&Tree::of(&files)).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_file_may_have_500_lines_but_not_one_more() {
        assert_eq!(found(&[500, 10, 10]), Vec::<String>::new());
        assert_eq!(found(&[501, 10, 10]), ["501 lines, where 500 is the most"]);
    }

    #[test]
    fn most_files_are_shorter_than_250_lines() {
        assert_eq!(found(&[249, 249, 400]), Vec::<String>::new());
        assert_eq!(found(&[10, 250, 400]).len(), 1);
    }

    #[test]
    fn data_may_be_as_long_as_it_is() {
        let data = "1\n".repeat(9000);
        assert!(check(&Tree::of(&[("tests/vectors/murmur2.json", &data)])).is_empty());
    }
}
