//! A file that is written by the command that stands for it holds what it was given.

use std::time::Duration;

use kafka_console::{Action, Console, Input, write_file};
use kafka_core::scenario::Scenario;
use proptest::prelude::*;

fn typed(command: &str) -> Console {
    let mut console = Console::new(&Scenario::one_broker(1));
    console.apply(&Input { terminal: 1, action: Action::Command(command.to_owned()) });
    let later = console.now() + Duration::from_secs(5);
    console.advance_to(later);
    console
}

fn files(console: &Console) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    console.files().map(|(name, contents)| (name.to_string(), text(contents))).collect()
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "\\PC{0,30}",
        1 => ".{0,10}",
        2 => prop::sample::select(vec!["EOF", "EOF2", "\tEOF", "$(exit)", "`ls`", "$HOME \\", "'", "\"", "\\", "a=b", ""])
            .prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = String> {
    (prop::collection::vec(line(), 0..8), any::<bool>())
        .prop_map(|(lines, ended)| lines.join("\n") + if ended { "\n" } else { "" })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_text_can_be_written_under_any_name(
        name in prop_oneof![3 => "[a-z][a-z.-]{0,12}", 1 => "[^./\\x00][^/\\x00]{0,8}"],
        contents in text(),
    ) {
        let console = typed(&write_file(&name, &contents));
        prop_assert_eq!(files(&console), vec![(name, contents)]);
        prop_assert!(console.is_at_prompt(1));
    }
}

#[test]
fn the_command_is_one_that_people_would_type() {
    let rows = [
        ("c.properties", "group.id=g\n", "cat > c.properties <<'EOF'\ngroup.id=g\nEOF"),
        ("my file", "EOF\n", "cat > 'my file' <<'EOF2'\nEOF\nEOF2"),
        ("it's", "", "> 'it'\\''s'"),
        ("f", "no line end", "printf %s $'no line end' > f"),
    ];
    for (name, contents, command) in rows {
        assert_eq!(write_file(name, contents), command);
    }
}

#[test]
fn a_file_that_would_be_too_large_is_cut_and_the_program_says_why() {
    let mut console = typed("echo begin > big");
    let loud = "x".repeat(200_000);
    for _ in 0..50 {
        console.apply(&Input { terminal: 2, action: Action::Command(format!("echo {loud} >> big")) });
        let later = console.now() + Duration::from_millis(200);
        console.advance_to(later);
    }
    let terminal = console.terminal(2).expect("it is open");
    let complaint = "big: write error: No space left on device: all files together hold at most 8 MiB here";
    assert!(terminal.lines().any(|line| &*line.text == complaint));
    assert!(console.files().map(|(_, contents)| contents.len()).sum::<usize>() <= 8 << 20);
}
