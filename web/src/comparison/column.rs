//! One column: its setting, the commands that it ran, its consumers, and who read what.

use kafka_core::time::SimTime;
use playground::comparison::{ColumnView, ConsumerState, ConsumerView, Typed, Variant};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::strips::Strips;
use super::subject::{FEWEST_COLUMNS, MOST_COLUMNS, Wish};
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct ColumnProps {
    pub(super) index: usize,
    pub(super) column: ColumnView,
    /// How many columns there are.
    pub(super) count: usize,
    pub(super) clock: SimTime,
    pub(super) end: SimTime,
    pub(super) wish: Callback<Wish>,
}

const REBALANCING: [Variant; 5] =
    [Variant::AsTyped, Variant::Eager, Variant::EagerSticky, Variant::Cooperative, Variant::ConsumerProtocol];
const MEMBERSHIP: [Variant; 2] = [Variant::StaticMembers, Variant::ShortSession];
const COMMITS: [Variant; 6] = [
    Variant::AutoCommit,
    Variant::FrequentAutoCommit,
    Variant::NoCommit,
    Variant::SyncCommit,
    Variant::SyncCommitEach,
    Variant::SyncCommitFirst,
];

#[component]
pub(super) fn Column(ColumnProps { index, column, count, clock, end, wish }: &ColumnProps) -> Html {
    let text = use_text();
    let number = index + 1;
    let option = |variant: Variant| {
        html! {
            <option value={variant.name()} selected={variant == column.variant}>{ text.variant(variant) }</option>
        }
    };
    let id = format!("variant-{number}");
    let remove = {
        let index = *index;
        wish.reform(move |_: MouseEvent| Wish::RemoveColumn(index))
    };
    let setting = column.variant.to_string();
    let refused = column.commands.iter().find_map(|typed| typed.refused.clone());
    html! {
        <section class="comparison-column" aria-label={text.column_label(number)}>
            <div class="column-head">
                <label class="visually-hidden" for={id.clone()}>{ text.column_setting(number) }</label>
                <select {id} onchange={onvariant(*index, wish)}>
                    <optgroup label={text.variants_rebalancing()}>{ for REBALANCING.map(option) }</optgroup>
                    <optgroup label={text.variants_membership()}>{ for MEMBERSHIP.map(option) }</optgroup>
                    <optgroup label={text.variants_commits()}>{ for COMMITS.map(option) }</optgroup>
                </select>
                { for column.groups.iter().map(|(group, state)| html! {
                    <span class={classes!("group-state", state.to_string())} title={group.to_string()}>{ state.to_string() }</span>
                }) }
                if *count > FEWEST_COLUMNS {
                    <button type="button" class="icon quiet" title={text.remove_column(number)}
                        aria-label={text.remove_column(number)} onclick={remove}>
                        <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d="M4 4l8 8M12 4l-8 8" /></svg>
                    </button>
                }
                if *count < MOST_COLUMNS && number == *count {
                    <button type="button" class="icon quiet" title={text.add_column()} aria-label={text.add_column()}
                        onclick={wish.reform(|_: MouseEvent| Wish::AddColumn)}>
                        <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d="M8 3v10M3 8h10" /></svg>
                    </button>
                }
            </div>
            <p class="setting">
                if setting.is_empty() {
                    { text.no_setting_changed() }
                } else {
                    <code>{ for setting.split_inclusive(['.', '=', ' ']).map(|part| html! { <>{ part }<wbr /></> }) }</code>
                }
            </p>
            if let Some(refused) = refused { <p class="refused" role="status">{ refused }</p> }
            <Strips strips={column.strips.clone()} consumers={column.consumers.clone()} clock={*clock} end={*end} />
            <ul class="column-consumers">
                { for column.consumers.iter().map(|consumer| consumer_line(consumer, text)) }
            </ul>
            { commands(&column.commands, text) }
        </section>
    }
}

fn consumer_line(consumer: &ConsumerView, text: Text) -> Html {
    let class = match consumer.state {
        ConsumerState::Reading => "reading",
        ConsumerState::Waiting => "waiting",
        ConsumerState::StandingStill => "still",
        ConsumerState::Ended(_) => "ended",
    };
    html! {
        <li key={consumer.number} class={class}>
            <i class={classes!("owner", owner_class(consumer.number))}>{ &*consumer.name }</i>
            { text.consumer_state(consumer.state, &consumer.held) }
        </li>
    }
}

fn commands(commands: &[Typed], text: Text) -> Html {
    if commands.is_empty() {
        return html! { <p class="nothing">{ text.no_commands() }</p> };
    }
    html! {
        <details class="column-commands">
            <summary>{ text.commands_run(commands.len()) }</summary>
            <ol>
                { for commands.iter().map(|typed| html! {
                    <li><span class="where">{ format!("T{}", typed.terminal) }</span><code>{
                        for typed.text.split_inclusive(' ').map(|word| html! { <span class="word">{ word }</span> })
                    }</code></li>
                }) }
            </ol>
        </details>
    }
}

/// The first consumers of a column have colours of their own.
pub(super) fn owner_class(number: u32) -> String {
    const HUES: u32 = 7;
    format!("owner-{}", number % HUES)
}

fn onvariant(column: usize, wish: &Callback<Wish>) -> Callback<Event> {
    let wish = wish.clone();
    Callback::from(move |event: Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        if let Some(variant) = select.and_then(|select| Variant::from_name(&select.value())) {
            wish.emit(Wish::Vary(column, variant));
        }
    })
}
