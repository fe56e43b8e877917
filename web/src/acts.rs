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
    let running: Vec<_> = consumers.iter().filter(|consumer| consumer.terminal.is_some()).collect();
    html! {
        <section class="acts" aria-label={text.acts()}>
            { for proposals.iter().filter(|proposal| !ends_consumer(proposal.act)).map(|one| button(one, send, text)) }
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
                    { for proposals.iter().filter(|proposal| ends_consumer(proposal.act)).map(|one| button(one, send, text)) }
                </div>
            }
        </section>
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

fn button(proposal: &Proposal, send: &Callback<Intent>, text: Text) -> Html {
    let Proposal { act, terminal, action } = proposal;
    let (typed, hint) = match action {
        Action::Command(command) => (command.replace('\n', " "), text.act_hint(*terminal, command)),
        Action::Interrupt => ("^C".to_owned(), text.act_hint_stop(*terminal)),
        Action::EndOfInput => ("^D".to_owned(), text.end_of_input_hint().to_owned()),
        Action::Close => ("kill -9".to_owned(), text.act_hint_kill(*terminal)),
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
    html! {
        <button type="button" {class} title={hint} {onclick}>
            <span class="label">{ label }</span>
            <span class="typed"><span class="where">{ format!("T{terminal}") }</span>{ typed }</span>
        </button>
    }
}
