//! The tools that the build needs beside cargo: found where they are, installed where they are not.
//!
//! What gets installed goes outside the checkout, one folder per tool and version, so that a
//! second clone finds it there.

mod binaryen;
mod browser;
mod cargo_tool;
mod node;
mod search;
mod wasm_target;

use crate::command;
use crate::project::Project;
use anyhow::{Context, Result};
use cargo_tool::CargoTool;
use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something a command cannot do without. What installs fast stands first, so that a failure to
/// install it does not come after a quarter of an hour of compiling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    WasmTarget,
    Node,
    WasmOpt,
    Browser,
    WasmBindgen,
    Trunk,
}

/// A tool that is there.
struct Found {
    /// The folder to put on the PATH, where the tool needs one.
    folder: Option<PathBuf>,
    /// Variables that have the others use this very tool.
    settings: Vec<Setting>,
    /// For the person who reads along.
    place: String,
}

type Setting = (&'static str, OsString);

impl Found {
    fn in_folder(folder: PathBuf) -> Self {
        Self { place: folder.display().to_string(), folder: Some(folder), settings: Vec::new() }
    }

    fn with(mut self, variable: &'static str, value: impl Into<OsString>) -> Self {
        self.settings.push((variable, value.into()));
        self
    }
}

/// A tool as this project wants it.
trait Tool {
    fn title(&self) -> String;
    /// What the tool is for, and what installing it takes.
    fn purpose(&self) -> &'static str;
    fn find(&self) -> Option<Found>;
    fn install(&self) -> Result<()>;
}

/// The tools at hand, for the commands to run with.
pub(crate) struct Toolbox {
    path: OsString,
    settings: Vec<Setting>,
}

impl Toolbox {
    /// Finds or installs what is needed, saying which and why.
    pub(crate) fn prepare(project: &Project, needs: impl IntoIterator<Item = Need>) -> Result<Self> {
        let needs = BTreeSet::from_iter(needs);
        let shelf = shelf()?;
        let mut folders = Vec::new();
        let mut settings = Vec::new();
        for (index, need) in needs.iter().enumerate() {
            let tool: Box<dyn Tool> = match need {
                Need::WasmTarget => Box::new(wasm_target::WasmTarget),
                Need::Trunk => Box::new(CargoTool::trunk(&shelf)),
                Need::WasmBindgen => {
                    Box::new(CargoTool::wasm_bindgen(&shelf, project.locked_version("wasm-bindgen")?))
                }
                Need::Node => Box::new(node::Node),
                Need::WasmOpt => Box::new(binaryen::Binaryen::new(&shelf)),
                Need::Browser => Box::new(browser::Chromium),
            };
            let found = ready(tool.as_ref(), &format!("{}/{}", index + 1, needs.len()))?;
            folders.extend(found.folder);
            settings.extend(found.settings);
        }
        let inherited = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(folders.into_iter().chain(env::split_paths(&inherited)))
            .context("a tool's folder has a name that cannot stand in the PATH")?;
        Ok(Self { path, settings })
    }

    /// A command at the project's root with the tools on its PATH.
    pub(crate) fn command(&self, project: &Project, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(project.root()).env("PATH", &self.path);
        command.envs(self.settings.iter().map(|(variable, value)| (variable, value)));
        command
    }

    pub(crate) fn cargo(&self, project: &Project, arguments: &[&str]) -> Command {
        let mut command = self.command(project, "cargo");
        command.args(arguments);
        command
    }

    pub(crate) fn trunk(&self, project: &Project, arguments: &[&str]) -> Command {
        let mut command = self.command(project, "trunk");
        command.args(arguments).env("TRUNK_SKIP_VERSION_CHECK", "true");
        // Trunk reads NO_COLOR as a boolean and refuses the customary `1`.
        match env::var("NO_COLOR") {
            Ok(value) if !value.is_empty() => command.env("NO_COLOR", "true"),
            _ => command.env_remove("NO_COLOR"),
        };
        command
    }
}

fn ready(tool: &dyn Tool, count: &str) -> Result<Found> {
    let title = tool.title();
    if let Some(found) = tool.find() {
        println!("{count} {title}: already there ({})", found.place);
        return Ok(found);
    }
    println!("{count} {title}: not there yet. {}", tool.purpose());
    tool.install().with_context(|| format!("{title} could not be installed"))?;
    let found = tool.find().with_context(|| format!("{title} was installed, but does not answer"))?;
    println!("{count} {title}: installed ({})", found.place);
    Ok(found)
}

/// The folder of installed tools.
fn shelf() -> Result<PathBuf> {
    if let Some(folder) = folder_from("MURMURATION_TOOLS") {
        return std::path::absolute(folder).context("MURMURATION_TOOLS does not name a folder");
    }
    let cache = folder_from("XDG_CACHE_HOME").or_else(platform_cache);
    let cache = cache.context("no home folder found; set MURMURATION_TOOLS to a folder for build tools")?;
    Ok(cache.join("murmuration").join("tools"))
}

fn folder_from(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn platform_cache() -> Option<PathBuf> {
    if cfg!(windows) {
        folder_from("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        env::home_dir().map(|home| home.join("Library").join("Caches"))
    } else {
        env::home_dir().map(|home| home.join(".cache"))
    }
}

/// Whether a program says that it is of this version.
fn answers_as(program: &Path, version: &str) -> bool {
    command::answer(program, &["--version"])
        .is_some_and(|answer| answer.split_whitespace().any(|word| word == version))
}
