//! Runs the sessions of the determinism test natively, so that the browser's runs can be compared with them.

#[path = "page/determinism/run.rs"]
mod run;

fn main() {
    println!("cargo::rerun-if-changed=page/determinism/run.rs");
    println!("cargo::rustc-env=NATIVE_DIGESTS={}", run::digests());
}
