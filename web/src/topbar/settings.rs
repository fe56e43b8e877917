//! Language and theme.

use yew::prelude::*;

use crate::i18n::{Language, use_text};
use crate::intent::Intent;
use crate::preferences::Theme;

#[derive(Properties, PartialEq)]
pub(super) struct SettingsProps {
    pub(super) theme: Theme,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Settings(SettingsProps { theme, send }: &SettingsProps) -> Html {
    let text = use_text();
    let language = |language: Language| {
        let onclick = send.reform(move |_: MouseEvent| Intent::SetLanguage(language));
        html! {
            <button type="button" lang={language.tag()} title={language.own_name()}
                aria-pressed={(text.0 == language).to_string()} {onclick}>
                <span class="long">{ language.own_name() }</span>
                <span class="short">{ language.short_name() }</span>
            </button>
        }
    };
    let (name, icon, next) = match theme {
        Theme::Auto => (text.theme_auto(), "M8 2a6 6 0 100 12zM8 2a6 6 0 010 12", Theme::Light),
        Theme::Light => (
            text.theme_light(),
            "M8 4.8a3.2 3.2 0 100 6.4 3.2 3.2 0 000-6.4M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6L13 13M3 13l1.4-1.4M11.6 4.4L13 3",
            Theme::Dark,
        ),
        Theme::Dark => (text.theme_dark(), "M13 9.5A5.5 5.5 0 016.5 3 5.5 5.5 0 1013 9.500z", Theme::Auto),
    };
    let label = format!("{}: {name}", text.theme());
    html! {
        <div class="settings">
            <div class="languages" role="group" aria-label={text.language()}>
                { for Language::ALL.map(language) }
            </div>
            <button type="button" class={classes!("icon", "theme", theme.name())} title={label.clone()} aria-label={label}
                onclick={send.reform(move |_: MouseEvent| Intent::SetTheme(next))}>
                <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d={icon} /></svg>
            </button>
        </div>
    }
}
