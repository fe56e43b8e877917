//! A terminal's tab: chooses it, gives it a name, closes it.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct TabProps {
    pub(super) terminal: u32,
    pub(super) name: Option<Rc<str>>,
    pub(super) current: bool,
    pub(super) busy: bool,
    pub(super) closable: bool,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Tab(TabProps { terminal, name, current, busy, closable, send }: &TabProps) -> Html {
    let text = use_text();
    let naming = use_state_eq(|| false);
    let terminal = *terminal;
    let label = text.terminal_called(terminal, name.as_deref());
    if *naming {
        let onname = {
            let (naming, send) = (naming.clone(), send.clone());
            Callback::from(move |name: Option<String>| {
                naming.set(false);
                if let Some(name) = name {
                    send.emit(Intent::NameTerminal(terminal, name));
                }
            })
        };
        return html! { <Naming {terminal} name={name.clone()} {onname} /> };
    }
    let begin = {
        let naming = naming.clone();
        move || naming.set(true)
    };
    let ondblclick = {
        let begin = begin.clone();
        Callback::from(move |_: MouseEvent| begin())
    };
    let onkeydown = {
        let (send, closable) = (send.clone(), *closable);
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "F2" => begin(),
            "Delete" if closable => send.emit(Intent::CloseTerminal(terminal)),
            _ => {}
        })
    };
    let say = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    let close = text.close_terminal(terminal);
    html! {
        <span class={classes!("tab-item", current.then_some("current"))}>
            <button type="button" class={classes!("tab", busy.then_some("busy"))} aria-current={current.then_some("true")}
                title={text.tab_hint()} onclick={say(Intent::SelectTerminal(terminal))} {ondblclick} {onkeydown}>
                <span class="dot" aria-hidden="true" />
                { label }
            </button>
            if *closable && *current {
                <button type="button" class="tab-close" title={close.clone()} aria-label={close}
                    onclick={say(Intent::CloseTerminal(terminal))}>
                    <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d="M4.500 4.500l7 7M11.500 4.500l-7 7" /></svg>
                </button>
            }
        </span>
    }
}

#[derive(Properties, PartialEq)]
struct NamingProps {
    terminal: u32,
    name: Option<Rc<str>>,
    /// The new name; `None` when the old one stays.
    onname: Callback<Option<String>>,
}

/// Names are short: a tab is.
const LONGEST_NAME: &str = "24";

#[component]
fn Naming(NamingProps { terminal, name, onname }: &NamingProps) -> Html {
    let text = use_text();
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            if let Some(input) = field.cast::<HtmlInputElement>() {
                input.select();
            }
        });
    }
    let done = {
        let (field, onname) = (field.clone(), onname.clone());
        move || onname.emit(field.cast::<HtmlInputElement>().map(|input| input.value()))
    };
    let onkeydown = {
        let (done, onname) = (done.clone(), onname.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if !event.is_composing() => done(),
            "Escape" => onname.emit(None),
            _ => {}
        })
    };
    html! {
        <input type="text" class="tab-name" ref={field} value={name.clone().unwrap_or_default().to_string()}
            maxlength={LONGEST_NAME} placeholder={text.terminal(*terminal)} aria-label={text.name_terminal(*terminal)}
            autocomplete="off" spellcheck="false" {onkeydown} onblur={Callback::from(move |_: FocusEvent| done())} />
    }
}
