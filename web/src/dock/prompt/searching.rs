//! What a search among typed lines has found, and the keys that go on from there.

use std::rc::Rc;

use yew::prelude::*;

use crate::i18n::use_text;

#[derive(Properties, PartialEq)]
pub(super) struct SearchingProps {
    pub(super) found: Option<Rc<str>>,
    pub(super) failed: bool,
    pub(super) wanted: String,
}

#[component]
pub(super) fn Searching(SearchingProps { found, failed, wanted }: &SearchingProps) -> Html {
    let text = use_text();
    html! {
        <div class="prompt-panel searching">
            <p class="found" role="status">
                if *failed { <span class="failed">{ text.search_failed() }</span> }
                if let Some(found) = found { { marked(found, wanted) } }
            </p>
            <p class="panel-hint">{ text.search_keys() }</p>
        </div>
    }
}

/// The line, with the part that was asked for.
fn marked(line: &str, wanted: &str) -> Html {
    match line.find(wanted).filter(|_| !wanted.is_empty()) {
        Some(at) => {
            let (before, rest) = line.split_at(at);
            let (part, after) = rest.split_at(wanted.len());
            html! { <code>{ before }<mark>{ part }</mark>{ after }</code> }
        }
        None => html! { <code>{ line }</code> },
    }
}
