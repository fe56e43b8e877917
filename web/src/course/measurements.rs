//! How fast groups were: a table, and a chart beside what the formula says.

use std::rc::Rc;
use std::time::Duration;

use playground::study::Measured;
use yew::prelude::*;

use super::errand::Errand;
use crate::i18n::{Text, use_text};
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct MeasurementsProps {
    /// A group and what is measured with it.
    pub(super) rows: Vec<(&'static str, Html)>,
    pub(super) measured: Rc<[(&'static str, Option<Measured>)]>,
    pub(super) seed: Option<u64>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Measurements(MeasurementsProps { rows, measured, seed, send }: &MeasurementsProps) -> Html {
    let text = use_text();
    let of =
        |group: &str| measured.iter().find(|(name, _)| *name == group).and_then(|(_, measured)| *measured);
    // What takes no work at all would leave no room for the others.
    let compared = rows.iter().filter_map(|(group, label)| {
        let measured = of(group)?;
        let rate = Measured::rate(measured.throughput)?;
        (measured.throughput.reading >= Duration::from_secs(1)).then_some((
            label.clone(),
            rate,
            measured.expected(),
        ))
    });
    let bars: Vec<_> = compared.collect();
    let again = seed.map(|seed| {
        let seed = seed + 1;
        let onclick = send.reform(move |_: MouseEvent| Intent::Course(Errand::Measure { seed }));
        html! { <button type="button" {onclick}>{ text.measure_again(seed) }</button> }
    });
    html! {
        <figure class="measurements">
            <figcaption>
                { text.measurements() }
                if let Some(seed) = seed { { " · " }{ text.seed(*seed) } }
            </figcaption>
            <div class="wide" tabindex="0" role="group" aria-label={text.measurements()}>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{ text.measured_group() }</th>
                            <th scope="col">{ text.measured_total() }</th>
                            <th scope="col">{ text.measured_reading() }</th>
                            <th scope="col">{ text.measured_rate() }</th>
                        </tr>
                    </thead>
                    <tbody>{ for rows.iter().map(|(group, label)| row(label, of(group), text)) }</tbody>
                </table>
            </div>
            if !bars.is_empty() { { chart(&bars, text) } }
            { again }
        </figure>
    }
}

fn row(label: &Html, measured: Option<Measured>, text: Text) -> Html {
    let cells = match measured {
        None => html! { <td colspan="3" class="unmeasured">{ text.unmeasured() }</td> },
        Some(Measured { throughput, .. }) => html! {
            <>
                <td>{ text.duration(throughput.total) }</td>
                <td>{ text.duration(throughput.reading) }</td>
                <td>{ Measured::rate(throughput).map_or_else(|| "–".to_owned(), |rate| text.number(rate)) }</td>
            </>
        },
    };
    html! { <tr><th scope="row">{ label.clone() }</th>{ cells }</tr> }
}

type Bar = (Html, u64, Option<(u64, u64)>);

/// A bar for each rate, and over it the range that the formula gives.
fn chart(bars: &[Bar], text: Text) -> Html {
    let rates = bars.iter().map(|(_, rate, expected)| expected.map_or(*rate, |(_, most)| most.max(*rate)));
    let most = rates.max().unwrap_or(1).max(1);
    let percent = |rate: u64| format!("{}%", rate * 96 / most);
    let bar = |(label, rate, expected): &Bar| {
        let range = expected.map(|(least, upper)| {
            let style = format!("left:{};width:{}", percent(least), percent(upper - least));
            html! { <i class="expected" {style} /> }
        });
        let told = expected.map_or_else(String::new, |(least, upper)| text.formula_says(least, upper));
        html! {
            <li>
                <span class="bar-label">{ label.clone() }</span>
                <span class="bar-track" aria-hidden="true">
                    <i class="bar" style={format!("width:{}", percent(*rate))} />{ range }
                </span>
                <span class="bar-facts"><b>{ text.per_second(*rate) }</b>{ told }</span>
            </li>
        }
    };
    html! {
        <div class="bars">
            <p class="hint-line">{ text.formula() }</p>
            <ul>{ for bars.iter().map(bar) }</ul>
            <p class="hint-line bar-legend"><i class="expected" aria-hidden="true" />{ text.formula_legend() }</p>
        </div>
    }
}
