//! The form of a transcript, line by line. That it also runs is shown by the tests, which play all of them.

use crate::fault::{Fault, Source};
use crate::prose;

/// Checks that each line is one of a transcript without outputs.
pub(crate) fn check(source: &Source<'_>) -> Result<(), Fault> {
    let lines = prose::lines(source);
    if lines.iter().all(|line| line.text.starts_with('#')) {
        return Err(source.fault(0, "a transcript has at least one input"));
    }
    let mut continued = false;
    for line in lines {
        if !continued && !is_input(line.text) {
            let message = "a line of a transcript is `1$ command`, `1> line`, `1^C`, `1^D`, `1^K`, `wait 5s` or a \
                           comment (`# ...`); outputs are left out";
            return Err(line.fault(0, message));
        }
        continued = line.text.ends_with('\\') && (continued || line.text.contains("$ "));
    }
    Ok(())
}

fn is_input(line: &str) -> bool {
    if line.starts_with('#') || line.starts_with("wait ") {
        return true;
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < line.len();
    numbered && (matches!(rest, "^C" | "^D" | "^K" | ">") || rest.starts_with("$ ") || rest.starts_with("> "))
}
