//! The site as it is published: built into dist/, weighed, and searched for other hosts.

mod hosts;
mod weight;

use crate::command;
use crate::project::Project;
use crate::toolbox::{Need, Toolbox};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// `cargo xtask dist`.
pub(crate) fn build_and_measure(project: &Project) -> Result<()> {
    let needs = [Need::WasmTarget, Need::WasmBindgen, Need::Trunk, Need::WasmOpt];
    build(project, &Toolbox::prepare(project, needs)?)?;
    measure(project)?;
    println!("The site is in {}; it can be served from any path.", project.dist().display());
    Ok(())
}

pub(crate) fn build(project: &Project, toolbox: &Toolbox) -> Result<()> {
    command::run(&mut toolbox.trunk(project, &["build", "--release", "--locked"]))?;
    let mut site = toolbox.cargo(project, &["run", "--release", "--package", "murmuration", "--", "site"]);
    command::run(site.arg(project.dist()))
}

pub(crate) fn measure(project: &Project) -> Result<()> {
    let files = built_files(&project.dist())?;
    let weighed = weight::weigh(&files);
    print!("{weighed}");
    let foreign = hosts::foreign(&files);
    for line in &foreign {
        println!("{line}");
    }
    weighed.within_budget()?;
    if !foreign.is_empty() {
        bail!("the built page refers to other hosts; everything it loads has to be part of it");
    }
    println!("The page loads nothing from another host.");
    Ok(())
}

/// A file of the built site.
struct BuiltFile {
    /// Relative to dist/.
    name: String,
    bytes: Vec<u8>,
}

impl BuiltFile {
    fn extension(&self) -> &str {
        self.name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

fn built_files(dist: &Path) -> Result<Vec<BuiltFile>> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![dist.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("no {}; `cargo xtask dist` builds it", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
                files.push(BuiltFile { name, bytes: fs::read(&path)? });
            }
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    if !files.iter().any(|file| file.name == "index.html") {
        bail!("{} holds no index.html; `cargo xtask dist` builds it", dist.display());
    }
    Ok(files)
}
