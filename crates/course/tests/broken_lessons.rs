//! A broken lesson is refused with its file, its line and what was expected.

#[path = "../src/content.rs"]
#[expect(unreachable_pub, reason = "the library exports these types")]
mod content;
#[path = "../build/courseware.rs"]
mod courseware;
#[path = "../build/fault.rs"]
mod fault;
#[path = "../build/front_matter.rs"]
mod front_matter;
#[path = "../build/glossary.rs"]
mod glossary;
#[path = "../build/lesson.rs"]
mod lesson;
#[path = "../build/phrase.rs"]
mod phrase;
#[path = "../build/prose.rs"]
mod prose;
#[path = "../build/references.rs"]
mod references;
#[path = "../build/transcript.rs"]
mod transcript;
#[path = "../build/translation.rs"]
mod translation;

use content::{Block, Bound, Comparison, Course, Goal, Inline, Quantity, Target};
use courseware::Files;

const CHAPTER: &str = "---\ntitle: Chapter\nsummary: What it is about.\n---\n";
const GLOSSARY: &str = "## Offset {#offset}\n\nThe number of a record.\n";
const ENGLISH: &str = "\
---
title: One
summary: A lesson.
minutes: 1
terms: offset
---

About an [offset](term:offset).

## Do it {#do}

```console 1
kafka-topics --list
```

```prediction
Which?

= partitions of topic t = 1
One
: Since one was asked for.

= partitions of topic t = 2
Two
: Nobody asked for two.
```

```goal
partitions of topic t = 1
```

```hint when partitions of topic t >= 2
Too many.
```

```solution
1$ kafka-topics --create --topic t
```
";
const KOREAN: &str = "\
---
title: 하나
summary: 레슨.
---

[오프셋](term:offset)에 대해.

## 해 보기 {#do}

```console 1
kafka-topics --list
```

```prediction
무엇일까요?

=
하나
: 하나를 요청했으니까.

=
둘
: 둘을 요청한 적은 없습니다.
```

```hint
너무 많습니다.
```
";

fn files(lesson: &str) -> Files {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    Files::from([
        file("01-first/00-chapter.md", CHAPTER),
        file("01-first/01-one.md", lesson),
        file("glossary.md", GLOSSARY),
    ])
}

fn read(english: &str, korean: &str) -> Result<(Course, Course), Vec<String>> {
    courseware::read(("en", &files(english)), ("ko", &files(korean)))
        .map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

/// The only fault of the course with these lessons.
fn fault(english: &str, korean: &str) -> String {
    let faults = read(english, korean).expect_err("the lesson is broken");
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.into_iter().next().unwrap_or_default()
}

/// The fault after one passage of the English lesson was changed.
fn changed(from: &str, to: &str) -> String {
    assert!(ENGLISH.contains(from), "{from}");
    fault(&ENGLISH.replacen(from, to, 1), KOREAN)
}

/// The fault after one passage of the Korean lesson was changed.
fn mistranslated(from: &str, to: &str) -> String {
    assert!(KOREAN.contains(from), "{from}");
    fault(ENGLISH, &KOREAN.replacen(from, to, 1))
}

#[test]
fn both_languages_read_as_the_same_lesson_in_other_words() {
    let (english, korean) = read(ENGLISH, KOREAN).expect("nothing is wrong with it");
    let lesson = |course: &Course| course.chapters[0].lessons[0].clone();
    let (english, korean) = (lesson(&english), lesson(&korean));
    assert_eq!((english.id.as_str(), korean.id.as_str()), ("first/one", "first/one"));
    assert_eq!((english.title.as_str(), korean.title.as_str()), ("One", "하나"));
    let (one, other) = (&english.steps[0], &korean.steps[0]);
    let partitions = Quantity::Partitions { topic: "t".into() };
    let goal =
        Goal::Compare { quantity: partitions, comparison: Comparison::Exactly, bound: Bound::Number(1) };
    assert_eq!(one.goals, [goal]);
    assert_eq!(one.goals, other.goals);
    assert_eq!(one.solution, other.solution);
    assert_eq!(one.hints[0].when, other.hints[0].when);
    let conditions = |step: &content::Step| {
        let choices = step.prediction.as_ref().map(|prediction| &prediction.choices);
        choices.into_iter().flatten().map(|choice| choice.holds.clone()).collect::<Vec<_>>()
    };
    assert_eq!(conditions(one), conditions(other));
    let Block::Paragraph(inlines) = &korean.prose[0] else { panic!("{:?}", korean.prose) };
    let link =
        Inline::Link { target: Target::Term("offset".into()), text: vec![Inline::Text("오프셋".into())] };
    assert_eq!(inlines[0], link);
}

#[test]
fn the_worked_example_is_a_lesson() {
    let guide = include_str!("../../../CONTRIBUTING.md");
    let example = guide.split("````").nth(1).and_then(|text| text.strip_prefix("markdown\n"));
    let source = fault::Source::file("example.md", example.expect("CONTRIBUTING.md has an example"));
    let draft = lesson::read("first/hello", source, lesson::Role::Original);
    let steps = draft.map(|draft| draft.lesson.steps.len());
    assert_eq!(steps, Ok(1));
}

#[test]
fn the_place_and_the_remedy_are_named() {
    let message =
        changed("partitions of topic t = 1\n```\n\n```hint", "partition of topic t = 1\n```\n\n```hint");
    let (place, rest) = message.split_once(": ").expect("a place and a message");
    assert_eq!(place, "crates/course/lessons/en/01-first/01-one.md:29");
    assert!(rest.contains("partitions of topic {}"), "{rest}");
}

#[test]
fn broken_originals_are_refused() {
    for (from, to, expected) in [
        ("title: One\n", "titel: One\n", "where name is title, summary, minutes, terms"),
        ("title: One\n", "", "`title: ...` is missing"),
        ("minutes: 1", "minutes: one", "a whole number"),
        ("terms: offset", "terms: offsets", "there is no `offsets`"),
        ("term:offset", "term:lag", "there is no `term:lag`"),
        ("(term:offset)", "(offset)", "a link leads to"),
        ("{#do}", "", "ends with its id"),
        ("## Do it", "#### Do it", "has no place in a lesson"),
        ("```console 1", "```console", "the terminal's number"),
        ("```console 1", "```consol 1", "`consol` is no kind of block"),
        (
            "kafka-topics --create --topic t\n",
            "kafka-topics --create --topic t\n1| Created topic t.\n",
            "outputs are left out",
        ),
        ("```solution\n1$ kafka-topics --create --topic t\n```\n", "", "lacks a ```goal or a ```solution"),
        ("= partitions of topic t = 2\nTwo\n: Nobody asked for two.\n", "", "two choices at least"),
        (": Since one was asked for.", "Since one was asked for.", "begins with `: `"),
        ("hint when partitions", "hint if partitions", "```hint when CONDITION"),
        ("About an", "<b>About</b> an", "has no place"),
        ("About an", "**\"About\"**an", "`**` that opens or closes nothing"),
    ] {
        let message = changed(from, to);
        assert!(message.contains(expected), "{to}: {message}");
    }
}

#[test]
fn a_wrong_route_names_a_goal_of_its_step() {
    let wrong = "```wrong partitions of topic u = 1\n1$ kafka-topics --create --topic u\n```\n";
    let message = fault(&format!("{ENGLISH}\n{wrong}"), KOREAN);
    assert!(message.contains("word for word"), "{message}");
}

#[test]
fn translations_that_do_not_fit_are_refused() {
    for (from, to, expected) in [
        ("{#do}", "{#make}", "the steps are make, where en/01-first/01-one.md has do"),
        ("kafka-topics --list", "kafka-topics --describe", "other commands to click"),
        ("```hint\n너무 많습니다.\n```\n", "", "0 hints, where the original has 1"),
        ("=\n둘\n: 둘을 요청한 적은 없습니다.", "=\n둘\n: 없음.\n\n=\n셋\n: 없음.", "has 3 choices"),
        ("=\n하나", "= partitions of topic t = 1\n하나", "stands once, in the original"),
        ("```hint\n", "```goal\npartitions of topic t = 1\n```\n\n```hint\n", "`goal` stands once"),
    ] {
        let message = mistranslated(from, to);
        assert!(message.contains(expected), "{to}: {message}");
    }
}

#[test]
fn a_lesson_in_one_language_alone_is_refused() {
    let mut korean = files(KOREAN);
    korean.remove("01-first/01-one.md");
    let faults = courseware::read(("en", &files(ENGLISH)), ("ko", &korean)).expect_err("a lesson is missing");
    assert!(faults[0].to_string().contains("missing in ko"), "{}", faults[0]);
}

#[test]
fn every_goal_that_can_be_written_reads() {
    for text in [
        "group g is Stable",
        "group g is Empty",
        "a terminal printed \"Created topic\"",
        "records of partition my-topic-0 >= 3",
        "committed offset of group g for orders-2 = 10",
        "time of group a <= 50 % of time of group b",
    ] {
        assert!(phrase::goal(text).is_ok(), "{text}: {:?}", phrase::goal(text));
    }
    for (text, expected) in [
        ("group g is Dead", "Stable or Empty"),
        ("a terminal printed Created", "in double quotes"),
        ("records of partition orders >= 1", "nothing that can be counted"),
        ("lag of group g > 5", "is no goal"),
        ("lag of group g >= many", "neither a whole number"),
        ("lag of group g >= half % of lag of group h", "no whole number of per cent"),
    ] {
        let message = phrase::goal(text).expect_err(text);
        assert!(message.contains(expected), "{text}: {message}");
    }
}
