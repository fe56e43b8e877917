//! The stage: brokers, producers, partition lanes, consumers and coordinators, and everything that moves between them.

mod brokers;
mod captions;
mod consumer;
mod coordinator;
mod countdown;
mod flags;
mod geometry;
mod hashing;
mod lane;
mod layout;
mod legend;
mod measures;
mod member;
mod mishaps;
mod producer;
mod replicas;
mod room;
mod spotlight;
mod traveller;
mod wires;
mod words;

use std::rc::Rc;

use playground::scene::Scene;
use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::{Attention, Intent};
use brokers::Brokers;
use captions::{Captions, TopicChips};
use consumer::ConsumerView;
use coordinator::CoordinatorView;
use flags::Reader;
use geometry::px;
use hashing::{HashingLine, HashingView};
use lane::LaneView;
use layout::{CaptionOf, Choice, Layout};
use legend::Legend;
use mishaps::mishaps_of;
use producer::ProducerView;
use room::use_room;
pub(crate) use spotlight::Spotlight;
use spotlight::SpotlightView;
use wires::{Wires, wires};
use words::Words;

#[derive(Properties, PartialEq)]
pub(crate) struct StageProps {
    pub(crate) scene: Rc<Scene>,
    pub(crate) selected: Option<u32>,
    pub(crate) attention: Option<Attention>,
    pub(crate) onselect: Callback<u32>,
    /// A terminal that stands at its prompt.
    pub(crate) terminal: u32,
    pub(crate) send: Callback<Intent>,
}

#[component]
pub(crate) fn Stage(props: &StageProps) -> Html {
    let StageProps { scene, selected, attention, onselect, terminal, send } = props;
    let text = use_text();
    let place = use_node_ref();
    let room = use_room(&place);
    let choice = use_state_eq(Choice::default);
    let onchoice = {
        let choice = choice.setter();
        use_callback((), move |chosen: Choice, ()| choice.set(chosen))
    };
    let picture = room.map(|room| {
        let layout = Layout::of(scene, room, &choice);
        html! {
            <svg class={classes!("picture", layout.stacked.then_some("stacked"))} aria-hidden="true"
                width={px(layout.width)} height={px(layout.height)}
                viewBox={format!("0 0 {:.0} {:.0}", layout.width, layout.height)}>
                <Captions captions={layout.captions.clone()} placeholders={layout.placeholders.clone()}
                    rests={layout.rests.clone()} choice={(*choice).clone()} onchoice={onchoice.clone()} />
                { picture(scene, &layout, *selected, attention.as_ref(), onselect) }
                <SpotlightView scene={scene} layout={Rc::new(layout)} />
            </svg>
        }
    });
    html! {
        <section class="stage" aria-label={text.stage()}>
            <Brokers brokers={scene.brokers.clone()} terminal={*terminal} {send} />
            <TopicChips topics={scene.topics.clone()} choice={(*choice).clone()} onchoice={onchoice.clone()} />
            <div class="floor" ref={place} tabindex="0" role="group" aria-label={text.stage()}>{ picture }</div>
            <Words scene={scene} />
        </section>
    }
}

fn picture(
    scene: &Scene,
    layout: &Layout,
    selected: Option<u32>,
    attention: Option<&Attention>,
    onselect: &Callback<u32>,
) -> Html {
    let lanes = layout.lanes.iter().filter_map(|(id, rect)| {
        let lane = scene.lane(id)?.clone();
        let readers = Reader::all_of(scene, id);
        let key = format!("{}-{}", id.topic, id.partition);
        let mishaps = mishaps_of(scene, id);
        let attention = attention.filter(|wanted| wanted.lane == *id).map(|wanted| wanted.offset);
        Some(html! { <LaneView {key} {lane} {readers} {mishaps} {attention} rect={*rect} /> })
    });
    let legends = layout.captions.iter().filter_map(|caption| {
        let CaptionOf::Topic { name, .. } = &caption.of else { return None };
        let topic = scene.topics.iter().find(|topic| topic.name == *name)?.clone();
        let (right, width) = caption.beside_topic()?;
        Some(html! { <Legend key={name.to_string()} {topic} {right} {width} /> })
    });
    let producers = scene.producers.iter().filter_map(|producer| {
        let rect = layout.producer(producer.number)?;
        Some(html! { <ProducerView key={producer.number} producer={producer.clone()} {rect} /> })
    });
    let consumers = scene.consumers.iter().filter_map(|consumer| {
        let rect = layout.consumer(consumer.number)?;
        let selected = selected == Some(consumer.number);
        Some(html! {
            <ConsumerView key={consumer.number} consumer={consumer.clone()} {rect} {selected}
                onselect={onselect.clone()} />
        })
    });
    let groups = scene.groups.iter().filter_map(|group| {
        let rect = layout.group(&group.name)?;
        let deliveries = scene.deliveries.iter().find(|deliveries| deliveries.group == group.name).cloned();
        Some(html! { <CoordinatorView key={group.name.to_string()} group={group.clone()} {deliveries} {rect} /> })
    });
    let hashing = scene.hashing.as_ref().and_then(|hashing| {
        let producer = layout.producer(hashing.producer)?;
        if layout.stacked {
            return Some(html! { <HashingLine hashing={hashing.clone()} {producer} /> });
        }
        let right = layout.lanes.first()?.1.x - 8.0;
        Some(html! { <HashingView hashing={hashing.clone()} {producer} {right} bottom={layout.body_bottom} /> })
    });
    html! {
        <>
            <Wires wires={wires(scene, layout)} />
            { for legends }
            { for lanes }
            { for producers }
            { for consumers }
            { for groups }
            <g class="travellers">{ traveller::travellers(scene, layout) }</g>
            { hashing }
        </>
    }
}
