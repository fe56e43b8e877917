//! What a visitor is told about the session that the browser keeps.

use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;
use crate::keeping::Notice;

#[derive(Properties, PartialEq)]
pub(crate) struct NoticeProps {
    pub(crate) notice: Notice,
    pub(crate) send: Callback<Intent>,
}

#[component]
pub(crate) fn NoticeBar(NoticeProps { notice, send }: &NoticeProps) -> Html {
    let text = use_text();
    let say = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    let told = match notice {
        Notice::Restored => text.session_restored().to_owned(),
        Notice::Unreadable(error) => text.session_unreadable(error),
        Notice::NotKept => text.session_not_kept().to_owned(),
    };
    html! {
        <aside class="introduction" aria-label={text.notice()}>
            <p role="status">{ told }</p>
            if *notice == Notice::Restored {
                <button type="button" class="fresh" title={text.start_fresh_hint()} onclick={say(Intent::StartFresh)}>
                    { text.start_fresh() }
                </button>
            }
            <button type="button" class="icon" title={text.dismiss()} aria-label={text.dismiss()}
                onclick={say(Intent::DismissNotice)}>
                <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d="M4 4l8 8M12 4l-8 8" /></svg>
            </button>
        </aside>
    }
}
