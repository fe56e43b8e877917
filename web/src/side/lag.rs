//! Lag as a chart and as numbers.

use std::rc::Rc;

use playground::scene::{Clock, LagLine, Topic};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::chart::Chart;
use super::table::Table;
use crate::i18n::use_text;

#[derive(Properties, PartialEq)]
pub(super) struct LagProps {
    pub(super) topics: Rc<[Topic]>,
    pub(super) lag: Rc<[LagLine]>,
    pub(super) clock: Clock,
}

#[component]
pub(super) fn Lag(LagProps { topics, lag, clock }: &LagProps) -> Html {
    let text = use_text();
    let picked = use_state_eq(|| None::<Rc<str>>);
    let mut groups: Vec<Rc<str>> = lag.iter().map(|line| line.group.clone()).collect();
    groups.dedup();
    let group = picked.as_ref().filter(|group| groups.contains(group)).or(groups.first()).cloned();
    let onchange = {
        let (picked, groups) = (picked.setter(), groups.clone());
        Callback::from(move |event: Event| {
            let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
            if let Some(select) = select {
                picked.set(groups.iter().find(|group| ***group == *select.value()).cloned());
            }
        })
    };
    html! {
            <section class="lag">
                <div class="panel-head">
                    <h2>{ text.lag() }</h2>
                    if groups.len() > 1 {
                        <label class="visually-hidden" for="lag-group">{ text.lag_group() }</label>
                        <select id="lag-group" {onchange}>
                            { for groups.iter().map(|name| html! {
                                <option value={name.to_string()} selected={group.as_ref() == Some(name)}>{ &**name }</option>
                            }) }
                        </select>
                    } else if let Some(group) = &group {
                        <span class="panel-fact">{ &**group }</span>
                    }
                </div>
                if let Some(group) = group {
                    <Chart {lag} group={group.clone()} now={clock.now} marks={&clock.marks} />
                    <Table {topics} {group} />
                } else {
                    <p class="nothing">{ text.no_lag() }</p>
                }
            </section>
    }
}
