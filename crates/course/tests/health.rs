//! Every lesson is played: what passes must pass, what must not does not, and each prediction has one right answer.

use std::collections::BTreeSet;
use std::time::Duration;

use course::content::{Block, Goal, Lesson, Step};
use course::{Attempt, Cue, Language, Script, course};
use kafka_console::{Action, Console};
use kafka_core::scenario::Scenario;

/// Lessons must not hang on the luck of one seed.
const SEEDS: [u64; 3] = [1, 2, 3];

/// Long enough for whatever happens without anybody doing something: session timeouts, commits, refreshed metadata.
const NOBODY_TYPES: &str = "wait 60s";

/// How often goals are looked at, in virtual time: a page does it with every frame.
const FRAME: Duration = Duration::from_millis(100);

/// A lesson under test, at the beginning of a step or after it.
#[derive(Clone)]
struct Rehearsal {
    console: Console,
    attempt: Attempt,
    /// The choices of the prediction that were right when the step was done.
    right: Vec<usize>,
}

impl Rehearsal {
    fn new(lesson: &'static Lesson, seed: u64) -> Self {
        let setup = script(lesson, "set-up", &lesson.setup);
        let console = Console::new(&Scenario { seed, ..setup.scenario.clone() });
        let mut rehearsal = Self { console, attempt: Attempt::new(lesson, 0), right: Vec::new() };
        rehearsal.play(&setup);
        rehearsal.attempt.begin_step(rehearsal.console.now());
        rehearsal
    }

    fn step(&self) -> &'static Step {
        self.attempt.step()
    }

    fn place(&self) -> String {
        format!("{}#{}", self.attempt.lesson().id, self.step().id)
    }

    fn play(&mut self, script: &Script) {
        let Self { console, attempt, right } = self;
        let mut looked = console.now();
        script.play(console, &mut |console, events| {
            attempt.observe(console.now(), events);
            if console.now() >= looked + FRAME {
                looked = console.now();
                look(attempt, right, console);
            }
        });
        look(attempt, right, console);
    }

    /// The same after a transcript was typed.
    fn after(&self, transcript: &str) -> Self {
        let mut other = self.clone();
        other.play(&script(self.attempt.lesson(), &self.step().id, transcript));
        other
    }

    fn is_done(&self) -> bool {
        self.attempt.clone().check(&self.console)
    }

    fn next_step(&mut self) -> bool {
        self.attempt.next_step(self.console.now())
    }

    fn unmet(&self) -> Vec<&'static Goal> {
        let readings = self.attempt.readings(&self.console);
        readings.iter().filter(|reading| reading.shortfall.is_some()).map(|reading| reading.goal).collect()
    }

    /// What the terminals show, for a message.
    fn screens(&self) -> String {
        let mut text = String::new();
        for (number, terminal) in self.console.terminals() {
            for line in terminal.lines() {
                text.push_str(&format!("{number}| {}\n", line.text));
            }
        }
        text
    }
}

/// Looks at the goals, and at the moment when they are reached at the prediction.
fn look(attempt: &mut Attempt, right: &mut Vec<usize>, console: &Console) {
    if attempt.is_done() || !attempt.check(console) {
        return;
    }
    let prediction = attempt.step().prediction.as_ref();
    let choices = prediction.map_or(&[][..], |prediction| &prediction.choices);
    let holds = |goals: &[Goal]| goals.iter().all(|goal| attempt.reading(console, goal).shortfall.is_none());
    *right = (0..choices.len()).filter(|number| holds(&choices[*number].holds)).collect();
}

fn script(lesson: &Lesson, place: &str, transcript: &str) -> Script {
    Script::parse(transcript).unwrap_or_else(|error| panic!("{}, {place}: {error}", lesson.id))
}

fn lessons() -> impl Iterator<Item = &'static Lesson> {
    course(Language::English).chapters.iter().flat_map(|chapter| &chapter.lessons)
}

/// Every step of every lesson at its beginning, reached by the solutions before it.
fn steps(seed: u64) -> Vec<Rehearsal> {
    let mut steps = Vec::new();
    for lesson in lessons() {
        let mut rehearsal = Rehearsal::new(lesson, seed);
        loop {
            steps.push(rehearsal.clone());
            rehearsal = rehearsal.after(&rehearsal.step().solution);
            if !rehearsal.next_step() {
                break;
            }
        }
    }
    steps
}

#[test]
fn a_solution_reaches_the_goal_and_nothing_less_does() {
    for step in SEEDS.into_iter().flat_map(steps) {
        let place = step.place();
        assert!(!step.is_done(), "{place} is done before anything was typed");
        let idle = step.after(NOBODY_TYPES);
        assert!(!idle.is_done(), "{place} is done by waiting");
        let solved = step.after(&step.step().solution);
        assert!(solved.is_done(), "{place}: its solution leaves {:?}\n{}", solved.unmet(), solved.screens());
    }
}

#[test]
fn no_later_goal_is_met_early() {
    for step in steps(SEEDS[0]) {
        let solved = step.after(&step.step().solution);
        let mut later = solved.clone();
        while later.next_step() {
            assert!(!later.is_done(), "{} is done when {} is", later.place(), step.place());
        }
    }
}

#[test]
fn other_ways_are_as_good() {
    for step in steps(SEEDS[0]) {
        for route in &step.step().routes {
            let done = step.after(route);
            assert!(
                done.is_done(),
                "{}: after\n{route}\nmissing: {:?}\n{}",
                step.place(),
                done.unmet(),
                done.screens()
            );
        }
    }
}

#[test]
fn wrong_ways_fail_for_the_reason_that_the_lesson_names() {
    for step in steps(SEEDS[0]) {
        for wrong in &step.step().wrong_routes {
            let tried = step.after(&wrong.transcript);
            let unmet = tried.unmet();
            assert!(!tried.is_done(), "{} is done by\n{}", step.place(), wrong.transcript);
            assert!(
                unmet.contains(&&wrong.unmet),
                "{}: after\n{}\nmissing: {unmet:?}\n{}",
                step.place(),
                wrong.transcript,
                tried.screens()
            );
        }
    }
}

#[test]
fn each_prediction_has_one_right_answer_whatever_the_seed() {
    for step in SEEDS.into_iter().flat_map(steps) {
        if step.step().prediction.is_some() {
            let solved = step.after(&step.step().solution);
            assert_eq!(
                solved.right.len(),
                1,
                "{}: right are {:?}\n{}",
                step.place(),
                solved.right,
                solved.screens()
            );
        }
    }
}

#[test]
fn who_has_not_begun_gets_a_hint_that_reacts_to_nothing() {
    for mut step in steps(SEEDS[0]) {
        let first = step.attempt.next_hint(&step.console);
        let reacts = first.map(|number| !step.step().hints[number].when.is_empty());
        assert_eq!(reacts, Some(false), "{}: hint {first:?}", step.place());
    }
}

#[test]
fn what_can_be_clicked_is_typed_by_a_solution() {
    for lesson in lessons() {
        let steps = lesson.steps.iter();
        let transcripts = steps.clone().flat_map(|step| step.routes.iter().chain([&step.solution]));
        let played: BTreeSet<String> =
            transcripts.flat_map(|text| script(lesson, "a step", text).cues).flat_map(typed).collect();
        for step in steps {
            for block in &step.prose {
                let Block::Typed { text, .. } = block else { continue };
                for line in lines(text) {
                    assert!(played.contains(&line), "{}#{}: nothing types\n{line}", lesson.id, step.id);
                }
            }
        }
    }
}

fn typed(cue: Cue) -> Vec<String> {
    match cue.input.action {
        Action::Command(text) => lines(&text),
        Action::Interrupt | Action::Suspend | Action::EndOfInput | Action::Close => Vec::new(),
    }
}

/// The lines of a text, with those that a backslash continues joined and blanks made equal.
fn lines(text: &str) -> Vec<String> {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace("\\\n", " ").lines().map(words).collect()
}
