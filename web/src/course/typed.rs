//! A command of a lesson: a press puts it into a terminal, another one runs it.

use course::content::Reader;
use playground::session::Action;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;

/// Terminals to choose from.
const TERMINALS: u32 = 6;

#[derive(Properties, PartialEq)]
pub(super) struct TypedProps {
    pub(super) terminal: u32,
    pub(super) reader: Reader,
    pub(super) text: &'static str,
    /// Why it cannot be typed now.
    pub(super) locked: Option<&'static str>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn TypedBlock(TypedProps { terminal, reader, text: typed, locked, send }: &TypedProps) -> Html {
    let text = use_text();
    let chosen = use_state_eq(|| *terminal);
    let (typed, at) = (*typed, *chosen);
    let draft = send.reform(move |_: MouseEvent| Intent::Draft { terminal: at, text: typed.into() });
    let run = send.reform(move |_: MouseEvent| Intent::Input {
        terminal: at,
        action: Action::Command(typed.to_owned()),
    });
    let onchange = {
        let chosen = chosen.setter();
        Callback::from(move |event: Event| {
            let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
            if let Some(number) = select.and_then(|select| select.value().parse().ok()) {
                chosen.set(number);
            }
        })
    };
    let sign = match reader {
        Reader::Shell => "$",
        Reader::Program => ">",
    };
    let (disabled, title) = (locked.is_some(), *locked);
    html! {
        <div class="typed-block">
            <pre tabindex="0"><span class="sign" aria-hidden="true">{ sign }{ " " }</span><code>{ typed }</code></pre>
            <div class="typed-keys">
                <select aria-label={text.typed_terminal()} {onchange}>
                    { for (1..=TERMINALS.max(*terminal)).map(|number| html! {
                        <option value={number.to_string()} selected={number == at}>{ format!("T{number}") }</option>
                    }) }
                </select>
                <button type="button" {disabled} {title} onclick={draft}>{ text.typed_draft() }</button>
                <button type="button" class="run" {disabled} {title} onclick={run}>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M5 3l8 5-8 5z" /></svg>
                    { text.typed_run() }
                </button>
            </div>
        </div>
    }
}
