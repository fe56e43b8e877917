use playground::session::{Candidate, Completions, Kind};

use super::*;

fn history() -> Vec<Rc<str>> {
    ["kafka-topics --list", "date", "kafka-topics --describe", "date"].map(Rc::from).to_vec()
}

/// Presses keys in a shell and types texts, as a visitor would.
fn write(steps: &[Step]) -> (Writing, Vec<Outcome>) {
    let (mut writing, history) = (Writing::default(), history());
    let mut outcomes = Vec::new();
    for step in steps {
        match step {
            Type(text) => {
                for c in text.chars() {
                    let mut line = writing.line().clone();
                    line.before.push(c);
                    writing.typed(line, &history);
                }
            }
            Press(key) => outcomes.push(writing.press(*key, Reads::Shell, &history)),
        }
    }
    (writing, outcomes)
}

enum Step {
    Type(&'static str),
    Press(Key),
}

use Step::{Press, Type};

fn command(text: &str) -> Outcome {
    Outcome::Says(vec![Action::Command(text.to_owned())])
}

#[test]
fn arrows_recall_and_return_to_the_draft() {
    let (writing, _) = write(&[Type("dra"), Press(Key::Older), Press(Key::Older), Press(Key::Newer)]);
    assert_eq!(writing.line().text(), "date");
    let (writing, _) = write(&[Type("dra"), Press(Key::Older), Press(Key::Newer), Press(Key::Newer)]);
    assert_eq!(writing.line().text(), "dra");
    let (writing, _) = write(&[const { Press(Key::Older) }; 9]);
    assert_eq!(writing.line().text(), "kafka-topics --list");
}

#[test]
fn a_search_finds_older_and_newer_lines_and_is_taken_or_left() {
    let search = || vec![Type("draft"), Press(Key::Search), Type("topics")];
    let then = |keys: &[Key]| {
        let mut steps = search();
        steps.extend(keys.iter().map(|key| Press(*key)));
        write(&steps)
    };
    let (writing, outcomes) = then(&[Key::Submit]);
    assert_eq!(outcomes.last(), Some(&command("kafka-topics --describe")));
    assert!(writing.line().is_empty() && writing.search().is_none());
    assert_eq!(then(&[Key::Search, Key::Submit]).1.last(), Some(&command("kafka-topics --list")));
    assert_eq!(
        then(&[Key::Older, Key::Newer, Key::Submit]).1.last(),
        Some(&command("kafka-topics --describe"))
    );
    assert_eq!(then(&[Key::Escape]).0.line().text(), "kafka-topics --describe");
    assert_eq!(then(&[Key::Edit(Edit::ToStart)]).0.line().caret(), 0);
    assert_eq!(then(&[Key::Interrupt]).0.line().text(), "draft");

    let (writing, _) = then(&[Key::Search, Key::Search]);
    let search = writing.search().expect("it goes on");
    assert!(search.failed);
    assert_eq!(search.line(&history()).map(|line| &**line), Some("kafka-topics --list"));
}

#[test]
fn what_was_never_typed_is_not_found() {
    let (writing, _) = write(&[Type("draft"), Press(Key::Search), Type("nothing")]);
    assert!(writing.search().is_some_and(|search| search.failed));
    let (writing, _) = write(&[Type("draft"), Press(Key::Search), Type("nothing"), Press(Key::Escape)]);
    assert_eq!(writing.line().text(), "draft");
}

#[test]
fn words_and_edits_are_taken_back_one_by_one() {
    let undo = |times| {
        let mut steps = vec![Type("echo one two"), Press(Key::Edit(Edit::KillToStart))];
        steps.extend((0..times).map(|_| Press(Key::Undo)));
        write(&steps).0.line().text()
    };
    assert_eq!([0, 1, 2, 3, 9].map(undo), ["", "echo one two", "echo one", "echo", ""]);
}

#[test]
fn end_of_input_is_one_only_in_an_empty_line() {
    assert_eq!(write(&[Press(Key::EndOfInput)]).1, [Outcome::Says(vec![Action::EndOfInput])]);
    let steps = [Type("ab"), Press(Key::Edit(Edit::ToStart)), Press(Key::EndOfInput)];
    let (writing, outcomes) = write(&steps);
    assert_eq!((writing.line().text(), outcomes.last()), ("b".to_owned(), Some(&Outcome::Done)));
}

#[test]
fn tab_asks_and_leaves_an_empty_field_or_any_after_escape() {
    assert_eq!(write(&[Press(Key::Tab)]).1, [Outcome::Native]);
    assert_eq!(write(&[Type("k"), Press(Key::Tab)]).1, [Outcome::Asks]);
    assert_eq!(write(&[Type("k"), Press(Key::Escape), Press(Key::Tab)]).1, [Outcome::Done, Outcome::Native]);
    let steps = [Type("k"), Press(Key::Escape), Type("a"), Press(Key::Tab)];
    assert_eq!(write(&steps).1, [Outcome::Done, Outcome::Asks]);
    let (writing, outcomes) = write(&[Press(Key::Search), Type("list"), Press(Key::Tab)]);
    assert_eq!(
        (writing.line().text(), outcomes.last()),
        ("kafka-topics --list".to_owned(), Some(&Outcome::Done))
    );
    assert_eq!(
        Writing::default().press(Key::Suspend, Reads::Program, &[]),
        Outcome::Says(vec![Action::Suspend])
    );
}

/// An answer to `line` with these texts, which go behind its last blank; those that end in `=` are not whole.
fn answer(line: &str, texts: &[&str]) -> Completed {
    let candidate = |text: &&str| Candidate {
        text: (*text).to_owned(),
        kind: Kind::Option,
        note: None,
        is_whole: !text.ends_with('='),
    };
    let candidates = texts.iter().map(candidate).collect();
    let completions = Completions { from: line.rfind(' ').map_or(0, |blank| blank + 1), candidates };
    Completed { terminal: 1, line: line.to_owned(), completions, asked: 1 }
}

#[test]
fn the_common_part_comes_first_then_a_choice() {
    let (mut writing, _) = write(&[Type("kafka-topics --de")]);
    assert!(writing.complete(&answer("kafka-topics --de", &[])), "there is nothing");
    assert!(!writing.complete(&answer("another line", &["x"])));
    assert_eq!(writing.line().text(), "kafka-topics --de");

    writing.complete(&answer("kafka-topics --de", &["--delete", "--delete-config"]));
    assert_eq!((writing.line().text().as_str(), writing.choice()), ("kafka-topics --delete", None));
    writing.complete(&answer("kafka-topics --delete", &["--delete", "--delete-config"]));
    assert_eq!(writing.choice().map(|choice| (choice.candidates.len(), choice.chosen)), Some((2, None)));

    let press = |writing: &mut Writing, key| writing.press(key, Reads::Shell, &[]);
    press(&mut writing, Key::Tab);
    press(&mut writing, Key::Newer);
    press(&mut writing, Key::Newer);
    press(&mut writing, Key::Older);
    assert_eq!(writing.choice().and_then(|choice| choice.chosen), Some(1));
    assert_eq!(press(&mut writing, Key::Submit), Outcome::Done);
    assert_eq!((writing.line().text().as_str(), writing.choice()), ("kafka-topics --delete-config ", None));
}

#[test]
fn typing_narrows_a_choice_and_other_keys_end_it() {
    let texts = ["acks=", "batch.size=", "buffer.memory="];
    let begin = || {
        let (mut writing, _) = write(&[Type("x ")]);
        writing.complete(&answer("x ", &texts));
        writing
    };
    let mut writing = begin();
    writing.typed(Line::ending("x b"), &[]);
    assert_eq!(writing.choice().map(|choice| choice.candidates.len()), Some(2));
    writing.typed(Line::ending("x bo"), &[]);
    assert_eq!(writing.choice(), None);

    let mut writing = begin();
    assert_eq!(writing.press(Key::Submit, Reads::Shell, &[]), command("x "));
    let mut writing = begin();
    writing.press(Key::Escape, Reads::Shell, &[]);
    assert_eq!((writing.line().text().as_str(), writing.choice()), ("x ", None));
    let mut writing = begin();
    writing.choose(0);
    assert_eq!(writing.line().text(), "x acks=");
    writing.press(Key::Undo, Reads::Shell, &[]);
    assert_eq!(writing.line().text(), "x ");
}
