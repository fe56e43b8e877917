//! Tools that come as crates: prebuilt through cargo-binstall where that is at hand, compiled
//! otherwise.

use super::{Found, Tool, answers_as, search};
use crate::command;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Trunk that Trunk.toml and index.html were written for.
const TRUNK_VERSION: &str = "0.21.14";

pub(super) struct CargoTool {
    package: &'static str,
    version: String,
    /// The programs wanted from the package; the first one tells its version.
    programs: &'static [&'static str],
    purpose: &'static str,
    /// Told another version than the PATH's, Trunk would download its own.
    setting: Option<&'static str>,
    shelf: PathBuf,
}

impl CargoTool {
    pub(super) fn trunk(shelf: &Path) -> Self {
        Self {
            package: "trunk",
            version: TRUNK_VERSION.into(),
            programs: &["trunk"],
            purpose: "Trunk builds the page and serves it. Compiling it takes about ten minutes, once.",
            setting: None,
            shelf: shelf.into(),
        }
    }

    pub(super) fn wasm_bindgen(shelf: &Path, version: String) -> Self {
        Self {
            package: "wasm-bindgen-cli",
            version,
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            purpose: "wasm-bindgen writes the JavaScript between page and WebAssembly; it has to be of \
                      Cargo.lock's version. Compiling it takes some minutes, once.",
            setting: Some("TRUNK_TOOLS_WASM_BINDGEN"),
            shelf: shelf.into(),
        }
    }

    fn root(&self) -> PathBuf {
        self.shelf.join(format!("{}-{}", self.package, self.version))
    }

    fn is_whole(&self, folder: &Path) -> bool {
        let programs: Option<Vec<_>> =
            self.programs.iter().map(|program| search::in_folder(folder, program)).collect();
        programs.is_some_and(|programs| answers_as(&programs[0], &self.version))
    }

    fn cargo(&self, arguments: &[&str]) -> Result<()> {
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).arg("--root").arg(self.root());
        command::run(cargo.arg(format!("{}@{}", self.package, self.version)))
    }
}

impl Tool for CargoTool {
    fn title(&self) -> String {
        format!("{} {}", self.package, self.version)
    }

    fn purpose(&self) -> &'static str {
        self.purpose
    }

    fn find(&self) -> Option<Found> {
        let elsewhere =
            search::on_path(self.programs[0]).filter_map(|program| Some(program.parent()?.to_owned()));
        std::iter::once(self.root().join("bin")).chain(elsewhere).find(|folder| self.is_whole(folder)).map(
            |folder| match self.setting {
                Some(variable) => Found::in_folder(folder).with(variable, &self.version),
                None => Found::in_folder(folder),
            },
        )
    }

    fn install(&self) -> Result<()> {
        if search::on_path("cargo-binstall").next().is_some() {
            let prebuilt = self.cargo(&["binstall", "--no-confirm", "--disable-strategies", "compile"]);
            match prebuilt {
                Ok(()) => return Ok(()),
                Err(failure) => println!("{failure}; compiling it instead"),
            }
        }
        // The registry at hand may lack a version that the release was locked to; a compatible one
        // serves as well.
        self.cargo(&["install", "--locked"]).or_else(|failure| {
            println!("{failure}; trying with other versions of its dependencies");
            self.cargo(&["install"])
        })
    }
}
