//! One terminal: its title and keys, and its screen, which ends in the prompt.

use std::rc::Rc;

use playground::session::{Action, TerminalView};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement};
use yew::prelude::*;

use super::prompt::{Prompt, focus};
use super::scrollback::{Scrollback, use_screen};
use super::speaker::Speaker;
use super::writing::{Completed, Reads};
use crate::i18n::use_text;
use crate::intent::Intent;
use crate::preferences;

#[derive(Properties, PartialEq)]
pub(super) struct PaneProps {
    pub(super) terminal: TerminalView,
    pub(super) name: Option<Rc<str>>,
    pub(super) completed: Option<Rc<Completed>>,
    pub(super) rank: usize,
    pub(super) active: bool,
    pub(super) maximized: bool,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Pane(
    PaneProps { terminal, name, completed, rank, active, maximized, send }: &PaneProps,
) -> Html {
    let text = use_text();
    let field = use_node_ref();
    let TerminalView { number, program, prompt, lines, .. } = terminal;
    let number = *number;
    let screen = use_screen(terminal);
    let timed = use_state_eq(|| preferences::shows_times(number));
    let say = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    let key = |label: &'static str, hint: &'static str, action: Action, class: &'static str| {
        let onclick = say(Intent::Input { terminal: number, action });
        html! {
            <button type="button" {class} title={hint} aria-label={format!("{label} · {hint}")} disabled={program.is_none()} {onclick}>
                { label }
            </button>
        }
    };
    let (resize, resize_icon) = if *maximized {
        (text.restore(), "M6 2v4H2M10 2v4h4M6 14v-4H2M10 14v-4h4")
    } else {
        (text.maximize(), "M2 6V2h4M14 6V2h-4M2 10v4h4M14 10v4h-4")
    };
    let ontimes = {
        let timed = timed.clone();
        Callback::from(move |_: MouseEvent| {
            preferences::set_shows_times(number, !*timed);
            timed.set(!*timed);
        })
    };
    let onclick = {
        let field = field.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(area) = field.cast::<HtmlTextAreaElement>().filter(|_| is_plain_click(&event)) {
                focus(&area);
            }
        })
    };
    // Who has marked text with the mouse and types goes on in the prompt.
    let onkeydown = {
        let field = field.clone();
        Callback::from(move |event: KeyboardEvent| {
            let on_screen = event.target() == event.current_target();
            let types = event.key().chars().count() == 1
                && !event.ctrl_key()
                && !event.meta_key()
                && !event.alt_key();
            if let Some(area) = field.cast::<HtmlTextAreaElement>().filter(|_| on_screen && types) {
                focus(&area);
            }
        })
    };
    html! {
        <article id={format!("terminal-{number}")} aria-label={text.terminal_called(number, name.as_deref())}
            class={classes!("pane", format!("rank-{rank}"), active.then_some("active"))} {onclick}>
            <div class="pane-head">
                <h2>
                    { text.terminal_called(number, name.as_deref()) }
                    <span class="program">{ program.as_deref().unwrap_or(text.at_shell()) }</span>
                </h2>
                <div class="keys">
                    <button type="button" class="key times" title={text.times()} aria-label={text.times()}
                        aria-pressed={timed.to_string()} onclick={ontimes}>
                        <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d="M8 2a6 6 0 100 12A6 6 0 008 2M8 4.500V8l2.500 1.500" /></svg>
                    </button>
                    { key("^C", text.interrupt_hint(), Action::Interrupt, "key") }
                    { key("^Z", text.suspend_hint(), Action::Suspend, "key") }
                    { key("^D", text.end_of_input_hint(), Action::EndOfInput, "key") }
                    { key(text.close(), text.close_hint(), Action::Close, "key harsh") }
                    <button type="button" class="key resize" title={resize} aria-label={resize}
                        onclick={say(Intent::Maximize(!maximized))}>
                        <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d={resize_icon} /></svg>
                    </button>
                </div>
            </div>
            <div class="screen" ref={screen.place.clone()} onscroll={screen.onscroll.clone()} tabindex="-1" {onkeydown}>
                <Scrollback terminal={terminal.clone()} screen={screen.clone()} timed={*timed} />
                <Prompt {number} prompt={prompt} reads={Reads::of(program.as_deref(), prompt)} lines={lines}
                    history={terminal.history.clone()} completed={completed.clone()} {field} focused={*active} onturn={screen.onturn.clone()} send={send} />
            </div>
            <Speaker terminal={terminal.clone()} live={*active} />
        </article>
    }
}

/// Neither on a control nor the end of selecting text.
fn is_plain_click(event: &MouseEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let on_control = target.is_some_and(|target| matches!(target.closest("button, textarea"), Ok(Some(_))));
    let selection = gloo::utils::window().get_selection().ok().flatten();
    !on_control && selection.is_none_or(|selection| selection.is_collapsed())
}
