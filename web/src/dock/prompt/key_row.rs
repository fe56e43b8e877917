//! The keys that the keyboards of phones lack, in a row below the prompt.

use yew::prelude::*;

use crate::dock::writing::{Edit, Key};
use crate::i18n::use_text;

#[derive(Properties, PartialEq)]
pub(super) struct KeyRowProps {
    pub(super) press: Callback<Key, bool>,
    /// Control is held for the next letter.
    pub(super) control: bool,
    pub(super) oncontrol: Callback<bool>,
}

#[component]
pub(super) fn KeyRow(KeyRowProps { press, control, oncontrol }: &KeyRowProps) -> Html {
    let text = use_text();
    let key = |face: &'static str, name: &'static str, key: Key| {
        let press = press.clone();
        html! {
            <button type="button" class="key" title={name} aria-label={name}
                onclick={Callback::from(move |_: MouseEvent| { press.emit(key); })}>{ face }</button>
        }
    };
    let armed = !control;
    html! {
        // The field keeps the focus, and a phone its keyboard.
        <div class="key-row" role="group" aria-label={text.key_row()}
            onpointerdown={Callback::from(|event: PointerEvent| event.prevent_default())}
            onmousedown={Callback::from(|event: MouseEvent| event.prevent_default())}>
            <button type="button" class="key" title={text.key_control_hint()} aria-pressed={control.to_string()}
                onclick={oncontrol.reform(move |_: MouseEvent| armed)}>{ "Ctrl" }</button>
            { key("Esc", "Escape", Key::Escape) }
            { key("Tab", "Tab", Key::Tab) }
            { key("↑", text.key_older(), Key::Older) }
            { key("↓", text.key_newer(), Key::Newer) }
            { key("←", text.key_left(), Key::Edit(Edit::Left)) }
            { key("→", text.key_right(), Key::Edit(Edit::Right)) }
            { key("^C", text.interrupt_hint(), Key::Interrupt) }
            { key("^D", text.end_of_input_hint(), Key::EndOfInput) }
            { key("^R", text.key_search(), Key::Search) }
        </div>
    }
}
