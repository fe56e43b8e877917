//! The course's state: what has been fetched, which lesson is open in which session, what was done so far.
//!
//! A lesson has a session of its own. The learner's is set aside meanwhile, and comes back as it was.

use std::mem;
use std::rc::Rc;

use course::content::{Course, Lesson};
use course::{Language, Place, Progress, Script};
use playground::session::Session;
use playground::study::{Finished, Study, StudyView};
use yew::Callback;

use super::address::{self, Named};
use super::errand::{Errand, Lead, Page, Trouble};
use super::library::{CourseFiles, Library, Loaded};
use super::record::Record;

/// The course as the panel shows it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct CourseView {
    pub(crate) page: Page,
    /// `None` while its file is on its way.
    pub(crate) course: Option<Loaded<Course>>,
    /// Why its file has not come.
    pub(crate) failure: Option<Rc<str>>,
    pub(crate) progress: Rc<Progress>,
    pub(crate) trouble: Option<Trouble>,
    pub(crate) lesson: Option<LessonView>,
    /// The term that is being explained.
    pub(crate) term: Option<Rc<str>>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct LessonView {
    pub(crate) lesson: Loaded<Lesson>,
    pub(crate) study: StudyView,
    /// The learner goes on without a prediction.
    pub(crate) skipped: bool,
}

pub(crate) struct Classroom {
    library: Library,
    record: Record,
    language: Language,
    /// The page of the panel while that is open.
    page: Option<Page>,
    study: Option<Study>,
    /// The learner's own session while a lesson is open.
    aside: Option<Session>,
    /// How often another session took the place of the one before it.
    begun: u32,
    /// To be typed once what comes before the step has been typed.
    pending: Option<Script>,
    /// To be opened once the course is there.
    wanted: Option<Lead>,
    skipped: bool,
    term: Option<Rc<str>>,
    view: Option<Rc<CourseView>>,
}

impl Classroom {
    pub(crate) fn new(files: CourseFiles, language: Language, deliver: Callback<Errand>) -> Self {
        Self {
            library: Library::new(files, deliver),
            record: Record::open(),
            language,
            page: None,
            study: None,
            aside: None,
            begun: 0,
            pending: None,
            wanted: None,
            skipped: false,
            term: None,
            view: None,
        }
    }

    /// The learner's own session while a lesson is open.
    pub(crate) const fn set_aside(&self) -> Option<&Session> {
        self.aside.as_ref()
    }

    pub(crate) const fn sessions_begun(&self) -> u32 {
        self.begun
    }

    /// What the panel shows; `None` while it is closed.
    pub(crate) const fn view(&self) -> Option<&Rc<CourseView>> {
        self.view.as_ref()
    }

    /// Does what was asked for. The session is another one afterwards when a lesson was opened or left.
    pub(crate) fn follow(&mut self, errand: Errand, session: &mut Session) {
        match errand {
            Errand::Open => {
                self.show(if self.study.is_some() { Page::Lesson } else { Page::Contents });
            }
            Errand::Show(page) => self.show(page),
            Errand::Leave => self.leave(session),
            Errand::Lesson(lead) => self.open(lead, session),
            Errand::FollowAddress => match address::named() {
                Named::Lesson(lesson) => self.open(Lead { lesson: lesson.into(), step: None }, session),
                Named::Playground if self.study.is_some() => self.leave(session),
                Named::Playground | Named::Elsewhere => {}
            },
            Errand::TryAgain => {
                self.skipped = false;
                if let Some(study) = &mut self.study {
                    study.try_again(session);
                }
            }
            Errand::NextStep => {
                let goes_on = self.study.as_mut().is_some_and(|study| study.next_step(session));
                if goes_on {
                    self.stand_at_step();
                }
            }
            Errand::Predict(choice) => {
                if let Some(study) = &mut self.study {
                    study.predict(session, choice);
                }
            }
            Errand::Skip => self.skipped = true,
            Errand::Hint => {
                if let Some(study) = &mut self.study {
                    study.take_hint(session);
                }
            }
            Errand::Solve(script) => self.solve(&script, session),
            Errand::StopTyping => session.stop_typing_out(),
            Errand::Measure { seed } => self.measure(seed, session),
            Errand::Explain(term) => self.term = term,
            Errand::Delivered(language, delivered) => {
                self.library.take(language, delivered);
                self.translate();
                if let Some(lead) = self.wanted.take() {
                    self.open(lead, session);
                }
            }
            Errand::Fetch => self.library.fetch(self.language),
            Errand::Import(text) => self.record.import(&text),
            Errand::Reset => self.record.reset(),
            Errand::DismissTrouble => self.record.trouble = None,
        }
    }

    pub(crate) fn speak(&mut self, language: Language) {
        self.language = language;
        if self.page.is_some() {
            self.library.fetch(language);
            self.translate();
        }
    }

    /// Takes in what has happened in the session. True when the panel looks different.
    pub(crate) fn look_again(&mut self, session: &Session) -> bool {
        if let Some(finished) = self.study.as_mut().and_then(|study| study.follow(session)) {
            self.complete(&finished);
        }
        let view = self.page.map(|page| self.view_of(page, session));
        let changed = self.view.as_deref() != view.as_ref();
        if changed {
            self.view = view.map(Rc::new);
        }
        changed
    }

    /// Types what was to be typed once the session is ready for it.
    pub(crate) fn go_on(&mut self, session: &mut Session) {
        if !session.is_recalling()
            && let Some(script) = self.pending.take()
        {
            self.solve(&script, session);
        }
    }

    /// What was typed so far belongs to the time before an input that comes now.
    pub(crate) fn before_input(&mut self, session: &mut Session) {
        if self.study.is_some() {
            session.finish_recalling();
            self.look_again(session);
        }
    }

    fn show(&mut self, page: Page) {
        self.page = Some(page);
        self.term = None;
        self.library.fetch(self.language);
    }

    fn open(&mut self, Lead { lesson: id, step }: Lead, session: &mut Session) {
        self.show(Page::Lesson);
        let Some(course) = self.library.course(self.language) else {
            self.wanted = Some(Lead { lesson: id, step });
            return;
        };
        let Some(lesson) = course.0.lesson(&id) else {
            self.record.trouble = Some(Trouble::NoSuchLesson(id));
            return self.show(if self.study.is_some() { Page::Lesson } else { Page::Contents });
        };
        let is_open = self.study.as_ref().is_some_and(|study| study.lesson().id == lesson.id);
        if is_open && step.is_none() {
            return;
        }
        let undone = lesson.steps.iter().position(|step| !self.record.progress.is_done(&lesson.id, &step.id));
        self.begin(Study::open(lesson, step.or(undone).unwrap_or(0), None), session);
    }

    fn begin(&mut self, (study, fresh): (Study, Session), session: &mut Session) {
        let before = mem::replace(session, fresh);
        self.aside.get_or_insert(before);
        self.begun += 1;
        self.pending = None;
        address::say(Some(&study.lesson().id));
        self.study = Some(study);
        self.stand_at_step();
    }

    fn leave(&mut self, session: &mut Session) {
        self.page = None;
        self.wanted = None;
        self.study = None;
        self.pending = None;
        if let Some(own) = self.aside.take() {
            *session = own;
            self.begun += 1;
        }
        address::say(None);
    }

    fn measure(&mut self, seed: u64, session: &mut Session) {
        let Some(lesson) = self.study.as_ref().map(Study::lesson) else { return };
        self.begin(Study::open(lesson, lesson.steps.len(), Some(seed)), session);
        self.skipped = true;
        let solution = self.study.as_ref().map(|study| study.attempt().step().solution.as_str());
        self.pending = solution.and_then(|solution| Script::parse(solution).ok());
    }

    fn solve(&mut self, script: &Script, session: &mut Session) {
        if let Some(study) = &mut self.study {
            study.solve(session, script);
        }
    }

    fn stand_at_step(&mut self) {
        self.skipped = false;
        self.term = None;
        if let Some(place) = self.place() {
            self.record.visit(place);
        }
    }

    fn place(&self) -> Option<Place> {
        let attempt = self.study.as_ref()?.attempt();
        Some(Place { lesson: attempt.lesson().id.clone(), step: attempt.step().id.clone() })
    }

    fn complete(&mut self, Finished { verdict, .. }: &Finished) {
        let prediction = verdict.and_then(|verdict| verdict.chosen.map(|chosen| chosen == verdict.right));
        if let Some(place) = self.place() {
            self.record.complete(&place, prediction);
        }
    }

    /// Goes on with the open lesson in the language that the page speaks.
    fn translate(&mut self) {
        let Some(course) = self.library.exactly(self.language) else { return };
        if let Some(study) = &mut self.study
            && let Some(lesson) = course.0.lesson(&study.lesson().id)
        {
            study.translate(lesson);
        }
    }

    fn view_of(&self, page: Page, session: &Session) -> CourseView {
        let lesson = self.study.as_ref().map(|study| LessonView {
            lesson: Loaded(study.lesson()),
            study: study.view(session),
            skipped: self.skipped,
        });
        CourseView {
            page,
            course: self.library.course(self.language),
            failure: self.library.failure(self.language),
            progress: self.record.progress.clone(),
            trouble: self.record.trouble.clone(),
            lesson,
            term: self.term.clone(),
        }
    }
}
