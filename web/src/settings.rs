//! What there is to say about Kafka's settings. It is fetched from the site when it is needed first.

use std::rc::Rc;

use gloo::utils::window;
use playground::settings::{self, Owner, Setting};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use yew::prelude::*;

use crate::i18n::{Language, Text};
use crate::intent::Intent;

/// Relative to the site's root, as every address.
const FILE: &str = "settings.json";

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) enum Settings {
    #[default]
    Unasked,
    /// Asked for, and perhaps never to come.
    Asked,
    Known(Rc<[Setting]>),
}

impl Settings {
    /// A setting by its name: this owner's, or anybody's, clients first.
    pub(crate) fn find(&self, name: &str, owner: Option<Owner>) -> Option<&Setting> {
        let Self::Known(settings) = self else { return None };
        let named = || settings.iter().filter(|setting| setting.name == name);
        match owner {
            Some(owner) => named().find(|setting| setting.owners.contains(&owner)),
            None => named().min_by_key(|setting| setting.owners.iter().min().copied()),
        }
    }
}

/// `None` when the site does not have it, or cannot be reached.
pub(crate) async fn fetch() -> Option<Rc<[Setting]>> {
    let response = JsFuture::from(window().fetch_with_str(FILE)).await.ok()?;
    let response: Response = response.dyn_into().ok().filter(Response::ok)?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    settings::parse(&text).map(Into::into)
}

/// What is known about settings; asks for it where it is `wanted`.
#[hook]
pub(crate) fn use_settings(wanted: bool, send: &Callback<Intent>) -> Settings {
    let settings = use_context::<Settings>().unwrap_or_default();
    let send = send.clone();
    use_effect_with((wanted, settings == Settings::Unasked), move |(wanted, unasked)| {
        if *wanted && *unasked {
            send.emit(Intent::NeedSettings);
        }
    });
    settings
}

/// The sentence in the page's language.
pub(crate) fn sentence(setting: &Setting, text: Text) -> Option<&str> {
    match text.0 {
        Language::English => setting.english.as_deref(),
        Language::Korean => setting.korean.as_deref(),
    }
}
