//! What a first-time visitor is told.

use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(crate) struct IntroductionProps {
    pub(crate) send: Callback<Intent>,
}

#[component]
pub(crate) fn Introduction(IntroductionProps { send }: &IntroductionProps) -> Html {
    let text = use_text();
    let say = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    html! {
        <aside class="introduction" aria-label={text.beginnings()}>
            <p>{ text.introduction() }</p>
            <button type="button" class="fresh" title={text.start_fresh_hint()} onclick={say(Intent::StartFresh)}>
                { text.start_fresh() }
            </button>
            <button type="button" class="icon" title={text.dismiss()} aria-label={text.dismiss()}
                onclick={say(Intent::DismissIntroduction)}>
                <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d="M4 4l8 8M12 4l-8 8" /></svg>
            </button>
        </aside>
    }
}
