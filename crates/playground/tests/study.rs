//! A lesson in a session of its own: opened anywhere, followed through time travel, tried again, solved by itself.

use std::time::Duration;

use course::content::Lesson;
use course::{Language, Script, Verdict, lesson};
use playground::session::{Action, Session, Speed};
use playground::study::{Measured, Study};

struct Learner {
    study: Study,
    session: Session,
    finished: usize,
}

impl Learner {
    fn at(id: &str, step: usize) -> Self {
        let lesson: &'static Lesson = lesson(Language::English, id).expect("the course has this lesson");
        let (study, mut session) = Study::open(lesson, step, None);
        session.set_speed(Speed::Constant { per_mille: 1000 });
        let mut learner = Self { study, session, finished: 0 };
        learner.session.finish_recalling();
        learner.follow();
        learner
    }

    fn follow(&mut self) {
        self.finished += usize::from(self.study.follow(&self.session).is_some());
    }

    fn waits(&mut self, seconds: u64) {
        for _ in 0..seconds * 10 {
            self.session.frame(Duration::from_millis(100));
            self.follow();
        }
    }

    fn types(&mut self, terminal: u32, command: &str) {
        self.session.input(terminal, Action::Command(command.to_owned()));
        self.follow();
    }

    fn solves(&mut self) {
        let script = Script::parse(&self.study.attempt().step().solution).expect("a transcript");
        self.study.solve(&mut self.session, &script);
        assert!(self.session.is_typing_out());
        let typed: Duration = script.cues.iter().map(|cue| cue.after).sum();
        self.waits((typed + script.rest).as_secs() + 1);
        assert!(!self.session.is_typing_out());
    }

    fn is_done(&self) -> bool {
        self.study.view(&self.session).is_done
    }
}

const CREATE: &str = "kafka-topics --create --bootstrap-server kafka:9093 --topic greetings --partitions";

#[test]
fn a_lesson_is_done_step_by_step_by_its_solutions() {
    let mut learner = Learner::at("producing/first-record", 0);
    for step in 0..3 {
        assert_eq!((learner.study.view(&learner.session).step, learner.is_done()), (step, false));
        learner.solves();
        assert!(learner.is_done());
        assert_eq!(learner.finished, step + 1);
        assert_eq!(learner.study.next_step(&mut learner.session), step < 2);
    }
}

#[test]
fn a_lesson_opens_in_the_middle_with_what_comes_before_typed() {
    let mut learner = Learner::at("producing/first-record", 1);
    assert!(!learner.is_done());
    assert_eq!(learner.session.now(), learner.session.end());
    learner.study.predict(&learner.session, 1);
    learner.solves();
    let verdict = learner.study.view(&learner.session).verdict;
    assert_eq!(verdict, Some(Verdict { chosen: Some(1), right: 0 }));
}

#[test]
fn looking_back_undoes_nothing_and_going_on_from_there_does() {
    let mut learner = Learner::at("producing/first-record", 0);
    let began = learner.session.now();
    learner.waits(2);
    learner.types(1, &format!("{CREATE} 1"));
    learner.waits(1);
    assert!(learner.is_done());
    learner.session.seek(began);
    learner.follow();
    assert!(learner.is_done(), "the past is only looked at");
    learner.types(1, "date");
    assert!(!learner.is_done(), "on this line of history nothing was done");
    learner.types(1, &format!("{CREATE} 1"));
    learner.waits(1);
    assert!(learner.is_done());
    learner.session.switch_branch(1);
    learner.follow();
    assert!(learner.is_done(), "on the first line it was done as well");
    assert_eq!(learner.finished, 2);
}

#[test]
fn a_step_is_tried_again_from_where_it_began() {
    let mut learner = Learner::at("producing/first-record", 0);
    learner.waits(1);
    learner.types(1, &format!("{CREATE} 3"));
    learner.waits(1);
    learner.study.take_hint(&learner.session);
    assert_eq!(*learner.study.view(&learner.session).hints, [0], "the one for too many partitions");
    learner.study.try_again(&mut learner.session);
    assert_eq!(learner.session.files().len(), 0);
    assert!(learner.session.console().simulation().cluster().topic("greetings").is_none());
    assert!(learner.study.view(&learner.session).hints.is_empty());
    learner.types(1, &format!("{CREATE} 1"));
    learner.waits(1);
    assert!(learner.is_done());
}

#[test]
fn the_learners_typing_ends_a_solution_that_types_itself() {
    let mut learner = Learner::at("producing/first-record", 1);
    let script = Script::parse(&learner.study.attempt().step().solution).expect("a transcript");
    learner.study.solve(&mut learner.session, &script);
    learner.types(2, "date");
    assert!(!learner.session.is_typing_out());
}

#[test]
fn measurements_stand_beside_what_the_formula_says() {
    let last = 5;
    let mut learner = Learner::at("measuring/ten-thousand", last);
    learner.solves();
    let view = learner.study.view(&learner.session);
    let groups: Vec<_> = view.measured.iter().map(|(group, _)| *group).collect();
    assert_eq!(groups, ["perf-single", "perf-parallel", "work-single", "work-parallel", "work-keyed"]);
    let measured =
        |group: &str| view.measured.iter().find(|(name, _)| *name == group).and_then(|(_, of)| *of);
    let [alone, uneven, even] =
        ["work-single", "work-parallel", "work-keyed"].map(|group| measured(group).expect("it has read"));
    assert_eq!(alone.expected(), None);
    assert_eq!(Measured::rate(alone.throughput), Some(333));
    let (least, most) = uneven.expected().expect("one has worked alone before");
    assert_eq!((least, most), (699, 899));
    assert!(Measured::rate(uneven.throughput) < Some(most));
    assert!(Measured::rate(even.throughput) > Some(most));
}
