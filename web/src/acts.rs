//! The common acts as buttons; each shows what it types, and where.

use std::rc::Rc;

use playground::scene::Consumer;
use playground::session::{Act, Action, Proposal};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::i18n::{Text, use_text};
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(crate) struct ActsProps {
    pub(crate) proposals: Rc<[Proposal]>,
    pub(crate) consumers: Rc<[Consumer]>,
    pub(crate) selected: Option<u32>,
    pub(crate) send: Callback<Intent>,
}

#[component]
pub(crate) fn Acts(ActsProps { proposals, consumers, selected, send }: &ActsProps) -> Html {
    let text = use_text();
    let pointed = use_state_eq(|| None::<Act>);
    let running: Vec<_> = consumers.iter().filter(|consumer| consumer.terminal.is_some()).collect();
    let button = |proposal: &Proposal| button(proposal, &pointed, send, text);
    let ending = proposals.iter().filter(|proposal| ends_consumer(proposal.act));
    let others = proposals.iter().filter(|proposal| !ends_consumer(proposal.act));
    html! {
        <section class="acts" aria-label={text.acts()}>
            if let Some(proposal) = proposals.iter().find(|proposal| *pointed == Some(proposal.act)) {
                { preview(proposal, text) }
            }
            <div class="act-row">
                { for others.map(button) }
                if !running.is_empty() {
                    <div class="act-group">
                        <label class="visually-hidden" for="act-target">{ text.act_target() }</label>
                        <select id="act-target" onchange={pick(send)}>
                            { for running.iter().map(|consumer| html! {
                                <option value={consumer.number.to_string()} selected={*selected == Some(consumer.number)}>
                                    { consumer.terminal.map(|terminal| format!("T{terminal} · {}", consumer.name)) }
                                </option>
                            }) }
                        </select>
                        { for ending.map(button) }
                    </div>
                }
            </div>
        </section>
    }
}

/// All that a button stands for, while it is pointed at.
fn preview(Proposal { terminal, action, .. }: &Proposal, text: Text) -> Html {
    let (hint, command) = match action {
        Action::Command(command) => (text.act_hint(*terminal), command.as_str()),
        Action::Interrupt => (text.act_hint_stop(*terminal), ""),
        Action::Suspend => (text.suspend_hint().to_owned(), ""),
        Action::EndOfInput => (text.end_of_input_hint().to_owned(), ""),
        Action::Close => (text.act_hint_kill(*terminal), ""),
    };
    html! {
        <p class="act-preview" aria-hidden="true">
            { hint }
            if !command.is_empty() {
                <code>{ for command.split_inclusive(' ').map(|word| html! { <span class="word">{ word }</span> }) }</code>
            }
        </p>
    }
}

const fn ends_consumer(act: Act) -> bool {
    matches!(act, Act::StopConsumer | Act::KillConsumer)
}

fn pick(send: &Callback<Intent>) -> Callback<Event> {
    let send = send.clone();
    Callback::from(move |event: Event| {
        let picked = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        if let Some(number) = picked.and_then(|select| select.value().parse().ok()) {
            send.emit(Intent::SelectConsumer(number));
        }
    })
}

fn button(
    Proposal { act, terminal, action }: &Proposal,
    pointed: &UseStateHandle<Option<Act>>,
    send: &Callback<Intent>,
    text: Text,
) -> Html {
    let typed = match action {
        Action::Command(command) => command.replace('\n', " "),
        Action::Interrupt => "^C".to_owned(),
        Action::Suspend => "^Z".to_owned(),
        Action::EndOfInput => "^D".to_owned(),
        Action::Close => "kill -9".to_owned(),
    };
    let (class, label) = match act {
        Act::CreateTopic => ("act", text.act_create_topic()),
        Act::StartProducer => ("act", text.act_start_producer()),
        Act::Produce => ("act leading", text.act_produce()),
        Act::AddConsumer => ("act", text.act_add_consumer()),
        Act::StopConsumer => ("act short", text.act_stop_consumer()),
        Act::KillConsumer => ("act short harsh", text.act_kill_consumer()),
        Act::DescribeGroup => ("act", text.act_describe_group()),
    };
    let intent = Intent::Input { terminal: *terminal, action: action.clone() };
    let onclick = send.reform(move |_: MouseEvent| intent.clone());
    let point = |at: Option<Act>| {
        let pointed = pointed.setter();
        move || pointed.set(at)
    };
    let (enter, leave, focus, blur) = (point(Some(*act)), point(None), point(Some(*act)), point(None));
    html! {
        <button type="button" key={format!("{act:?}")} {class} {onclick}
            onmouseenter={Callback::from(move |_: MouseEvent| enter())}
            onmouseleave={Callback::from(move |_: MouseEvent| leave())}
            onfocus={Callback::from(move |_: FocusEvent| focus())}
            onblur={Callback::from(move |_: FocusEvent| blur())}>
            <span class="label">{ label }</span>
            <span class="typed"><span class="where">{ format!("T{terminal}") }</span>{ typed }</span>
        </button>
    }
}
