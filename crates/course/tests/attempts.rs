//! A lesson as a learner goes through it: predictions, hints that react, and steps that begin anew.

use course::content::Lesson;
use course::{Attempt, Language, Script, Shortfall, Verdict, lesson};
use kafka_console::Console;

struct Learner {
    console: Console,
    attempt: Attempt,
}

impl Learner {
    /// Stands at the beginning of a step, with everything before it solved.
    fn at(id: &str, step: usize) -> Self {
        let lesson: &'static Lesson = lesson(Language::Korean, id).expect("the course has this lesson");
        let opening = lesson.opening(step);
        let mut learner =
            Self { console: Console::new(&opening[0].scenario), attempt: Attempt::new(lesson, step) };
        opening.iter().for_each(|script| learner.play(script));
        learner.attempt.begin_step(learner.console.now());
        learner
    }

    fn types(&mut self, transcript: &str) {
        self.play(&Script::parse(transcript).expect("a transcript"));
    }

    fn play(&mut self, script: &Script) {
        let attempt = &mut self.attempt;
        script.play(&mut self.console, &mut |console, events| attempt.observe(console.now(), events));
    }

    fn is_done(&mut self) -> bool {
        self.attempt.check(&self.console)
    }

    fn next_hint(&mut self) -> Option<usize> {
        self.attempt.next_hint(&self.console)
    }
}

#[test]
fn the_run_decides_what_was_predicted_right() {
    let mut learner = Learner::at("producing/without-keys", 0);
    learner.attempt.predict(1);
    assert!(!learner.is_done());
    assert_eq!(learner.attempt.verdict(), None);
    learner.types(&learner.attempt.step().solution);
    assert!(learner.is_done());
    assert_eq!(learner.attempt.verdict(), Some(Verdict { chosen: Some(1), right: 0 }));
    learner.attempt.predict(0);
    assert_eq!(learner.attempt.chosen(), Some(1), "it is too late to predict");
}

#[test]
fn a_choice_that_does_not_exist_is_not_taken() {
    let mut learner = Learner::at("producing/without-keys", 0);
    learner.attempt.predict(3);
    assert_eq!(learner.attempt.chosen(), None);
}

#[test]
fn hints_react_to_what_was_tried() {
    let mut learner = Learner::at("producing/keys", 0);
    let reacting = 0;
    let general = 1;
    let mut idle = learner.attempt.clone();
    assert_eq!(idle.next_hint(&learner.console), Some(general));
    assert_eq!(idle.next_hint(&learner.console), None, "the other hint is for records without keys");
    learner.types(
        "1$ kafka-console-producer --bootstrap-server kafka:9093 --topic activity\n1> user_001:signed in\nwait 2s\n",
    );
    assert_eq!(learner.next_hint(), Some(reacting));
    assert_eq!(learner.next_hint(), Some(general));
    assert_eq!(learner.attempt.hints(), [reacting, general]);
}

#[test]
fn what_is_missing_is_told_in_numbers() {
    let mut learner = Learner::at("producing/without-keys", 2);
    let shortfalls = |learner: &Learner| {
        let readings = learner.attempt.readings(&learner.console);
        readings.iter().map(|reading| reading.shortfall).collect::<Vec<_>>()
    };
    let nothing =
        [Some(Shortfall::Count { now: 0, wanted: 8000 }), Some(Shortfall::Count { now: 0, wanted: 2 })];
    assert_eq!(shortfalls(&learner), nothing);
    learner.types("1$ for i in {1..30}; do echo $i; done | kafka-console-producer --bootstrap-server kafka:9093 --topic parallel-test\nwait 2s\n");
    let some =
        [Some(Shortfall::Count { now: 30, wanted: 8000 }), Some(Shortfall::Count { now: 1, wanted: 2 })];
    assert_eq!(shortfalls(&learner), some);
}

#[test]
fn what_does_not_exist_yet_is_missing_as_such() {
    let learner = Learner::at("groups/three-consumers", 0);
    let readings = learner.attempt.readings(&learner.console);
    assert_eq!(readings[0].shortfall, Some(Shortfall::Absent { wanted: Some(3) }));
    assert_eq!(readings[3].shortfall, Some(Shortfall::Absent { wanted: None }));
}

#[test]
fn a_step_that_is_done_stays_done_until_it_begins_again() {
    let mut learner = Learner::at("groups/rebalancing", 3);
    learner.types(&learner.attempt.step().solution);
    assert!(learner.is_done());
    learner.types("2^C\n3^C\nwait 5s\n");
    assert!(learner.is_done(), "the group is empty now, and the step was done");
    learner.attempt.begin_step(learner.console.now());
    assert!(!learner.is_done());
    assert!(!learner.attempt.next_step(learner.console.now()), "it was the last one");
}

#[test]
fn what_a_group_has_done_is_measured() {
    let mut learner = Learner::at("measuring/ten-thousand", 3);
    learner.types(&learner.attempt.step().solution);
    let throughput = learner.attempt.evidence().throughput("work-single").expect("the group has read");
    assert_eq!(throughput.records, 10_000);
    assert_eq!(throughput.reading.as_secs(), 29);
    assert!(throughput.total > throughput.reading);
    assert_eq!(learner.attempt.evidence().throughput("work-parallel"), None);
}
