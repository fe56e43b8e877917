//! Files of the site that are not part of the page: fetched when they are needed first.

use gloo::utils::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// The text of a file, by its address relative to the site's root.
///
/// # Errors
/// What the browser says, or the status with which the site refused.
pub(crate) async fn fetch(file: &str) -> Result<String, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str(file)).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("{} {}", response.status(), response.status_text()).into());
    }
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or(JsValue::NULL)
}
