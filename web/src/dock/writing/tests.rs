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
fn tab_leaves_the_field_but_takes_what_a_search_has_found() {
    assert_eq!(write(&[Type("k"), Press(Key::Tab)]).1, [Outcome::Native]);
    let (writing, outcomes) = write(&[Press(Key::Search), Type("list"), Press(Key::Tab)]);
    assert_eq!(
        (writing.line().text(), outcomes.last()),
        ("kafka-topics --list".to_owned(), Some(&Outcome::Done))
    );
}
