//! What a setting in the file is: its type, range, default, and a sentence.

use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;
use crate::settings::{Settings, sentence, use_settings};

#[derive(Properties, PartialEq)]
pub(super) struct ExplanationProps {
    /// The setting where the caret or the pointer is.
    pub(super) name: Option<String>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Explanation(ExplanationProps { name, send }: &ExplanationProps) -> Html {
    let text = use_text();
    let settings = use_settings(name.is_some(), send);
    let Some(name) = name else {
        return html! { <p class="explanation panel-hint">{ text.explanation_hint() }</p> };
    };
    let Some(setting) = settings.find(name, None) else {
        let said = if let Settings::Known(_) = settings { text.setting_unknown(name) } else { String::new() };
        return html! { <p class="explanation">{ said }</p> };
    };
    let default = setting.default.as_deref().filter(|default| !default.is_empty());
    let facts = [
        Some(setting.kind.clone()),
        setting.valid.clone(),
        Some(default.map_or_else(|| text.no_default().to_owned(), |default| text.default_is(default))),
    ];
    html! {
        <p class="explanation" role="status">
            <code>{ &setting.name }</code>
            <span class="facts">{ facts.into_iter().flatten().collect::<Vec<_>>().join(" · ") }</span>
            { sentence(setting, text).unwrap_or_default() }
        </p>
    }
}
