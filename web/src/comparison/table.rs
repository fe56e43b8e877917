//! The differences, counted: the better value is marked by a word and a sign.

use std::cmp::Ordering;
use std::rc::Rc;

use playground::comparison::{Amount, Cell, Measure, Row, Variant, Verdict};
use yew::prelude::*;

use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct TableProps {
    pub(super) rows: Rc<[Row]>,
    pub(super) variants: Vec<Variant>,
}

#[component]
pub(super) fn Table(TableProps { rows, variants }: &TableProps) -> Html {
    let text = use_text();
    html! {
        <div class="comparison-table" tabindex="0" role="region" aria-label={text.counted()}>
            <table>
                <caption>{ text.counted() }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ text.measure() }</th>
                        { for variants.iter().enumerate().map(|(index, variant)| html! {
                            <th scope="col">
                                { text.variant(*variant) }
                                if index == 0 { <span class="reference">{ text.reference_column() }</span> }
                            </th>
                        }) }
                    </tr>
                </thead>
                <tbody>
                    { for rows.iter().map(|row| html! {
                        <tr class={classes!(matches!(row.measure, Measure::ConsumerStoodStill(_)).then_some("part"))}>
                            <th scope="row" title={text.measure_hint(&row.measure)}>{ text.measure_name(&row.measure) }</th>
                            { for row.cells.iter().map(|cell| value(*cell, text)) }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn value(cell: Option<Cell>, text: Text) -> Html {
    let Some(Cell { amount, verdict, difference }) = cell else { return html! { <td>{ "–" }</td> } };
    let (class, sign, word) = match verdict {
        Verdict::First => ("first", "", ""),
        Verdict::Same if difference.is_some() => ("same", "≈", text.verdict_same()),
        Verdict::Same => ("same", "=", text.verdict_same()),
        Verdict::Better => ("better", "✓", text.verdict_better()),
        Verdict::Worse => ("worse", "✗", text.verdict_worse()),
        Verdict::Different => ("different", "", ""),
    };
    let difference = difference.filter(|_| verdict != Verdict::Same).map(|(ordering, amount)| {
        let sign = if ordering == Ordering::Less { "−" } else { "+" };
        format!("{sign}{}", written(amount, text))
    });
    html! {
        <td class={class}>
            <span class="amount">{ written(amount, text) }</span>
            if verdict != Verdict::First {
                <span class="verdict">
                    if let Some(difference) = difference { <span>{ difference }</span> }
                    { format!("{sign} {word}") }
                </span>
            }
        </td>
    }
}

fn written(amount: Amount, text: Text) -> String {
    match amount {
        Amount::Time(span) => text.span(span),
        Amount::Count(count) => count.to_string(),
    }
}
