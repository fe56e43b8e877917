//! The brokers above the stage: how each is, and what can be done to it.

use std::rc::Rc;

use playground::faults::Fault;
use playground::scene::{Broker, Process, Standing};
use playground::session::Action;
use yew::prelude::*;

use crate::i18n::{Text, use_text};
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct BrokersProps {
    pub(super) brokers: Rc<[Broker]>,
    /// Where commands are typed.
    pub(super) terminal: u32,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Brokers(BrokersProps { brokers, terminal, send }: &BrokersProps) -> Html {
    let text = use_text();
    html! {
        <div class="brokers" role="group" aria-label={text.brokers()}>
            { for brokers.iter().map(|one| html! {
                <BrokerView key={one.number} broker={one.clone()} terminal={*terminal} {send} />
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct BrokerProps {
    broker: Broker,
    terminal: u32,
    send: Callback<Intent>,
}

#[component]
fn BrokerView(BrokerProps { broker, terminal, send }: &BrokerProps) -> Html {
    let text = use_text();
    let menu = format!("broker-{}", broker.number);
    let state = text.broker_state(broker);
    let name = format!("kafka-{}", broker.number);
    let item = |fault: Fault| {
        let command = fault.command(broker.number);
        let (label, hint) = text.fault(fault);
        let intent = Intent::Input { terminal: *terminal, action: Action::Command(command.clone()) };
        let onclick = send.reform(move |_: MouseEvent| intent.clone());
        html! {
            <button type="button" class={harshness(fault)} popovertarget={menu.clone()} popovertargetaction="hide" {onclick}>
                <span class="label">{ label }</span>
                <span class="hint">{ hint }</span>
                <span class="typed"><span class="where">{ format!("T{terminal}") }</span>{ command }</span>
            </button>
        }
    };
    html! {
        <div class={classes!("broker", mood(broker))} style={format!("--broker: --{menu}")}>
            <button type="button" class="broker-button" popovertarget={menu.clone()}
                aria-label={text.broker_menu(&name, &state)}>
                <i class="lamp" />
                <strong>{ name }</strong>
                <span class="state">{ state }</span>
            </button>
            <div id={menu.clone()} popover="auto" class="menu broker-menu" role="group" aria-label={text.broker_acts(broker.number)}>
                { for Fault::offered(broker).into_iter().map(item) }
            </div>
        </div>
    }
}

fn mood(broker: &Broker) -> &'static str {
    match (broker.process, broker.standing) {
        (Process::Stopped | Process::Killed, _) | (_, Standing::Fenced) => "gone",
        (Process::ShuttingDown | Process::Paused, _) | (_, Standing::Silent { .. }) => "failing",
        (Process::Running, Standing::Active) if broker.out_of_sync > 0 => "behind",
        (Process::Running, Standing::Active) => "well",
    }
}

const fn harshness(fault: Fault) -> &'static str {
    match fault {
        Fault::Kill | Fault::Disconnect => "harsh",
        Fault::Stop | Fault::Pause => "plain",
        Fault::Start | Fault::Unpause | Fault::Connect => "mending",
    }
}

impl Text {
    /// In a few words: what is wrong, or how much it leads.
    pub(super) fn broker_state(self, broker: &Broker) -> String {
        let mut facts: Vec<String> = Vec::new();
        match broker.process {
            Process::Running => {}
            Process::ShuttingDown => facts.push(self.broker_is_shutting_down().to_owned()),
            Process::Paused => facts.push(self.broker_is_paused().to_owned()),
            Process::Stopped => facts.push(self.broker_is_stopped().to_owned()),
            Process::Killed => facts.push(self.broker_is_killed().to_owned()),
        }
        if !broker.connected {
            facts.push(self.broker_is_cut_off().to_owned());
        }
        match broker.standing {
            Standing::Active => {}
            Standing::Silent { fenced_in } => facts.push(self.fenced_in(&self.countdown(fenced_in.left))),
            Standing::Fenced => facts.push(self.fenced().to_owned()),
        }
        if facts.is_empty() {
            facts.push(self.leads(broker.leads));
            if broker.out_of_sync > 0 {
                facts.push(self.out_of_sync_count(broker.out_of_sync));
            }
        }
        facts.join(" · ")
    }

    const fn fault(self, fault: Fault) -> (&'static str, &'static str) {
        match fault {
            Fault::Stop => (self.fault_stop(), self.fault_stop_hint()),
            Fault::Kill => (self.fault_kill(), self.fault_kill_hint()),
            Fault::Start => (self.fault_start(), self.fault_start_hint()),
            Fault::Pause => (self.fault_pause(), self.fault_pause_hint()),
            Fault::Unpause => (self.fault_unpause(), self.fault_unpause_hint()),
            Fault::Disconnect => (self.fault_disconnect(), self.fault_disconnect_hint()),
            Fault::Connect => (self.fault_connect(), self.fault_connect_hint()),
        }
    }
}
