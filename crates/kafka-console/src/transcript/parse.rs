//! Reads the text form, one line after the other.

use std::mem::discriminant;
use std::rc::Rc;

use kafka_core::scenario::Scenario;

use super::{Entry, EntryKind, MAX_BROKERS, MAX_TERMINAL, Setting, Transcript, TranscriptError};
use crate::duration;

const LINES: &str = "A line is a comment (# ...), a setting (#! seed 7), a wait (wait 500ms), or a terminal's number \
                     and what happens there: 1$ command, 1> line, 1^C, 1^Z, 1^D, 1^K, 1| output";

pub(super) fn parse(text: &str) -> Result<Transcript, TranscriptError> {
    let mut transcript = Transcript::default();
    let mut inputs = false;
    let mut lines = (1..).zip(text.lines().map(|line| line.trim_end_matches('\r')));
    while let Some((number, line)) = lines.next() {
        let error = |column: usize, message: String| TranscriptError {
            line: number,
            column: u32::try_from(column).unwrap_or(u32::MAX),
            message,
        };
        let kind = match parse_line(line).map_err(|(column, message)| error(column, message))? {
            EntryKind::Setting(setting) => {
                if inputs {
                    return Err(error(
                        1,
                        "a setting stands before the first input and the first wait".to_owned(),
                    ));
                }
                if transcript.entries.iter().any(|entry| same_setting(&entry.kind, &setting)) {
                    return Err(error(1, "this setting was given before".to_owned()));
                }
                EntryKind::Setting(setting)
            }
            EntryKind::Command { terminal, mut text } => {
                while continues(&text) {
                    let Some((_, line)) = lines.next() else {
                        let message = "the text ends inside a command that a backslash continues".to_owned();
                        return Err(error(line.chars().count(), message));
                    };
                    text.push('\n');
                    text.push_str(line);
                }
                EntryKind::Command { terminal, text }
            }
            kind @ (EntryKind::Comment(_)
            | EntryKind::Wait(_)
            | EntryKind::Line { .. }
            | EntryKind::Interrupt { .. }
            | EntryKind::Suspend { .. }
            | EntryKind::EndOfInput { .. }
            | EntryKind::Close { .. }
            | EntryKind::Output { .. }) => kind,
        };
        inputs |= !matches!(kind, EntryKind::Comment(_) | EntryKind::Setting(_) | EntryKind::Output { .. });
        transcript.push(number, kind);
    }
    check_racks(&transcript).map_err(|(line, message)| TranscriptError { line, column: 1, message })?;
    Ok(transcript)
}

/// Whether a backslash that no backslash stands before ends the text.
pub(super) fn continues(text: &str) -> bool {
    (text.len() - text.trim_end_matches('\\').len()) % 2 == 1
}

fn same_setting(kind: &EntryKind, setting: &Setting) -> bool {
    matches!(kind, EntryKind::Setting(given) if discriminant(given) == discriminant(setting))
}

/// No rack without a broker in it. The error is the line of the racks and what is wrong there.
fn check_racks(transcript: &Transcript) -> Result<(), (u32, String)> {
    let Scenario { brokers, racks, .. } = transcript.scenario();
    let is_racks = |entry: &&Entry| matches!(entry.kind, EntryKind::Setting(Setting::Racks(_)));
    match transcript.entries.iter().find(is_racks) {
        Some(entry) if racks.len() > brokers as usize => {
            let message = format!(
                "{} racks for {brokers} brokers: say `#! brokers {}`, or give each broker one rack",
                racks.len(),
                racks.len()
            );
            Err((entry.line, message))
        }
        _ => Ok(()),
    }
}

/// The error is a column and what is wrong there.
fn parse_line(line: &str) -> Result<EntryKind, (usize, String)> {
    if let Some(setting) = line.strip_prefix("#!") {
        return parse_setting(setting).map(EntryKind::Setting).map_err(|message| (3, message));
    }
    if line.starts_with('#') || line.trim().is_empty() {
        return Ok(EntryKind::Comment(line.to_owned()));
    }
    if let Some(text) = line.strip_prefix("wait ") {
        let duration = duration::parse(text.trim());
        return duration.map(EntryKind::Wait).ok_or((6, format!("a wait is {}", duration::FORMS)));
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = line.split_at(digits);
    if number.is_empty() {
        return Err((1, LINES.to_owned()));
    }
    let terminal = number.parse().ok().filter(|number| (1..=MAX_TERMINAL).contains(number));
    let terminal = terminal.ok_or((1, format!("terminals are numbered from 1 to {MAX_TERMINAL}")))?;
    let column = digits + 1;
    match rest {
        "^C" => return Ok(EntryKind::Interrupt { terminal }),
        "^Z" => return Ok(EntryKind::Suspend { terminal }),
        "^D" => return Ok(EntryKind::EndOfInput { terminal }),
        "^K" => return Ok(EntryKind::Close { terminal }),
        _ => {}
    }
    let Some(sign @ ('$' | '>' | '|')) = rest.chars().next() else {
        return Err((
            column,
            format!("behind the number of a terminal stands $, >, ^C, ^Z, ^D, ^K or |. {LINES}"),
        ));
    };
    let text = match rest[1..].strip_prefix(' ') {
        Some(text) => text.to_owned(),
        None if rest.len() == 1 => String::new(),
        None => return Err((column + 1, format!("a blank stands behind {number}{sign}"))),
    };
    Ok(match sign {
        '$' => EntryKind::Command { terminal, text },
        '>' => EntryKind::Line { terminal, text },
        _ => EntryKind::Output { terminal, text },
    })
}

fn parse_setting(text: &str) -> Result<Setting, String> {
    let mut words = text.split_whitespace();
    let setting = match (words.next(), words.next(), words.next()) {
        (Some("brokers"), Some(number), None) => {
            number.parse().ok().filter(|number| (1..=MAX_BROKERS).contains(number)).map(Setting::Brokers)
        }
        (Some("seed"), Some(number), None) => number.parse().ok().map(Setting::Seed),
        (Some("racks"), Some(first), second) => {
            Some(Setting::Racks([first].into_iter().chain(second).chain(words).map(Rc::from).collect()))
        }
        _ => None,
    };
    setting.ok_or_else(|| {
        format!(
            "a setting is `#! brokers 1` to `#! brokers {MAX_BROKERS}`, `#! racks` and a name for each broker, or \
             `#! seed` and a number"
        )
    })
}
