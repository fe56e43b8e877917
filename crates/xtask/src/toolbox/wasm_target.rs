//! The standard library for wasm32, which rustup adds to the toolchain.

use super::{Found, Tool, search};
use crate::command;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

pub(super) struct WasmTarget;

impl Tool for WasmTarget {
    fn title(&self) -> String {
        "wasm32 target".into()
    }

    fn purpose(&self) -> &'static str {
        "The browser runs WebAssembly; rustup adds that target to this Rust."
    }

    fn find(&self) -> Option<Found> {
        let folder = command::answer("rustc", &["--print", "target-libdir", "--target", TARGET])?;
        Path::new(&folder).is_dir().then(|| Found {
            folder: None,
            settings: Vec::new(),
            place: "part of this Rust".into(),
        })
    }

    fn install(&self) -> Result<()> {
        if search::on_path("rustup").next().is_none() {
            bail!(
                "rustup is not on the PATH. Install Rust from https://rustup.rs, or install the \
                 {TARGET} standard library the way this Rust was installed"
            );
        }
        command::run(Command::new("rustup").args(["target", "add", TARGET]))
    }
}
