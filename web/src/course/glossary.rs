//! The glossary: a term on a card below the lesson, or all of them.

use std::rc::Rc;

use course::content::{Course, Entry};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::classroom::CourseView;
use super::errand::{Errand, Page};
use super::library::Loaded;
use super::prose::Prose;
use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct GlossaryProps {
    pub(super) view: Rc<CourseView>,
    pub(super) course: Loaded<Course>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Glossary(GlossaryProps { view, course, send }: &GlossaryProps) -> Html {
    let text = use_text();
    let prose = Prose::of(text, view, send);
    html! {
        <div class="glossary">
            <h2>{ text.course_glossary() }</h2>
            <dl>
                { for course.0.glossary.iter().map(|entry| html! {
                    <div key={entry.id.as_str()}>
                        <dt>{ &entry.term }</dt>
                        <dd>{ prose.blocks(&entry.text) }</dd>
                    </div>
                }) }
            </dl>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct TermProps {
    pub(super) entry: Loaded<Entry>,
    pub(super) view: Rc<CourseView>,
    pub(super) send: Callback<Intent>,
}

/// Takes the focus when it comes, and gives it back.
#[component]
pub(super) fn TermCard(TermProps { entry, view, send }: &TermProps) -> Html {
    let text = use_text();
    let entry: &'static Entry = entry.0;
    let place = use_node_ref();
    use_borrowed_focus(&place);
    let say = |errand: Errand| send.reform(move |_: MouseEvent| Intent::Course(errand.clone()));
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                send.emit(Intent::Course(Errand::Explain(None)));
            }
        })
    };
    html! {
        <section class="term-card" ref={place} tabindex="-1" aria-label={entry.term.as_str()} {onkeydown}>
            <p class="heading">{ &entry.term }</p>
            { Prose::of(text, view, send).blocks(&entry.text) }
            <p class="term-keys">
                <button type="button" class="inline" onclick={say(Errand::Show(Page::Glossary))}>{ text.all_terms() }</button>
                <button type="button" onclick={say(Errand::Explain(None))}>{ text.dismiss() }</button>
            </p>
        </section>
    }
}

#[hook]
fn use_borrowed_focus(place: &NodeRef) {
    use_effect_with(place.clone(), |place| {
        let before = gloo::utils::document().active_element();
        let before = before.and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(card) = place.cast::<HtmlElement>() {
            card.focus().expect("a card on the page can have the focus");
        }
        move || {
            if let Some(element) = before.filter(|element| element.is_connected()) {
                element.focus().expect("an element on the page can have the focus");
            }
        }
    });
}
