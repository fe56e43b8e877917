//! Progress as a file: given out, taken in, forgotten.

use std::rc::Rc;

use course::Progress;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::errand::Errand;
use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct TransferProps {
    pub(super) progress: Rc<Progress>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Transfer(TransferProps { progress, send }: &TransferProps) -> Html {
    let text = use_text();
    let asks = use_state_eq(|| false);
    let ask = |asked: bool| {
        let asks = asks.setter();
        Callback::from(move |_: MouseEvent| asks.set(asked))
    };
    let reset = {
        let (asks, send) = (asks.setter(), send.clone());
        Callback::from(move |_: MouseEvent| {
            asks.set(false);
            send.emit(Intent::Course(Errand::Reset));
        })
    };
    html! {
        <section class="transfer" aria-label={text.own_progress()}>
            <p class="hint-line">{ text.progress_hint() }</p>
            <div class="transfer-keys">
                { download("murmuration-progress.json", &progress.to_text(), text.progress_export()) }
                <label class="file-button">
                    <input class="visually-hidden" type="file" accept=".json,application/json" onchange={onfile(send)} />
                    { text.progress_import() }
                </label>
                if !*asks { <button type="button" onclick={ask(true)}>{ text.progress_reset() }</button> }
            </div>
            if *asks {
                <div class="trouble" role="alert">
                    <p>{ text.progress_reset_ask() }</p>
                    <button type="button" class="harsh" onclick={reset}>{ text.progress_reset_yes() }</button>
                    <button type="button" onclick={ask(false)}>{ text.cancel() }</button>
                </div>
            }
        </section>
    }
}

/// A link that gives out a text as a file.
pub(super) fn download(name: &'static str, content: &str, label: &'static str) -> Html {
    let href = format!("data:application/json;charset=utf-8,{}", js_sys::encode_uri_component(content));
    html! { <a class="file-button" {href} download={name}>{ label }</a> }
}

fn onfile(send: &Callback<Intent>) -> Callback<Event> {
    let send = send.clone();
    Callback::from(move |event: Event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(field) = field else { return };
        let Some(file) = field.files().and_then(|files| files.get(0)) else { return };
        // The same file can be chosen again.
        field.set_value("");
        let send = send.clone();
        spawn_local(async move {
            let read = JsFuture::from(file.text()).await;
            let content = read.ok().and_then(|text| text.as_string()).unwrap_or_default();
            send.emit(Intent::Course(Errand::Import(content)));
        });
    })
}
