//! What is on its way, drawn where the clock says it is.

use kafka_core::protocol::{Api, ErrorCode};
use playground::scene::{Anchor, Cargo, Scene, Traveller};
use yew::prelude::*;

use super::geometry::{Point, px, text_width};
use super::lane::hue_class;
use super::layout::Layout;

/// Every traveller whose ends have a place on the stage.
pub(super) fn travellers(scene: &Scene, layout: &Layout) -> Html {
    scene.travellers.iter().filter_map(|traveller| view(traveller, layout)).collect()
}

fn view(traveller: &Traveller, layout: &Layout) -> Option<Html> {
    let way = layout.way(&traveller.from, &traveller.to)?;
    let at = way.point(f64::from(traveller.progress) / 1000.0);
    let body = match &traveller.cargo {
        Cargo::Records { hues, more } => {
            let classes: Vec<_> = hues.iter().map(|hue| hue_class(*hue)).collect();
            records(&classes, *more)
        }
        Cargo::Acknowledgement { error: None } => html! {
            <g class="acknowledgement">
                <circle r="7" />
                <path d="M-3 0l2.2 2.4L3.2-2.2" />
            </g>
        },
        Cargo::Acknowledgement { error: Some(error) } | Cargo::Response { error: Some(error), .. } => {
            message(
                label(&traveller.cargo),
                if is_routine(*error) { "message signal" } else { "message error" },
            )
        }
        Cargo::Request(_) => message(label(&traveller.cargo), "message"),
        Cargo::Response { error: None, .. } => message(label(&traveller.cargo), "message answer"),
    };
    let between_copies =
        matches!((&traveller.from, &traveller.to), (Anchor::Replica(..), _) | (_, Anchor::Replica(..)));
    let place = place(&traveller.cargo, at, layout);
    let transform = if between_copies { format!("{place}scale(0.62)") } else { place };
    Some(html! { <g key={traveller.id.to_string()} {transform}>{ body }</g> })
}

/// Keeps long labels within the stage. What is too wide for the rail travels upright.
fn place(cargo: &Cargo, at: Point, layout: &Layout) -> String {
    let width = match cargo {
        Cargo::Records { hues, more } => records_width(hues.len(), *more),
        Cargo::Acknowledgement { error: None } => 16.0,
        Cargo::Acknowledgement { error: Some(error) } => message_width(error.name()),
        Cargo::Request(_) | Cargo::Response { .. } => {
            let upright = message_width(label(cargo)) > layout.rail.width;
            return format!("translate({:.1} {:.1}){}", at.x, at.y, if upright { "rotate(-90)" } else { "" });
        }
    };
    let x = at.x.clamp(width / 2.0 + 4.0, layout.width - width / 2.0 - 4.0);
    format!("translate({x:.1} {:.1})", at.y)
}

fn records_width(chips: usize, more: u32) -> f64 {
    let extra = if more > 0 { text_width(&format!("+{more}"), 10.5) + 5.0 } else { 0.0 };
    chips as f64 * 13.0 + 7.0 + extra
}

fn records(hues: &[String], more: u32) -> Html {
    let width = records_width(hues.len(), more);
    let left = -width / 2.0;
    html! {
        <g class="parcel">
            <rect class="wrap" x={px(left)} y="-11" width={px(width)} height="22" rx="7" />
            { for hues.iter().enumerate().map(|(index, hue)| html! {
                <rect class={classes!("chip", hue.clone())} x={px(left + 4.0 + index as f64 * 13.0)} y="-7"
                    width="11" height="14" rx="3" />
            }) }
            if more > 0 {
                <text x={px(left + 6.0 + hues.len() as f64 * 13.0)} y="4">{ format!("+{more}") }</text>
            }
        </g>
    }
}

fn message_width(label: &str) -> f64 {
    text_width(label, 10.5) + 16.0
}

fn message(label: &'static str, class: &'static str) -> Html {
    let width = message_width(label);
    html! {
        <g {class}>
            <rect x={px(-width / 2.0)} y="-10" width={px(width)} height="20" rx="10" />
            <text y="3.8">{ label }</text>
        </g>
    }
}

/// Errors by which a coordinator says what to do next, as it does in every rebalance.
const fn is_routine(error: ErrorCode) -> bool {
    matches!(error, ErrorCode::MemberIdRequired | ErrorCode::RebalanceInProgress)
}

const fn label(cargo: &Cargo) -> &'static str {
    match cargo {
        Cargo::Acknowledgement { error: Some(error) } | Cargo::Response { error: Some(error), .. } => {
            error.name()
        }
        Cargo::Request(api) | Cargo::Response { api, error: None } => name(*api),
        Cargo::Records { .. } | Cargo::Acknowledgement { error: None } => "",
    }
}

const fn name(api: Api) -> &'static str {
    match api {
        Api::Metadata => "Metadata",
        Api::Produce => "Produce",
        Api::Fetch => "Fetch",
        Api::ListOffsets => "ListOffsets",
        Api::FindCoordinator => "FindCoordinator",
        Api::JoinGroup => "JoinGroup",
        Api::SyncGroup => "SyncGroup",
        Api::Heartbeat => "Heartbeat",
        Api::LeaveGroup => "LeaveGroup",
        Api::OffsetCommit => "OffsetCommit",
        Api::OffsetFetch => "OffsetFetch",
        Api::ConsumerGroupHeartbeat => "ConsumerGroupHeartbeat",
        Api::InitProducerId => "InitProducerId",
        Api::AddPartitionsToTxn => "AddPartitionsToTxn",
        Api::TxnOffsetCommit => "TxnOffsetCommit",
        Api::EndTxn => "EndTxn",
        Api::WriteTxnMarkers => "WriteTxnMarkers",
    }
}
