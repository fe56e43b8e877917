//! Committed offset, log end and lag per partition, as `kafka-consumer-groups --describe` has them.

use std::rc::Rc;

use playground::scene::{Committed, Lane, Topic};
use yew::prelude::*;

use super::chart::partition_class;
use crate::i18n::use_text;

#[derive(Properties, PartialEq)]
pub(super) struct TableProps {
    pub(super) topics: Rc<[Topic]>,
    pub(super) group: Rc<str>,
}

#[component]
pub(super) fn Table(TableProps { topics, group }: &TableProps) -> Html {
    let text = use_text();
    let committed = |lane: &Lane| lane.committed.iter().find(|committed| committed.group == *group).cloned();
    let rows: Vec<(&Topic, &Lane, Committed)> = topics
        .iter()
        .flat_map(|topic| topic.lanes.iter().map(move |lane| (topic, lane)))
        .filter_map(|(topic, lane)| Some((topic, lane, committed(lane)?)))
        .collect();
    let several = rows.iter().any(|(topic, ..)| topic.name != rows[0].0.name);
    let total: i64 = rows.iter().map(|(.., committed)| committed.lag).sum();
    html! {
        <div class="table-scroll" tabindex="0" role="region" aria-label={text.lag()}>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ text.column_partition() }</th>
                        <th scope="col">{ text.column_committed() }</th>
                        <th scope="col">{ text.column_end() }</th>
                        <th scope="col">{ text.column_lag() }</th>
                    </tr>
                </thead>
                <tbody>
                    { for rows.iter().map(|(topic, lane, committed)| html! {
                        <tr>
                            <th scope="row">
                                <i class={classes!("swatch", partition_class(lane.partition))} />
                                if several { { format!("{}-", topic.name) } } else { { "P" } }
                                { lane.partition }
                            </th>
                            <td>{ committed.offset }</td>
                            <td>{ lane.log_end_offset }</td>
                            <td class={classes!((committed.lag > 0).then_some("behind"))}>{ committed.lag }</td>
                        </tr>
                    }) }
                </tbody>
                <tfoot>
                    <tr><th scope="row" colspan="3">{ text.total() }</th><td>{ total }</td></tr>
                </tfoot>
            </table>
        </div>
    }
}
