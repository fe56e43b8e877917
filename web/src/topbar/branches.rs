//! Forking the history, and going back to what was left behind.

use std::rc::Rc;

use kafka_core::time::SimTime;
use playground::session::Branch;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct BranchesProps {
    pub(super) past: bool,
    pub(super) branches: Rc<[Branch]>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Branches(BranchesProps { past, branches, send }: &BranchesProps) -> Html {
    let text = use_text();
    let say = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    html! {
        <div class="branches">
            <button type="button" class="icon" disabled={!past} title={text.to_present()}
                aria-label={text.to_present()} onclick={say(Intent::ToPresent)}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 3v10l5.5-5zM7.5 3v10L13 8zM13 3h1.8v10H13z" /></svg>
            </button>
            <button type="button" class="icon" disabled={!past} title={text.fork_hint()} aria-label={text.fork()}
                onclick={say(Intent::Fork)}>
                <svg viewBox="0 0 16 16" aria-hidden="true" class="lined">
                    <path d="M4 2v12M4 10c0-4 8-2 8-6" /><circle cx="12" cy="3" r="1.6" /><circle cx="4" cy="13" r="1.6" />
                </svg>
            </button>
            if branches.len() > 1 {
                <label class="visually-hidden" for="branch">{ text.branch() }</label>
                <select id="branch" onchange={onbranch(send)}>
                    { for branches.iter().map(|branch| html! {
                        <option value={branch.number.to_string()} selected={branch.current}>
                            { text.branch_name(branch.number, &short(branch.end)) }
                        </option>
                    }) }
                </select>
            }
        </div>
    }
}

/// Minutes and seconds.
fn short(time: SimTime) -> String {
    let mut text = time.to_string();
    text.truncate(text.rfind('.').unwrap_or(text.len()));
    text
}

fn onbranch(send: &Callback<Intent>) -> Callback<Event> {
    let send = send.clone();
    Callback::from(move |event: Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        if let Some(number) = select.and_then(|select| select.value().parse().ok()) {
            send.emit(Intent::SwitchBranch(number));
        }
    })
}
