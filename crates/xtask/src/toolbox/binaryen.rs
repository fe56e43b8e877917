//! wasm-opt, which shrinks the page's WebAssembly, from the npm package `binaryen`.

use super::{Found, Tool, answers_as, search};
use crate::command;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

const VERSION: &str = "132";
const NPM_VERSION: &str = "132.0.0";

pub(super) struct Binaryen {
    root: PathBuf,
}

impl Binaryen {
    pub(super) fn new(shelf: &Path) -> Self {
        Self { root: shelf.join(format!("binaryen-{NPM_VERSION}")) }
    }
}

impl Tool for Binaryen {
    fn title(&self) -> String {
        format!("wasm-opt {VERSION}")
    }

    fn purpose(&self) -> &'static str {
        "wasm-opt makes the published page smaller; npm's package `binaryen` has it."
    }

    fn find(&self) -> Option<Found> {
        search::in_folder(&self.root.join("node_modules").join(".bin"), "wasm-opt")
            .into_iter()
            .chain(search::on_path("wasm-opt"))
            .find(|program| answers_as(program, VERSION))
            .and_then(|program| Some(Found::in_folder(program.parent()?.to_owned())))
            // Told another version than the PATH's, Trunk would download its own.
            .map(|found| found.with("TRUNK_TOOLS_WASM_OPT", format!("version_{VERSION}")))
    }

    fn install(&self) -> Result<()> {
        let npm = search::on_path("npm").next().with_context(|| {
            format!(
                "npm is not on the PATH. Install Node.js 20 or newer (Debian and Ubuntu: `apt-get install \
                 nodejs npm`; macOS: `brew install node`), or put wasm-opt {VERSION} on the PATH"
            )
        })?;
        std::fs::create_dir_all(&self.root)?;
        let mut npm = Command::new(npm);
        npm.args(["install", "--no-audit", "--no-fund", "--no-update-notifier", "--prefix"]).arg(&self.root);
        command::run(npm.arg(format!("binaryen@{NPM_VERSION}")))
    }
}
