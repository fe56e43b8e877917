//! A member as its coordinator sees it: who it is, how far it has come, how long it is trusted.

use playground::scene::{Member, Progress};
use yew::prelude::*;

use super::countdown::ring;
use super::geometry::px;
use crate::i18n::Text;

pub(super) const MEMBER_PITCH: f64 = 28.0;
const RADIUS: f64 = 11.0;

pub(super) fn member_view(member: &Member, x: f64, y: f64, text: Text) -> Html {
    let class = classes!("member", standing(&member.progress), member.leader.then_some("leads"));
    let label = member.terminal.map_or_else(|| "×".to_owned(), |terminal| format!("T{terminal}"));
    html! {
        <g {class} key={member.name.to_string()}>
            <title>{ member_title(member, text) }</title>
            <circle class="face" cx={px(x)} cy={px(y)} r={px(RADIUS)} />
            { ring(member.session, x, y, RADIUS) }
            <text x={px(x)} y={px(y + 3.4)}>{ label }</text>
            if member.leader {
                <circle class="crown" cx={px(x + 8.0)} cy={px(y - 8.0)} r="3.5" />
            }
            if let Some(epoch) = member.epoch {
                <text class="epoch" x={px(x)} y={px(y + 21.0)}>{ epoch }</text>
            }
        </g>
    }
}

pub(super) fn member_title(member: &Member, text: Text) -> String {
    let mut facts = vec![member.name.to_string()];
    facts.extend(member.leader.then(|| text.member_leads().to_owned()));
    facts.extend(member.epoch.map(|epoch| text.member_epoch(epoch)));
    facts.push(text.progress(&member.progress));
    facts.extend(member.session.map(|left| text.session_left(&text.countdown(left.left))));
    facts.join(" · ")
}

const fn standing(progress: &Progress) -> &'static str {
    match progress {
        Progress::Awaited | Progress::GivesUp(_) => "awaited",
        Progress::Joined | Progress::Synced => "ready",
        Progress::WaitsFor(_) => "waits",
        Progress::Settled => "settled",
    }
}
