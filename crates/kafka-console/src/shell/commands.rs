//! Taking a text apart into the commands that a shell would read from it.

use super::parser::{self, ParseError};

/// A command over more lines than this is taken as it stands.
const MAX_LINES: usize = 500;

/// The commands of a text, one after the other: each over as many lines as it takes, a here-document up to its end.
pub fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut command: Vec<&str> = Vec::new();
    for line in text.split('\n') {
        command.push(line);
        let asks_on = || matches!(parser::parse(&command.join("\n")), Err(ParseError::Incomplete));
        if command.len() >= MAX_LINES || !asks_on() {
            commands.push(command.join("\n"));
            command.clear();
        }
    }
    if !command.is_empty() {
        commands.push(command.join("\n"));
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_reaches_as_far_as_a_shell_asks_on() {
        let rows: [(&str, &[&str]); 7] = [
            ("date\ndate", &["date", "date"]),
            ("", &[""]),
            ("kafka-topics \\\n  --list\ndate", &["kafka-topics \\\n  --list", "date"]),
            ("cat > f <<EOF\na\n\nb\nEOF\ncat f", &["cat > f <<EOF\na\n\nb\nEOF", "cat f"]),
            ("for i in 1 2; do\n  echo $i\ndone\ndate", &["for i in 1 2; do\n  echo $i\ndone", "date"]),
            ("echo 'a\nb'\n)\ndate", &["echo 'a\nb'", ")", "date"]),
            ("date\necho \"never closed\nx", &["date", "echo \"never closed\nx"]),
        ];
        for (text, expected) in rows {
            assert_eq!(commands(text), expected, "{text}");
        }
        // What is never closed is cut, so that a text is read in time.
        assert_eq!(commands(&format!("'{}", "\n".repeat(MAX_LINES))).len(), 2);
    }
}
