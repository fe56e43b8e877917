//! Pasted lines, and the question what to do with them. It is asked once for all of them.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::dock::writing::{Pasted, Reads, commands};
use crate::i18n::use_text;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Run,
    /// Into the field, where it can be changed before it runs.
    PutIn,
    Cancel,
}

#[derive(Properties, PartialEq)]
pub(super) struct QuestionProps {
    pub(super) pasted: Pasted,
    pub(super) reads: Reads,
    pub(super) onanswer: Callback<Answer>,
}

#[component]
pub(super) fn Question(QuestionProps { pasted, reads, onanswer }: &QuestionProps) -> Html {
    let text = use_text();
    let first = use_node_ref();
    {
        let first = first.clone();
        use_effect_with((), move |()| {
            if let Some(button) = first.cast::<HtmlElement>() {
                button.focus().expect("a button on the page can have the focus");
                button.scroll_into_view_with_bool(false);
            }
        });
    }
    let count = u32::try_from(commands(&pasted.text, *reads == Reads::Shell).len()).unwrap_or(u32::MAX);
    let (title, run) = match reads {
        Reads::Shell => (text.paste_commands(count), text.paste_run()),
        Reads::Program | Reads::Nobody => (text.paste_lines(count), text.paste_send()),
    };
    let (rows, more) = pasted.rows();
    let answer = |answer: Answer| onanswer.reform(move |_: MouseEvent| answer);
    let onkeydown = {
        let onanswer = onanswer.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                onanswer.emit(Answer::Cancel);
            }
        })
    };
    html! {
        <div class="prompt-panel pasted" role="group" aria-label={title.clone()} {onkeydown}>
            <p>{ title }</p>
            <ol>
                { for rows.iter().map(|row| html! { <li><code>{ *row }</code></li> }) }
                if more > 0 { <li class="more">{ text.paste_more(u32::try_from(more).unwrap_or(u32::MAX)) }</li> }
            </ol>
            <div class="answers">
                <button type="button" ref={first} class="key primary" onclick={answer(Answer::Run)}>{ run }</button>
                <button type="button" class="key" onclick={answer(Answer::PutIn)}>{ text.paste_put_in() }</button>
                <button type="button" class="key" onclick={answer(Answer::Cancel)}>{ text.cancel() }</button>
            </div>
        </div>
    }
}
