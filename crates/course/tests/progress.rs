//! What a learner has done survives being stored, and what cannot be read is reported.

use course::{Language, Place, Progress, Unreadable, course};

fn place(lesson: &str, step: &str) -> Place {
    Place { lesson: lesson.into(), step: step.into() }
}

#[test]
fn progress_comes_back_as_it_was_stored() {
    let mut progress = Progress::default();
    progress.complete(&place("producing/first-record", "make-topic"), None);
    progress.complete(&place("producing/first-record", "send"), Some(false));
    progress.visit(place("producing/first-record", "read"));
    let read = Progress::from_text(&progress.to_text());
    assert_eq!(read, Ok(progress));
}

#[test]
fn what_comes_next_is_the_first_step_that_is_not_done() {
    let course = course(Language::English);
    let mut progress = Progress::default();
    assert_eq!(progress.next(course), Some(place("producing/first-record", "make-topic")));
    progress.complete(&place("producing/first-record", "make-topic"), None);
    progress.complete(&place("producing/first-record", "read"), None);
    assert_eq!(progress.next(course), Some(place("producing/first-record", "send")));
    assert_eq!(progress.steps_done(&course.chapters[0].lessons[0]), 2);
}

#[test]
fn all_done_leaves_nothing_next() {
    let course = course(Language::English);
    let mut progress = Progress::default();
    for lesson in course.chapters.iter().flat_map(|chapter| &chapter.lessons) {
        for step in &lesson.steps {
            progress.complete(&place(&lesson.id, &step.id), Some(true));
        }
    }
    assert_eq!(progress.next(course), None);
    let (made, came_true) = progress.predictions(course);
    assert!(made > 0 && made == came_true);
}

#[test]
fn the_first_prediction_counts() {
    let course = course(Language::English);
    let mut progress = Progress::default();
    let send = place("producing/first-record", "send");
    progress.complete(&send, Some(false));
    progress.complete(&send, Some(true));
    assert_eq!(progress.predictions(course), (1, 0));
}

#[test]
fn what_was_done_elsewhere_comes_on_top() {
    let course = course(Language::English);
    let (mut here, mut there) = (Progress::default(), Progress::default());
    here.complete(&place("producing/first-record", "send"), Some(false));
    there.complete(&place("producing/first-record", "send"), Some(true));
    there.complete(&place("producing/first-record", "make-topic"), None);
    there.visit(place("producing/keys", "hash"));
    here.merge(there);
    assert!(
        here.is_done("producing/first-record", "send")
            && here.is_done("producing/first-record", "make-topic")
    );
    assert_eq!(here.predictions(course), (1, 0));
}

#[test]
fn a_place_that_the_course_no_longer_has_is_not_gone_back_to() {
    let course = course(Language::Korean);
    let mut progress = Progress::default();
    progress.visit(place("producing/first-record", "send"));
    assert_eq!(progress.last(course), Some(place("producing/first-record", "send")));
    progress.visit(place("producing/telegraphs", "send"));
    assert_eq!(progress.last(course), None);
}

#[test]
fn what_cannot_be_read_is_reported_and_not_guessed() {
    for damaged in ["", "{", "[]", "{\"version\":1}", "{\"version\":1,\"progress\":{\"done\":[]}}"] {
        let read = Progress::from_text(damaged);
        assert!(matches!(read, Err(Unreadable::Damaged { .. })), "{damaged}: {read:?}");
    }
    let newer = "{\"version\":2,\"progress\":{\"lessons\":{},\"last\":null}}";
    assert_eq!(Progress::from_text(newer), Err(Unreadable::Newer { version: 2, known: 1 }));
}
