//! A visitor in front of the page: reads what it shows, types, clicks, waits.

mod terminal;

use course::{Language, packed};
use js_sys::Promise;
use murmuration_web::{CourseFiles, Options, Page, mount};
use playground::session::Speed;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlSelectElement, Window,
};

const STYLES: [&str; 17] = [
    include_str!("../../../web/css/tokens.css"),
    include_str!("../../../web/css/page.css"),
    include_str!("../../../web/css/topbar.css"),
    include_str!("../../../web/css/stage.css"),
    include_str!("../../../web/css/groups.css"),
    include_str!("../../../web/css/cluster.css"),
    include_str!("../../../web/css/movement.css"),
    include_str!("../../../web/css/acts.css"),
    include_str!("../../../web/css/dock.css"),
    include_str!("../../../web/css/prompt.css"),
    include_str!("../../../web/css/files.css"),
    include_str!("../../../web/css/side.css"),
    include_str!("../../../web/css/comparison.css"),
    include_str!("../../../web/css/course.css"),
    include_str!("../../../web/css/lesson.css"),
    include_str!("../../../web/css/measurements.css"),
    include_str!("../../../web/css/reading.css"),
];

/// Real milliseconds after which something that should show is missing.
const PATIENCE: f64 = 15_000.0;

/// A second of virtual time in a frame: a session timeout passes in less than a real second.
const FAST: Speed = Speed::Constant { per_mille: 60_000 };

pub(crate) struct Visit {
    place: Element,
    page: Option<Page>,
}

impl Visit {
    /// In front of an empty session, in English, in which time flies.
    pub(crate) async fn begin() -> Self {
        Self::with(options(false, FAST)).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let storage = window().local_storage().ok().flatten().expect("a page of a server has a storage");
        storage.clear().expect("it can be cleared");
        storage.set_item("murmuration.language", "\"en\"").expect("it has room");
        window().location().set_hash("").expect("an address can do without");
        Self::open(options).await
    }

    /// Leaves the page and comes back.
    pub(crate) async fn again(self) -> Self {
        drop(self);
        Self::open(options(false, FAST)).await
    }

    async fn open(options: Options) -> Self {
        let body = document().body().expect("the page has a body");
        let place = document().create_element("div").expect("a div can be made");
        body.append_child(&place).expect("a body takes a div");
        let page = document().create_element("div").expect("a div can be made");
        let style = document().create_element("style").expect("a style can be made");
        style.set_text_content(Some(&STYLES.concat()));
        for part in [&style, &page] {
            place.append_child(part).expect("a div takes both");
        }
        let visit = Self { place, page: Some(mount(page, options)) };
        visit.until_true("the page", |visit| visit.find(".pane").is_some()).await;
        visit
    }

    /// Looks at every frame until there is something to see.
    pub(crate) async fn until<T>(&self, what: &str, look: impl Fn(&Self) -> Option<T>) -> T {
        let began = now();
        loop {
            if let Some(seen) = look(self) {
                return seen;
            }
            assert!(now() - began < PATIENCE, "waited in vain for: {what}\n{}", self.account());
            frame().await;
        }
    }

    pub(crate) async fn until_true(&self, what: &str, look: impl Fn(&Self) -> bool) {
        self.until(what, |visit| look(visit).then_some(())).await;
    }

    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        self.place.query_selector(selector).expect("the selector is valid")
    }

    pub(crate) fn find_all(&self, selector: &str) -> Vec<Element> {
        elements(&self.place, selector)
    }

    pub(crate) fn the(&self, selector: &str) -> Element {
        self.find(selector).unwrap_or_else(|| panic!("there is no `{selector}`\n{}", self.account()))
    }

    pub(crate) async fn click(&self, selector: &str) {
        press(&self.the(selector)).await;
    }

    /// Presses the button for a common act.
    pub(crate) async fn act(&self, label: &str) {
        let button = self
            .until(&format!("an act called {label}"), |visit| {
                let mut buttons = visit.find_all(".act").into_iter();
                buttons
                    .find(|button| elements(button, ".label").first().is_some_and(|own| text(own) == label))
            })
            .await;
        press(&button).await;
    }

    pub(crate) async fn choose(&self, selector: &str, value: &str) {
        let select: HtmlSelectElement = self.the(selector).unchecked_into();
        select.set_value(value);
        assert_eq!(select.value(), value, "`{selector}` does not offer it");
        fire(&select, "change");
        frame().await;
    }

    /// Drags the timeline to a share of its length.
    pub(crate) async fn drag_to(&self, share: f64) {
        let slider: HtmlInputElement = self.the(".scrubber input").unchecked_into();
        let most: f64 = slider.max().parse().expect("the slider's end is a number");
        slider.set_value_as_number((most * share).floor());
        fire(&slider, "input");
        frame().await;
    }

    /// The cells of a partition's lane: offset, key and value of each, as the stage has them.
    pub(crate) fn cells(&self, partition: u32) -> Vec<String> {
        let name = format!("P{partition}");
        let lane = self
            .find_all(".lane")
            .into_iter()
            .find(|lane| elements(lane, "text.title").first().is_some_and(|title| text(title) == name));
        lane.map_or_else(Vec::new, |lane| elements(&lane, ".cell title").iter().map(text).collect())
    }

    /// What each consumer on the stage holds, in order of its terminal.
    pub(crate) fn assignment(&self) -> Vec<(String, Vec<String>)> {
        let mut consumers: Vec<_> = self
            .find_all(".consumer")
            .iter()
            .map(|card| {
                let terminal = elements(card, ".tag-text").first().map(text).unwrap_or_default();
                let held = elements(card, ".held:not(.revoked) text").iter().map(text).collect();
                (terminal, held)
            })
            .collect();
        consumers.sort();
        consumers
    }

    /// The page in a few lines, for messages of failures.
    fn account(&self) -> String {
        let panes = self.find_all(".pane").into_iter().map(|pane| text(&pane));
        let panes: Vec<_> = panes.map(|pane| pane.chars().take(2000).collect::<String>()).collect();
        let lanes: Vec<_> = (0..3).map(|partition| self.cells(partition)).collect();
        format!("terminals: {panes:#?}\nlanes: {lanes:?}\nassignment: {:?}", self.assignment())
    }
}

/// The course's files stand in their addresses: nothing has to be served.
pub(crate) fn options(demonstration: bool, speed: Speed) -> Options {
    let [english, korean] = Language::ALL.map(|language| {
        let content = String::from(js_sys::encode_uri_component(packed(language)));
        format!("data:application/json,{content}").into()
    });
    Options { demonstration, speed, course: CourseFiles { english, korean } }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if let Some(page) = self.page.take() {
            page.unmount();
        }
        self.place.remove();
    }
}

pub(crate) fn window() -> Window {
    web_sys::window().expect("the tests run in a window")
}

pub(crate) fn document() -> Document {
    window().document().expect("a window has a document")
}

pub(crate) fn elements(place: &Element, selector: &str) -> Vec<Element> {
    let found = place.query_selector_all(selector).expect("the selector is valid");
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

pub(crate) fn text(element: &Element) -> String {
    element.text_content().unwrap_or_default()
}

pub(crate) async fn press(button: &Element) {
    button.unchecked_ref::<HtmlElement>().click();
    frame().await;
}

pub(crate) fn fire(target: &Element, event: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let event = Event::new_with_event_init_dict(event, &init).expect("an event can be made");
    target.dispatch_event(&event).expect("an event can be given");
}

/// The browser's next picture.
pub(crate) async fn frame() {
    let mut ask = |resolve: js_sys::Function, _: js_sys::Function| {
        window().request_animation_frame(&resolve).expect("a window has frames");
    };
    JsFuture::from(Promise::new(&mut ask)).await.expect("a frame comes");
}

fn now() -> f64 {
    window().performance().expect("a window has a clock").now()
}
