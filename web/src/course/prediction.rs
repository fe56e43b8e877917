//! A question that is answered first, and decided by the run.

use course::content::{Choice, Prediction};
use yew::prelude::*;

use super::errand::Errand;
use super::prose::Prose;
use crate::intent::Intent;

pub(super) fn prediction(
    prediction: &'static Prediction,
    prose: Prose<'_>,
    chosen: Option<usize>,
    right: Option<usize>,
    can_skip: bool,
) -> Html {
    let Prose { text, send, .. } = prose;
    let choice = |(number, choice): (usize, &'static Choice)| {
        let onchange = send.reform(move |_: Event| Intent::Course(Errand::Predict(number)));
        let is_chosen = chosen == Some(number);
        let class = match right {
            Some(right) if right == number => "choice right",
            Some(_) if is_chosen => "choice wrong",
            Some(_) => "choice other",
            None => "choice",
        };
        let verdict = match right {
            Some(right) if right == number => Some(text.prediction_right()),
            Some(_) if is_chosen => Some(text.prediction_wrong()),
            Some(_) | None => None,
        };
        html! {
            <div {class}>
                <label>
                    <input type="radio" name="prediction" checked={is_chosen} disabled={right.is_some()} {onchange} />
                    <span>{ prose.inlines(&choice.text) }</span>
                    if let Some(verdict) = verdict { <b class="verdict">{ verdict }</b> }
                </label>
                if verdict.is_some() { <div class="why">{ prose.blocks(&choice.why) }</div> }
            </div>
        }
    };
    let skip = send.reform(|_: MouseEvent| Intent::Course(Errand::Skip));
    html! {
        <fieldset class={classes!("prediction", (can_skip && chosen.is_none()).then_some("open"))}>
            <legend>{ text.prediction() }</legend>
            { prose.blocks(&prediction.question) }
            { for prediction.choices.iter().enumerate().map(choice) }
            if right.is_none() && chosen.is_some() { <p class="hint-line">{ text.prediction_noted() }</p> }
            if can_skip && chosen.is_none() {
                <p class="hint-line">
                    { text.predict_first() }{ " " }
                    <button type="button" class="inline" onclick={skip}>{ text.prediction_skip() }</button>
                </p>
            }
        </fieldset>
    }
}
