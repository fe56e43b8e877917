//! The same inputs make the same events here and in native code.

mod run;

use wasm_bindgen_test::wasm_bindgen_test;

/// The build script computes the other side.
#[wasm_bindgen_test]
fn runs_have_the_digests_that_they_have_natively() {
    assert_eq!(run::digests(), env!("NATIVE_DIGESTS"));
}
