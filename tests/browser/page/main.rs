//! The page in a real browser, driven through its DOM as a visitor drives it.

#![cfg(target_arch = "wasm32")]

mod bad_input;
mod beginnings;
mod comparison;
mod consumers;
mod determinism;
mod files;
mod groups;
mod korean;
mod lessons;
mod terminals;
mod time_travel;
mod tutorial;
mod visit;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
