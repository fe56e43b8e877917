//! Headings over the columns, what is not there yet, and what did not fit.

use std::rc::Rc;

use playground::scene::Topic;
use yew::prelude::*;

use super::geometry::{Point, Rect, fitted, px, strong_width};
use super::layout::{Caption, CaptionOf, Choice, Placeholder, Rest, shown_topics};
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct CaptionsProps {
    pub(super) captions: Vec<Caption>,
    pub(super) placeholders: Vec<(Placeholder, Rect)>,
    pub(super) rests: Vec<(Rest, Point)>,
    pub(super) choice: Choice,
    pub(super) onchoice: Callback<Choice>,
}

#[component]
pub(super) fn Captions(props: &CaptionsProps) -> Html {
    let text = use_text();
    html! {
        <g class="captions">
            { for props.captions.iter().map(|caption| caption_view(caption, text)) }
            { for props.placeholders.iter().map(|(what, rect)| placeholder(*what, rect, text)) }
            { for props.rests.iter().map(|(rest, at)| rest_view(*rest, *at, props, text)) }
        </g>
    }
}

fn caption_view(Caption { at, width, of }: &Caption, text: Text) -> Html {
    let (kind, name, facts) = match of {
        CaptionOf::Producers => (text.producers(), None, None),
        CaptionOf::Consumers => (text.consumers(), None, None),
        CaptionOf::NoGroup => (text.no_group(), None, None),
        CaptionOf::Group(name) => (text.group(), Some(name), None),
        CaptionOf::Topic { name, partitions, replication_factor, .. } => {
            (text.topic(), Some(name), Some(text.topic_facts(*partitions, *replication_factor)))
        }
    };
    let (lost, duplicated) = match of {
        CaptionOf::Topic { lost, duplicated, .. } => (*lost, *duplicated),
        CaptionOf::Producers | CaptionOf::Consumers | CaptionOf::NoGroup | CaptionOf::Group(_) => (0, 0),
    };
    let kind_width = strong_width(kind, 12.0) + 8.0;
    let name = name.map(|name| fitted(name, 13.0, width - kind_width));
    let facts_width = width - kind_width - name.as_ref().map_or(0.0, |name| strong_width(name, 13.0) + 10.0);
    html! {
        <text x={px(at.x)} y={px(at.y)}>
            <tspan class="kind">{ kind }</tspan>
            if let Some(name) = name {
                <tspan class="name" dx="8">{ name }</tspan>
            }
            if let Some(facts) = facts {
                <tspan class="fact" dx="10">{ fitted(&facts, 11.0, facts_width) }</tspan>
            }
            if lost > 0 {
                <tspan class="outcome lost" dx="10">{ text.topic_lost(lost) }</tspan>
            }
            if duplicated > 0 {
                <tspan class="outcome repeated" dx="10">{ text.topic_duplicated(duplicated) }</tspan>
            }
        </text>
    }
}

fn placeholder(what: Placeholder, rect: &Rect, text: Text) -> Html {
    let label = match what {
        Placeholder::Producers => text.no_producers(),
        Placeholder::Topics => text.no_topics(),
        Placeholder::Consumers => text.no_consumers(),
        Placeholder::Groups => text.no_groups(),
    };
    html! {
        <g class="placeholder" transform={rect.at()}>
            <rect width={px(rect.width)} height={px(rect.height)} rx="10" />
            <text x={px(rect.width / 2.0)} y={px(rect.height / 2.0 + 4.0)}>
                { fitted(label, 11.5, rect.width - 16.0) }
            </text>
        </g>
    }
}

fn rest_view(rest: Rest, at: Point, props: &CaptionsProps, text: Text) -> Html {
    let toggle = |label: String| {
        let onclick = {
            let choice = Choice { all_partitions: !props.choice.all_partitions, ..props.choice.clone() };
            props.onchoice.reform(move |_: MouseEvent| choice.clone())
        };
        html! { <text class="rest toggle" x={px(at.x)} y={px(at.y)} {onclick}>{ label }</text> }
    };
    match rest {
        Rest::Partitions(count) => toggle(text.more_partitions(count)),
        Rest::NoPartitions => toggle(text.fewer_partitions().to_owned()),
        Rest::Producers(count) | Rest::Consumers(count) => {
            html! { <text class="rest" x={px(at.x)} y={px(at.y)}>{ text.more_clients(count) }</text> }
        }
        Rest::Groups(count) => {
            html! { <text class="rest" x={px(at.x)} y={px(at.y)}>{ text.more_groups(count) }</text> }
        }
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct TopicChipsProps {
    pub(super) topics: Rc<[Topic]>,
    pub(super) choice: Choice,
    pub(super) onchoice: Callback<Choice>,
}

/// With more than one topic: which of them are on the stage.
#[component]
pub(super) fn TopicChips(TopicChipsProps { topics, choice, onchoice }: &TopicChipsProps) -> Html {
    let text = use_text();
    let shown: Vec<&Rc<str>> = shown_topics(topics, choice).map(|topic| &topic.name).collect();
    let partitions: usize = shown_topics(topics, choice).map(|topic| topic.lanes.len()).sum();
    let many = partitions > super::layout::MOST_LANES;
    if topics.len() < 2 && !many {
        return Html::default();
    }
    let chips = topics.iter().map(|topic| {
        let pressed = shown.contains(&&topic.name);
        let onclick = {
            let mut chosen: std::collections::BTreeSet<Rc<str>> =
                shown.iter().map(|name| (*name).clone()).collect();
            if !chosen.remove(&topic.name) {
                chosen.insert(topic.name.clone());
            }
            let choice = Choice { topics: Some(chosen), ..choice.clone() };
            onchoice.reform(move |_: MouseEvent| choice.clone())
        };
        html! {
            <button type="button" class="chip-button" aria-pressed={pressed.to_string()} {onclick}>
                { &*topic.name }<span class="count">{ topic.lanes.len() }</span>
            </button>
        }
    });
    html! {
        <div class="topic-chips" role="group" aria-label={text.topics_shown()}>
            { for chips }
            if many {
                <button type="button" class="chip-button" aria-pressed={choice.all_partitions.to_string()}
                    onclick={
                        let choice = Choice { all_partitions: !choice.all_partitions, ..choice.clone() };
                        onchoice.reform(move |_: MouseEvent| choice.clone())
                    }>
                    { text.all_partitions() }
                </button>
            }
        </div>
    }
}
