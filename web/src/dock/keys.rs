//! Which of the prompt's keys a stroke on the keyboard is.

use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::writing::{Edit, Key, Turn};

/// While an input method composes, Safari reports this code for every key, also for the Enter that ends it.
const COMPOSING_KEY_CODE: u32 = 229;

/// `None` for what the field takes itself.
pub(super) fn key(event: &KeyboardEvent, area: &HtmlTextAreaElement) -> Option<Key> {
    if event.is_composing() || event.key_code() == COMPOSING_KEY_CODE {
        return None;
    }
    let (control, alt, meta) = (event.ctrl_key(), event.alt_key(), event.meta_key());
    let name = event.key();
    match (control, alt, meta) {
        (true, false, false) => {
            with_control(&name).filter(|key| *key != Key::Interrupt || !is_selected(area))
        }
        // Browsers keep Control-W for themselves, so that bash's other key for it counts.
        (false, true, false) => (name == "Backspace").then_some(Key::Edit(Edit::KillWord)),
        (false, false, false) => alone(&name, event.shift_key()),
        _ => None,
    }
}

/// A letter with Control, whatever keyboard it comes from.
pub(super) fn with_control(letter: &str) -> Option<Key> {
    Some(match letter.to_ascii_lowercase().as_str() {
        "a" => Key::Edit(Edit::ToStart),
        "c" => Key::Interrupt,
        "d" => Key::EndOfInput,
        "e" => Key::Edit(Edit::ToEnd),
        "k" => Key::Edit(Edit::KillToEnd),
        "l" => Key::Screen(Turn::Clear),
        "r" => Key::Search,
        "u" => Key::Edit(Edit::KillToStart),
        "w" => Key::Edit(Edit::KillWord),
        "y" => Key::Edit(Edit::Yank),
        "z" => Key::Suspend,
        "_" | "/" => Key::Undo,
        _ => return None,
    })
}

fn alone(name: &str, shift: bool) -> Option<Key> {
    Some(match (name, shift) {
        ("Enter", false) => Key::Submit,
        ("ArrowUp", false) => Key::Older,
        ("ArrowDown", false) => Key::Newer,
        ("PageUp", _) => Key::Screen(Turn::PageUp),
        ("PageDown", _) => Key::Screen(Turn::PageDown),
        ("Tab", false) => Key::Tab,
        ("Escape", _) => Key::Escape,
        _ => return None,
    })
}

/// Whether the same keys copy something.
fn is_selected(area: &HtmlTextAreaElement) -> bool {
    let (start, end) = (area.selection_start().ok().flatten(), area.selection_end().ok().flatten());
    let page = gloo::utils::window().get_selection().ok().flatten();
    start != end || page.is_some_and(|selection| !selection.is_collapsed())
}
