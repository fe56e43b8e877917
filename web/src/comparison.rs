//! Settings side by side: one scenario in two or three columns on one clock, and the differences counted.
//!
//! It stands over the page, which waits.

mod column;
mod controls;
mod strips;
mod subject;
mod table;

use std::rc::Rc;

use playground::comparison::{ComparisonView, Variant};
use playground::script::Script;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;
use column::Column;
use controls::Controls;
pub(crate) use subject::{Subject, Subjects, Wish};
use table::Table;

#[derive(Properties, PartialEq)]
pub(crate) struct CompareProps {
    pub(crate) own: Rc<Script>,
    pub(crate) chosen: Subject,
    pub(crate) variants: Vec<Variant>,
    pub(crate) view: Rc<ComparisonView>,
    pub(crate) send: Callback<Intent>,
}

impl CompareProps {
    pub(crate) fn of(subjects: &Subjects, send: &Callback<Intent>) -> Self {
        Self {
            own: subjects.own.clone(),
            chosen: subjects.chosen.clone(),
            variants: subjects.variants.clone(),
            view: subjects.view.clone(),
            send: send.clone(),
        }
    }
}

#[component]
pub(crate) fn Compare(props: &CompareProps) -> Html {
    let CompareProps { own, chosen, variants, view, send } = props;
    let text = use_text();
    let dialog = use_node_ref();
    use_modal(&dialog);
    let wish = send.reform(Intent::Compare);
    let oncancel = send.reform(|event: Event| {
        event.prevent_default();
        Intent::CloseComparison
    });
    let nothing = view.clock == view.end && view.columns.iter().all(|column| column.consumers.is_empty());
    let own_is_empty = nothing
        && matches!(chosen, Subject::Own(_))
        && view.columns.iter().all(|column| column.commands.is_empty());
    html! {
        <dialog class="comparison" ref={dialog} aria-label={text.compare_title()} {oncancel}>
            <Controls own={own} chosen={chosen.clone()} view={view} send={send} wish={wish.clone()} />
            <div class="comparison-body">
                if own_is_empty { <p class="comparison-note" role="status">{ text.no_consumer_in_session() }</p> }
                <div class={classes!("comparison-columns", format!("of-{}", view.columns.len()))}>
                    { for view.columns.iter().enumerate().map(|(index, column)| html! {
                        <Column key={index} {index} column={column.clone()} count={view.columns.len()}
                            clock={view.clock} end={view.end} wish={wish.clone()} />
                    }) }
                </div>
                <p class="strip-legend"><i class="unread" aria-hidden="true" />{ text.legend_unread() }</p>
                <Table rows={view.rows.clone()} variants={variants.clone()} />
            </div>
        </dialog>
    }
}

/// Opens the dialog over the page; when it goes, the focus returns to where it was.
#[hook]
fn use_modal(dialog: &NodeRef) {
    use_effect_with(dialog.clone(), |dialog| {
        let element: Option<HtmlDialogElement> = dialog.get().and_then(|node| node.dyn_into().ok());
        if let Some(element) = &element {
            element.show_modal().expect("a dialog on the page that is not open can be opened");
        }
        move || {
            if let Some(element) = element {
                element.close();
            }
        }
    });
}
