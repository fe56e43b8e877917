//! Terminals, as a visitor uses them.

use wasm_bindgen::JsCast;
use web_sys::{CompositionEvent, Element, HtmlTextAreaElement, KeyboardEvent, KeyboardEventInit};

use super::{Visit, elements, fire, frame, text};

impl Visit {
    /// Types or pastes into a terminal, and presses Enter.
    pub(crate) async fn types(&self, terminal: u32, typed: &str) {
        let area = self.prompt(terminal);
        area.set_value(typed);
        fire(&area, "input");
        press_key(&area, "Enter", false);
        frame().await;
    }

    /// Types a line with an input method, which takes the first Enter for itself.
    pub(crate) async fn composes(&self, terminal: u32, typed: &str) {
        let area = self.prompt(terminal);
        compose(&area, "compositionstart");
        area.set_value(typed);
        fire(&area, "input");
        press_key(&area, "Enter", true);
        compose(&area, "compositionend");
        frame().await;
    }

    pub(crate) async fn presses_enter(&self, terminal: u32) {
        press_key(&self.prompt(terminal), "Enter", false);
        frame().await;
    }

    pub(crate) fn prompt(&self, terminal: u32) -> HtmlTextAreaElement {
        let areas = elements(&self.pane(terminal), "textarea");
        areas.into_iter().next().expect("a pane has a prompt").unchecked_into()
    }

    /// The pane of a terminal: every one is on the page while there are no more than four.
    pub(crate) fn pane(&self, terminal: u32) -> Element {
        self.the(&format!("#terminal-{terminal}"))
    }

    /// What stands in front of the next line.
    pub(crate) fn sign(&self, terminal: u32) -> String {
        elements(&self.pane(terminal), ".prompt .sign").first().map(text).unwrap_or_default()
    }

    /// Every line of a terminal, typed ones with their prompts.
    pub(crate) fn lines(&self, terminal: u32) -> Vec<String> {
        elements(&self.pane(terminal), ".line").iter().map(text).collect()
    }

    /// What programs printed in a terminal, without errors.
    pub(crate) fn printed(&self, terminal: u32) -> Vec<String> {
        let plain = ".line:not(.command):not(.typed):not(.error)";
        elements(&self.pane(terminal), plain).iter().map(text).collect()
    }

    pub(crate) fn errors(&self, terminal: u32) -> Vec<String> {
        elements(&self.pane(terminal), ".line.error").iter().map(text).collect()
    }

    pub(crate) async fn until_at(&self, terminal: u32, sign: &str) {
        self.until_true(&format!("the prompt `{sign}` in terminal {terminal}"), |visit| {
            visit.sign(terminal).trim_end() == sign
        })
        .await;
    }
}

fn press_key(area: &HtmlTextAreaElement, key: &str, composing: bool) {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_is_composing(composing);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init);
    area.dispatch_event(&event.expect("an event can be made")).expect("an event can be given");
}

fn compose(area: &HtmlTextAreaElement, event: &str) {
    let event = CompositionEvent::new(event).expect("an event can be made");
    area.dispatch_event(&event).expect("an event can be given");
}
