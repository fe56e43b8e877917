//! The solution: shown, edited where one likes, and then typed by itself.

use course::Script;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::errand::Errand;
use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct SolutionProps {
    pub(super) solution: &'static str,
    pub(super) is_typing: bool,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Solution(SolutionProps { solution, is_typing, send }: &SolutionProps) -> Html {
    let text = use_text();
    let solution = *solution;
    let field = use_node_ref();
    let edited = use_state_eq(|| solution.trim_end().to_owned());
    let fault = use_state_eq(|| None::<String>);
    let oninput = {
        let (edited, fault) = (edited.setter(), fault.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(area) =
                event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok())
            {
                edited.set(area.value());
                fault.set(None);
            }
        })
    };
    let solve = {
        let (edited, fault, send) = (edited.clone(), fault.setter(), send.clone());
        Callback::from(move |_: MouseEvent| match Script::parse(&edited) {
            Ok(script) => send.emit(Intent::Course(Errand::Solve(script.into()))),
            Err(error) => fault.set(Some(error.to_string())),
        })
    };
    let stop = send.reform(|_: MouseEvent| Intent::Course(Errand::StopTyping));
    let revert = {
        let (edited, fault) = (edited.setter(), fault.setter());
        Callback::from(move |_: MouseEvent| {
            edited.set(solution.trim_end().to_owned());
            fault.set(None);
        })
    };
    let rows = edited.lines().count().clamp(2, 14);
    html! {
        <div class="solution">
            <textarea ref={field} rows={rows.to_string()} spellcheck="false" autocapitalize="none" autocomplete="off"
                wrap="off" aria-label={text.solution_text()} value={(*edited).clone()} {oninput} />
            if let Some(fault) = &*fault { <p class="fault" role="alert">{ text.solution_fault(fault) }</p> }
            <div class="solution-keys">
                if *is_typing {
                    <button type="button" class="primary" onclick={stop}>{ text.solution_stop() }</button>
                } else {
                    <button type="button" class="primary" onclick={solve}>{ text.solution_type() }</button>
                }
                if edited.trim_end() != solution.trim_end() {
                    <button type="button" onclick={revert}>{ text.revert() }</button>
                }
            </div>
            <p class="hint-line">{ text.solution_hint() }</p>
        </div>
    }
}
