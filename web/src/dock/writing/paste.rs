//! Pasted text that is more than a line: it is shown, and asked about, before anything of it runs.

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

/// A text as what is typed one after the other: a line each, but a line that ends in a backslash goes on in the next,
/// and a here-document in the shell goes up to its end.
pub(crate) fn commands(text: &str, in_shell: bool) -> Vec<String> {
    let mut commands = Vec::new();
    let mut command: Vec<&str> = Vec::new();
    let mut ends: Vec<Ending> = Vec::new();
    for line in text.split('\n') {
        command.push(line);
        match ends.first() {
            Some(ending) if ending.is(line) => {
                ends.remove(0);
            }
            Some(_) => continue,
            None if in_shell => ends = here_documents(line),
            None => {}
        }
        if ends.is_empty() && !line.ends_with('\\') {
            commands.push(command.join("\n"));
            command.clear();
        }
    }
    if !command.is_empty() {
        commands.push(command.join("\n"));
    }
    commands
}

/// The line that ends a here-document.
struct Ending {
    word: String,
    /// `<<-`: tabs may stand in front of it.
    indented: bool,
}

impl Ending {
    fn is(&self, line: &str) -> bool {
        let line = if self.indented { line.trim_start_matches('\t') } else { line };
        line == self.word
    }
}

/// The endings of the here-documents that a line begins; `<<<` begins none.
fn here_documents(line: &str) -> Vec<Ending> {
    let mut endings = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find("<<") {
        let behind = &rest[at + 2..];
        if let Some(string) = behind.strip_prefix('<') {
            rest = string;
            continue;
        }
        let (behind, indented) = behind.strip_prefix('-').map_or((behind, false), |behind| (behind, true));
        let is_end = |c: char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | '>' | '<' | ')');
        let word = behind.trim_start_matches(' ');
        let word = &word[..word.find(is_end).unwrap_or(word.len())];
        let word = word.replace(['\'', '"', '\\'], "");
        if !word.is_empty() {
            endings.push(Ending { word, indented });
        }
        rest = behind;
    }
    endings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_commands_backslashes_continue_them_and_documents_are_whole() {
        let rows: [(&str, &[&str]); 7] = [
            ("a:1\nb:2", &["a:1", "b:2"]),
            ("kafka-topics \\\n  --list\ndate", &["kafka-topics \\\n  --list", "date"]),
            ("", &[""]),
            ("cat > f <<EOF\na\n\nb\nEOF\ncat f", &["cat > f <<EOF\na\n\nb\nEOF", "cat f"]),
            ("cat <<-'E 1'\n\tE\ndate", &["cat <<-'E 1'\n\tE", "date"]),
            ("cat <<A <<B; date\nA\nB\ndate", &["cat <<A <<B; date\nA\nB", "date"]),
            ("cat <<< EOF\ndate \\", &["cat <<< EOF", "date \\"]),
        ];
        for (text, expected) in rows {
            assert_eq!(commands(text, true), expected, "{text}");
        }
        assert_eq!(commands("x <<EOF\nb", false), ["x <<EOF", "b"]);
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
