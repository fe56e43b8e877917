//! The page's one owner of state: the session, and what the visitor has chosen to look at.

use std::collections::BTreeMap;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::utils::window;
use kafka_core::scenario::Scenario;
use playground::scene::Scene;
use playground::session::{PlaybackView, Session, TerminalView};
use playground::settings::Setting;
use yew::prelude::*;

use crate::Options;
use crate::acts::Acts;
use crate::comparison::{Compare, CompareProps, Subjects};
use crate::course::{Classroom, CoursePanel, Errand};
use crate::dock::{Completed, Dock, Draft, Drafted};
use crate::files::Desk;
use crate::frames::Frames;
use crate::i18n::{Language, Text};
use crate::intent::{Attention, DockSize, Intent, View};
use crate::introduction::Introduction;
use crate::keeping::{self, Keeping, Notice};
use crate::notice::NoticeBar;
use crate::preferences::{self, Theme};
use crate::settings::{self, Settings};
use crate::side::Side;
use crate::stage::{Spotlight, Stage};
use crate::topbar::TopBar;

/// Every visitor's session begins the same way.
const SEED: u64 = 1;

pub(crate) struct App {
    session: Session,
    scene: Rc<Scene>,
    terminals: Rc<[TerminalView]>,
    playback: PlaybackView,
    /// The visitor asked their system for less motion.
    still: bool,
    frames: Frames,
    language: Language,
    theme: Theme,
    terminal: u32,
    names: Rc<BTreeMap<u32, Rc<str>>>,
    completed: Option<Rc<Completed>>,
    maximized: bool,
    dock: DockSize,
    consumer: Option<u32>,
    attention: Option<Attention>,
    view: View,
    /// Whoever knows that a demonstration is running is not told again.
    introduced: bool,
    files: Desk,
    settings: Settings,
    keeping: Keeping,
    notice: Option<Notice>,
    /// The last chance to keep the session, and the address that names another lesson.
    _listeners: [EventListener; 2],
    classroom: Classroom,
    drafted: Drafted,
    spotlight: Spotlight,
    /// While it is open the session waits.
    comparison: Option<Subjects>,
    /// Counts beginnings: nothing of a session outlives it.
    beginning: u32,
    send: Callback<Intent>,
    onselect: Callback<u32>,
}

#[derive(Properties, PartialEq)]
pub(crate) struct AppProps {
    pub(crate) options: Options,
}

pub(crate) enum Message {
    Frame(f64),
    /// The page is being left.
    Leave,
    Intent(Intent),
    /// What was fetched about settings, if it came.
    Settings(Option<Rc<[Setting]>>),
}

impl Component for App {
    type Message = Message;
    type Properties = AppProps;

    fn create(context: &Context<Self>) -> Self {
        let (language, theme) = (preferences::language(), preferences::theme());
        preferences::apply_both(language, theme);
        let Options { demonstration, speed, course } = context.props().options.clone();
        let (restored, notice) = keeping::restore();
        let introduced = !demonstration || restored.is_some() || preferences::introduced();
        let mut session = restored.unwrap_or_else(|| begin(demonstration));
        session.set_speed(speed);
        let leave = context.link().callback(|()| Message::Leave);
        let send = context.link().callback(Message::Intent);
        let errand = send.reform(Intent::Course);
        let follow = errand.clone();
        let mut app = Self {
            scene: Rc::new(session.scene()),
            terminals: session.terminals(),
            playback: session.playback(),
            still: preferences::reduced_motion(),
            files: Desk::new(&session),
            settings: Settings::Unasked,
            keeping: Keeping::of(&session),
            notice,
            _listeners: [
                EventListener::new(&window(), "pagehide", move |_| leave.emit(())),
                EventListener::new(&window(), "hashchange", move |_| follow.emit(Errand::FollowAddress)),
            ],
            classroom: Classroom::new(course, language.of_course(), errand),
            drafted: Drafted::default(),
            spotlight: Spotlight::default(),
            session,
            frames: Frames::new(),
            language,
            theme,
            terminal: 1,
            names: Rc::new(preferences::terminal_names()),
            completed: None,
            maximized: false,
            dock: DockSize::Medium,
            consumer: None,
            attention: None,
            view: View::Stage,
            introduced,
            comparison: None,
            beginning: 0,
            onselect: send.reform(Intent::SelectConsumer),
            send,
        };
        app.follow(Intent::Course(Errand::FollowAddress));
        app.frames.request(context.link().callback(Message::Frame));
        app
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        let wanted = match message {
            Message::Frame(stamp) => {
                self.frames.request(context.link().callback(Message::Frame));
                let elapsed = self.frames.elapsed(stamp);
                match &mut self.comparison {
                    Some(comparison) => comparison.frame(elapsed),
                    None => {
                        self.classroom.go_on(&mut self.session);
                        self.session.frame(elapsed);
                    }
                }
                let own = self.classroom.set_aside().unwrap_or(&self.session);
                let notice = self.keeping.watch(own, stamp);
                let told = notice.is_some();
                self.notice = notice.or(self.notice.take());
                told
            }
            Message::Leave => {
                self.keeping.keep(self.classroom.set_aside().unwrap_or(&self.session));
                false
            }
            Message::Intent(intent) => {
                if intent == Intent::NeedSettings && self.settings == Settings::Unasked {
                    self.settings = Settings::Asked;
                    context.link().send_future(async { Message::Settings(settings::fetch().await) });
                }
                self.follow(intent);
                true
            }
            Message::Settings(fetched) => {
                self.settings = fetched.map_or(Settings::Asked, Settings::Known);
                true
            }
        };
        self.look_again() || wanted
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let text = Text(self.language);
        let scene = &self.scene;
        let consumer = self.chosen_consumer();
        let course = self.classroom.view();
        let lesson = self.classroom.set_aside().is_some();
        let notice = self.notice.as_ref().filter(|_| !lesson);
        let view = match self.view {
            View::Lesson if course.is_some() => "shows-lesson",
            View::Lesson | View::Stage => "shows-stage",
            View::Side => "shows-side",
        };
        let dock = match self.dock {
            DockSize::Small => "dock-small",
            DockSize::Medium => "dock-medium",
            DockSize::Large => "dock-large",
        };
        html! {
            <ContextProvider<Text> context={text}>
            <ContextProvider<Drafted> context={self.drafted.clone()}>
            <ContextProvider<Settings> context={self.settings.clone()}>
            <ContextProvider<Spotlight> context={self.spotlight.clone()}>
                <div class={classes!("app", view, dock, course.map(|_| "with-course"))}>
                    <a class="skip" href="#terminals">{ text.skip_to_terminals() }</a>
                    <TopBar clock={scene.clock.clone()} playback={self.playback.clone()}
                        branches={self.session.branches()} theme={self.theme}
                        course={course.is_some()} {lesson} send={&self.send} />
                    <Views view={self.view} course={course.is_some()} send={&self.send} />
                    <main>
                        if let Some(view) = course { <CoursePanel {view} send={&self.send} /> }
                        <div class="theatre">
                            if let Some(notice) = notice { <NoticeBar notice={notice.clone()} send={&self.send} /> }
                            if !self.introduced && !lesson { <Introduction send={&self.send} /> }
                            <Stage key={self.beginning} scene={scene} selected={consumer} attention={self.attention.clone()}
                                onselect={&self.onselect} terminal={self.session.free_terminal()} send={&self.send} />
                            <Acts proposals={self.session.proposals(consumer)} consumers={&scene.consumers}
                                selected={consumer} send={&self.send} />
                        </div>
                        <Side {scene} attention={self.attention.clone()} send={&self.send} />
                    </main>
                    <Dock key={self.beginning} terminals={self.terminals.clone()} names={self.names.clone()}
                        completed={self.completed.clone()} active={self.terminal} maximized={self.maximized} size={self.dock}
                        files={self.files.shown(&self.session, &self.send)} send={&self.send} />
                    if let Some(comparison) = &self.comparison {
                        <Compare ..CompareProps::of(comparison, &self.send) />
                    }
                </div>
            </ContextProvider<Spotlight>>
            </ContextProvider<Settings>>
            </ContextProvider<Drafted>>
            </ContextProvider<Text>>
        }
    }
}

impl App {
    /// Takes the session's present into view. True when it looks different.
    fn look_again(&mut self) -> bool {
        if let Some(comparison) = &mut self.comparison {
            return comparison.look_again();
        }
        let course_changed = self.classroom.look_again(&self.session);
        let files_changed = self.files.look_again(&self.session);
        let mut scene = self.session.scene();
        if self.still {
            // Without movement, what is on its way shows halfway until it has arrived.
            for traveller in &mut scene.travellers {
                traveller.progress = 500;
            }
        }
        let terminals = self.session.terminals();
        let playback = self.session.playback();
        let changed = *self.scene != scene || self.terminals != terminals || self.playback != playback;
        if changed {
            self.scene = Rc::new(scene);
            self.terminals = terminals;
            self.playback = playback;
        }
        changed || files_changed || course_changed
    }

    fn follow(&mut self, intent: Intent) {
        match intent {
            Intent::Play => self.session.play(),
            Intent::Pause => self.session.pause(),
            Intent::Step => self.session.step(),
            Intent::Seek(to) => self.session.seek(to),
            Intent::ToPresent => self.session.seek(self.scene.clock.end),
            Intent::Fork => self.session.fork(),
            Intent::SwitchBranch(number) => self.session.switch_branch(number),
            Intent::SetSpeed(speed) => self.session.set_speed(speed),
            Intent::StartFresh => self.start_over(begin(false)),
            Intent::StartCluster => self.start_over(Session::empty(&Scenario::three_brokers(SEED))),
            Intent::ReplayDemonstration => self.start_over(begin(true)),
            Intent::DismissIntroduction => self.introduce(),
            Intent::Input { terminal, action } => {
                self.introduce();
                self.notice = self.notice.take().filter(|notice| *notice != Notice::Restored);
                self.terminal = terminal;
                self.drafted = Drafted::default();
                self.classroom.before_input(&mut self.session);
                self.session.input(terminal, action);
            }
            Intent::Draft { terminal, text } => {
                self.session.show_terminal(terminal);
                self.terminal = terminal;
                let number = self.drafted.0.as_ref().map_or(0, |draft| draft.number + 1);
                self.drafted = Drafted(Some(Rc::new(Draft { number, terminal, text })));
            }
            Intent::Spot(object) => {
                self.spotlight = self.spotlight.on(object);
                self.view = View::Stage;
            }
            Intent::Course(errand) => self.run_errand(errand),
            Intent::Complete { terminal, line } => {
                let completions = self.session.complete(terminal, &line);
                let asked = self.completed.as_ref().map_or(0, |last| last.asked + 1);
                self.completed = Some(Rc::new(Completed { terminal, line, completions, asked }));
            }
            Intent::NewTerminal => self.terminal = self.session.open_terminal(),
            Intent::SelectTerminal(number) => self.terminal = number,
            Intent::CloseTerminal(number) => self.close_terminal(number),
            Intent::NameTerminal(number, name) => self.name_terminal(number, &name),
            Intent::Maximize(maximized) => self.maximized = maximized,
            Intent::SetDockSize(size) => self.dock = size,
            Intent::SelectConsumer(number) => {
                self.consumer = Some(number);
                let consumer = self.scene.consumers.iter().find(|consumer| consumer.number == number);
                if let Some(terminal) = consumer.and_then(|consumer| consumer.terminal) {
                    self.terminal = terminal;
                }
            }
            Intent::LookAt(wanted) => {
                self.attention = Some(wanted).filter(|wanted| self.attention.as_ref() != Some(wanted));
                if self.attention.is_some() {
                    self.view = View::Stage;
                }
            }
            Intent::Show(view) => self.view = view,
            Intent::OpenComparison => {
                let (script, consumers) = (self.session.script(), self.session.has_group_consumers());
                self.comparison = Some(Subjects::new(script, consumers, self.still));
            }
            Intent::NeedSettings => {}
            Intent::ShowFiles(open) => self.files.open(open),
            Intent::File(wish) => {
                if let Some(command) = self.files.follow(wish, &self.session) {
                    self.follow(Intent::Input { terminal: command.terminal, action: command.action() });
                }
            }
            Intent::DismissNotice => self.notice = None,
            Intent::CloseComparison => self.comparison = None,
            Intent::Compare(wish) => {
                if let Some(comparison) = &mut self.comparison {
                    comparison.follow(wish);
                }
            }
            Intent::SetLanguage(language) => {
                self.language = language;
                preferences::set_language(language);
                self.classroom.speak(language.of_course());
            }
            Intent::SetTheme(theme) => {
                self.theme = theme;
                preferences::set_theme(theme);
            }
        }
    }

    /// Another session may be on the page afterwards: a lesson's, or the visitor's own again.
    fn run_errand(&mut self, errand: Errand) {
        let before = self.classroom.sessions_begun();
        if self.classroom.set_aside().is_none() {
            self.keeping.keep(&self.session);
        }
        if matches!(errand, Errand::Open | Errand::Lesson(_)) {
            self.view = View::Lesson;
        } else if errand == Errand::Leave {
            self.view = View::Stage;
        }
        self.classroom.follow(errand, &mut self.session);
        if self.classroom.sessions_begun() != before {
            self.introduce();
            self.session.set_speed(self.playback.speed);
            self.enter_session();
            self.view = if self.classroom.set_aside().is_some() { View::Lesson } else { self.view };
        }
    }

    /// The one to its left goes on in its place.
    fn close_terminal(&mut self, number: u32) {
        self.introduce();
        self.session.close_terminal(number);
        self.name_terminal(number, "");
        let left: Vec<_> = self.session.terminals().iter().map(|terminal| terminal.number).collect();
        if !left.contains(&self.terminal) {
            let before = left.iter().rfind(|other| **other < number);
            self.terminal = before.or(left.first()).copied().unwrap_or(1);
        }
    }

    fn name_terminal(&mut self, number: u32, name: &str) {
        let names = Rc::make_mut(&mut self.names);
        match name.trim() {
            "" => names.remove(&number),
            name => names.insert(number, name.into()),
        };
        if self.classroom.set_aside().is_none() {
            preferences::set_terminal_names(names);
        }
    }

    fn start_over(&mut self, session: Session) {
        self.introduce();
        keeping::forget();
        self.notice = None;
        let speed = self.playback.speed;
        self.session = session;
        self.keeping = Keeping::of(&self.session);
        self.session.set_speed(speed);
        preferences::set_terminal_names(&BTreeMap::new());
        self.enter_session();
    }

    /// Nothing of the session before is left on the page.
    fn enter_session(&mut self) {
        self.terminal = 1;
        let is_own = self.classroom.set_aside().is_none();
        self.names = if is_own { Rc::new(preferences::terminal_names()) } else { Rc::default() };
        self.maximized = false;
        self.consumer = None;
        self.attention = None;
        self.drafted = Drafted::default();
        self.spotlight = Spotlight::default();
        self.beginning += 1;
    }

    fn introduce(&mut self) {
        if !self.introduced {
            self.introduced = true;
            preferences::set_introduced();
        }
    }

    /// The consumer that the visitor picked while it runs, else the newest.
    fn chosen_consumer(&self) -> Option<u32> {
        let running = || self.scene.consumers.iter().filter(|consumer| consumer.terminal.is_some());
        let picked = self.consumer.filter(|number| running().any(|consumer| consumer.number == *number));
        picked.or_else(|| running().map(|consumer| consumer.number).max())
    }
}

fn begin(demonstration: bool) -> Session {
    let scenario = Scenario::one_broker(SEED);
    if demonstration { Session::new(&scenario) } else { Session::empty(&scenario) }
}

#[derive(Properties, PartialEq)]
struct ViewsProps {
    view: View,
    /// The course is open.
    course: bool,
    send: Callback<Intent>,
}

/// On a narrow page: the lesson, the stage or measurements.
#[component]
fn Views(ViewsProps { view, course, send }: &ViewsProps) -> Html {
    let text = crate::i18n::use_text();
    let button = |to: View, label: &'static str| {
        let class = (to == View::Lesson).then_some("of-lesson");
        let onclick = send.reform(move |_: MouseEvent| Intent::Show(to));
        html! {
            <button type="button" {class} aria-pressed={(*view == to).to_string()} {onclick}>{ label }</button>
        }
    };
    html! {
        <nav class="views" aria-label={text.views()}>
            if *course { { button(View::Lesson, text.view_lesson()) } }
            { button(View::Stage, text.view_stage()) }
            { button(View::Side, text.view_side()) }
        </nav>
    }
}
