//! Pasted text that is more than a line: it is shown, and asked about, before anything of it runs.

use playground::session;

/// What was pasted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pasted {
    pub(crate) text: String,
}

/// More rows of it are not shown, only counted.
const MOST_ROWS: usize = 12;

impl Pasted {
    /// `None` when it is a line, which just goes into the prompt.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim_matches('\n');
        text.contains('\n').then(|| Self { text: text.to_owned() })
    }

    /// The rows to show, and how many more there are.
    pub(crate) fn rows(&self) -> (Vec<&str>, usize) {
        let rows: Vec<_> = self.text.split('\n').collect();
        let more = rows.len().saturating_sub(MOST_ROWS);
        (rows.into_iter().take(MOST_ROWS).collect(), more)
    }
}

/// A text as what is typed one after the other: commands in the shell, else lines.
pub(crate) fn commands(text: &str, in_shell: bool) -> Vec<String> {
    if in_shell { session::commands(text) } else { text.split('\n').map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_commands_and_a_program_lines() {
        let text = "cat <<EOF\na\nEOF\ndate \\\n -u";
        assert_eq!(commands(text, true), ["cat <<EOF\na\nEOF", "date \\\n -u"]);
        assert_eq!(commands(text, false).len(), 5);
    }

    #[test]
    fn only_several_lines_are_asked_about() {
        assert_eq!(Pasted::of("kafka-topics --list\r\n"), None);
        let pasted = Pasted::of("a\r\nb\rc\n\n").expect("there are three lines");
        assert_eq!(pasted.rows(), (vec!["a", "b", "c"], 0));
        let long = Pasted::of(&"x\n".repeat(20)).expect("there are twenty lines");
        assert_eq!(long.rows(), (vec!["x"; 12], 8));
    }
}
