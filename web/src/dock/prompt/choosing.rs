//! The ways in which a word can go on, each with what it is.

use playground::session::{Candidate, Kind};
use web_sys::Element;
use yew::prelude::*;

use crate::dock::writing::Choice;
use crate::i18n::{Text, use_text};
use crate::intent::Intent;
use crate::settings::{Settings, sentence, use_settings};

#[derive(Properties, PartialEq)]
pub(crate) struct ChoosingProps {
    /// What the elements of the list are called by.
    pub(crate) id: String,
    pub(crate) choice: Choice,
    pub(crate) onchoose: Callback<usize>,
    pub(crate) send: Callback<Intent>,
}

#[component]
pub(crate) fn Choosing(ChoosingProps { id, choice, onchoose, send }: &ChoosingProps) -> Html {
    let text = use_text();
    let place = use_node_ref();
    let is_setting = |candidate: &Candidate| matches!(candidate.kind, Kind::Setting(Some(_)));
    let settings = use_settings(choice.candidates.iter().any(is_setting), send);
    {
        let place = place.clone();
        // The list stands below the prompt, where the screen ends.
        use_effect_with(choice.chosen, move |_| {
            if let Some(list) = place.cast::<Element>() {
                let chosen = list.query_selector("[aria-selected=true]").ok().flatten();
                chosen.unwrap_or(list).scroll_into_view_with_bool(false);
            }
        });
    }
    let option = |(index, candidate): (usize, &Candidate)| {
        let onclick = onchoose.reform(move |_: MouseEvent| index);
        html! {
            <li key={index} id={item_id(id, index)} role="option"
                aria-selected={(choice.chosen == Some(index)).to_string()} {onclick}>
                <code>{ candidate.text.trim_end() }</code>
                <span class="note">{ note(candidate, &settings, text) }</span>
            </li>
        }
    };
    html! {
        <div class="prompt-panel choosing" ref={place}
            onmousedown={Callback::from(|event: MouseEvent| event.prevent_default())}>
            <ul id={id.clone()} role="listbox" aria-label={text.completions_label()}>
                { for choice.candidates.iter().enumerate().map(option) }
            </ul>
            <p class="panel-hint">{ text.choosing_keys() }</p>
        </div>
    }
}

pub(crate) fn item_id(list: &str, index: usize) -> String {
    format!("{list}-{index}")
}

fn note(candidate: &Candidate, settings: &Settings, text: Text) -> String {
    if let Some(note) = &candidate.note {
        return note.to_string();
    }
    let setting = match candidate.kind {
        Kind::Setting(owner @ Some(_)) => settings.find(candidate.text.trim_end_matches('='), owner),
        _ => None,
    };
    let sentence = setting.and_then(|setting| sentence(setting, text));
    sentence.unwrap_or_else(|| kind(candidate.kind, text)).to_owned()
}

const fn kind(kind: Kind, text: Text) -> &'static str {
    match kind {
        Kind::Program => text.candidate_program(),
        Kind::Option => text.candidate_option(),
        Kind::Topic => text.candidate_topic(),
        Kind::Group => text.candidate_group(),
        Kind::Server => text.candidate_server(),
        Kind::Broker => text.candidate_broker(),
        Kind::Class => text.candidate_class(),
        Kind::Setting(_) => text.candidate_setting(),
        Kind::Value => text.candidate_value(),
        Kind::File => text.candidate_file(),
        Kind::Folder => text.candidate_folder(),
        Kind::Variable => text.candidate_variable(),
        Kind::Container => text.candidate_container(),
    }
}
