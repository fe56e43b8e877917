//! Where something is that a text speaks of: a ring around it.

use std::rc::Rc;

use course::content::StageObject;
use playground::scene::{LaneId, Scene};
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::geometry::{Rect, px};
use super::layout::Layout;

/// What somebody wants to see on the stage.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Spotlight {
    object: Option<Rc<StageObject>>,
    /// How often something was wanted: a ring is drawn anew each time.
    count: u32,
}

impl Spotlight {
    pub(crate) fn on(&self, object: Rc<StageObject>) -> Self {
        Self { object: Some(object), count: self.count + 1 }
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct SpotlightProps {
    pub(super) scene: Rc<Scene>,
    pub(super) layout: Rc<Layout>,
}

#[component]
pub(super) fn SpotlightView(SpotlightProps { scene, layout }: &SpotlightProps) -> Html {
    let place = use_node_ref();
    let spotlight = use_context::<Spotlight>().unwrap_or_default();
    {
        let place = place.clone();
        use_effect_with(spotlight.count, move |_| {
            if let Some(ring) = place.cast::<Element>() {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                ring.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let rects = spotlight.object.as_deref().map(|object| places(object, scene, layout)).unwrap_or_default();
    html! {
        <g class="spotlight" ref={place} key={spotlight.count}>
            { for rects.iter().map(|rect| html! {
                <rect x={px(rect.x - 4.0)} y={px(rect.y - 4.0)} width={px(rect.width + 8.0)} height={px(rect.height + 8.0)} rx="13" />
            }) }
        </g>
    }
}

/// The boxes that belong to it. A topic has its partitions, a group its coordinator and its members, a broker what it leads.
fn places(object: &StageObject, scene: &Scene, layout: &Layout) -> Vec<Rect> {
    match object {
        StageObject::Topic(topic) => lanes(layout, |lane| *lane.topic == **topic),
        StageObject::Partition { topic, partition } => {
            lanes(layout, |lane| *lane.topic == **topic && lane.partition == *partition)
        }
        StageObject::Group(group) => layout.group(group).into_iter().collect(),
        StageObject::Broker(broker) => {
            lanes(layout, |lane| scene.lane(lane).is_some_and(|lane| lane.leader == Some(*broker)))
        }
        StageObject::Terminal(terminal) => {
            let consumers = scene.consumers.iter().filter(|consumer| consumer.terminal == Some(*terminal));
            let producers = scene.producers.iter().filter(|producer| producer.terminal == *terminal);
            let consumers = consumers.filter_map(|consumer| layout.consumer(consumer.number));
            consumers.chain(producers.filter_map(|producer| layout.producer(producer.number))).collect()
        }
    }
}

fn lanes(layout: &Layout, wanted: impl Fn(&LaneId) -> bool) -> Vec<Rect> {
    layout.lanes.iter().filter(|(lane, _)| wanted(lane)).map(|(_, rect)| *rect).collect()
}
