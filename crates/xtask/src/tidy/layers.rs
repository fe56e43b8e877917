//! Dependencies run one way, and each crate depends on no more than its place allows.

use super::Finding;
use crate::command;
use crate::project::Project;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;

const WEB: &str = "murmuration-web";

/// The crates from the model up to what is shown; each may use those of a lower layer.
const LAYERS: [(&str, u8); 7] = [
    ("kafka-core", 0),
    ("partitioner-script", 1),
    ("kafka-console", 2),
    ("course", 3),
    ("playground", 4),
    ("murmuration", 5),
    (WEB, 5),
];

/// The packages under tests/ may use everything that is tested.
const TESTS_LAYER: u8 = 6;

/// What the model may use: look-up tables, and the codecs of Kafka's compression types.
const MODEL_DEPENDENCIES: [&str; 6] = ["fxhash", "flate2", "miniz_oxide", "snap", "lz4_flex", "ruzstd"];

/// The crates through which one reaches the browser, by the beginning of their names.
const BROWSER_CRATES: [&str; 5] = ["yew", "gloo", "web-sys", "js-sys", "wasm-bindgen"];

pub(super) struct Workspace {
    packages: Vec<Package>,
}

struct Package {
    name: String,
    /// Relative to the root, with `/` on every system.
    folder: String,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    for_tests: bool,
}

impl Workspace {
    pub(super) fn of(project: &Project) -> Result<Self> {
        let manifest = project.root().join("Cargo.toml").display().to_string();
        let arguments = ["metadata", "--no-deps", "--format-version", "1", "--manifest-path", &manifest];
        let answer = command::answer("cargo", &arguments).context("`cargo metadata` failed")?;
        let metadata = serde_json::from_str(&answer).context("`cargo metadata` wrote no JSON")?;
        Self::read(&metadata, project.root()).context("`cargo metadata` wrote JSON of another shape")
    }

    fn read(metadata: &Value, root: &Path) -> Option<Self> {
        let packages = metadata["packages"].as_array()?.iter().map(|package| Package::read(package, root));
        Some(Self { packages: packages.collect::<Option<_>>()? })
    }
}

impl Package {
    fn read(package: &Value, root: &Path) -> Option<Self> {
        let folder = Path::new(package["manifest_path"].as_str()?).parent()?.strip_prefix(root).ok()?;
        let dependencies = package["dependencies"].as_array()?.iter().map(|dependency| {
            let for_tests = dependency["kind"].as_str() == Some("dev");
            Some(Dependency { name: dependency["name"].as_str()?.to_owned(), for_tests })
        });
        Some(Self {
            name: package["name"].as_str()?.to_owned(),
            folder: folder.to_string_lossy().replace('\\', "/"),
            dependencies: dependencies.collect::<Option<_>>()?,
        })
    }

    fn is_under_tests(&self) -> bool {
        self.folder == "tests" || self.folder.starts_with("tests/")
    }

    fn layer(&self) -> Option<u8> {
        if self.is_under_tests() {
            return Some(TESTS_LAYER);
        }
        LAYERS.iter().find(|(name, _)| *name == self.name).map(|(_, layer)| *layer)
    }

    fn may_reach_browser(&self) -> bool {
        self.name == WEB || self.folder.starts_with("tests/browser")
    }

    fn finding(&self, what: String, remedy: &'static str) -> Finding {
        Finding { path: format!("{}/Cargo.toml", self.folder), line: 1, what, remedy }
    }
}

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    workspace.packages.iter().flat_map(|package| check_package(package, workspace)).collect()
}

fn check_package(package: &Package, workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    if package.layer().is_none() && package.name != "xtask" {
        findings.push(package.finding(
            format!("`{}` has no place in the layers", package.name),
            "give it one in crates/xtask/src/tidy/layers.rs and in ARCHITECTURE.md",
        ));
    }
    for dependency in &package.dependencies {
        let used = &dependency.name;
        if let Some(other) = workspace.packages.iter().find(|other| other.name == *used) {
            if other.layer().is_none() || other.layer() >= package.layer() {
                findings.push(package.finding(
                    format!("`{}` depends on `{used}`, which is not below it", package.name),
                    "move what both need down a layer, or pass it in as data",
                ));
            }
        } else if BROWSER_CRATES.iter().any(|name| used.starts_with(name)) && !package.may_reach_browser() {
            findings.push(package.finding(
                format!(
                    "`{}` depends on `{used}`; only the web crate and its tests know the browser",
                    package.name
                ),
                "compute plain data here, and let the web crate paint it",
            ));
        } else if package.name == "kafka-core"
            && !dependency.for_tests
            && !MODEL_DEPENDENCIES.contains(&used.as_str())
        {
            findings.push(package.finding(
                format!("`kafka-core` depends on `{used}`"),
                "the model has look-up tables and codecs from outside and nothing else",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A package in a folder that uses others; `dev:` marks what only its tests use.
    fn found(packages: &[(&str, &str, &[&str])]) -> Vec<String> {
        let package = |(name, folder, uses): &(&str, &str, &[&str])| {
            let dependency = |name: &&str| match name.strip_prefix("dev:") {
                Some(name) => json!({"name": name, "kind": "dev"}),
                None => json!({"name": name, "kind": null}),
            };
            let dependencies: Vec<Value> = uses.iter().map(dependency).collect();
            json!({"name": name, "manifest_path": format!("/p/{folder}/Cargo.toml"), "dependencies": dependencies})
        };
        let metadata = json!({"packages": packages.iter().map(package).collect::<Vec<_>>()});
        let workspace = Workspace::read(&metadata, Path::new("/p")).unwrap();
        check(&workspace).into_iter().map(|finding| finding.what).collect()
    }

    const CORE: (&str, &str, &[&str]) = ("kafka-core", "crates/kafka-core", &["fxhash"]);
    const CONSOLE: (&str, &str, &[&str]) = ("kafka-console", "crates/kafka-console", &["kafka-core"]);

    #[test]
    fn upper_layers_use_lower_ones() {
        let web: (&str, &str, &[&str]) = (WEB, "web", &["kafka-console", "yew", "gloo-timers", "web-sys"]);
        let browser: (&str, &str, &[&str]) = ("browser-tests", "tests/browser", &[WEB, "wasm-bindgen-test"]);
        let xtask: (&str, &str, &[&str]) = ("xtask", "crates/xtask", &["anyhow"]);
        assert_eq!(found(&[CORE, CONSOLE, web, browser, xtask]), Vec::<String>::new());
    }

    #[test]
    fn lower_layers_use_no_upper_ones_even_in_their_tests() {
        let core: (&str, &str, &[&str]) = ("kafka-core", "crates/kafka-core", &["dev:kafka-console"]);
        assert_eq!(
            found(&[core, CONSOLE]),
            ["`kafka-core` depends on `kafka-console`, which is not below it"]
        );
    }

    #[test]
    fn siblings_and_xtask_stay_apart() {
        let web: (&str, &str, &[&str]) = (WEB, "web", &["murmuration", "xtask"]);
        let murmuration: (&str, &str, &[&str]) = ("murmuration", "crates/murmuration", &[]);
        let xtask: (&str, &str, &[&str]) = ("xtask", "crates/xtask", &["murmuration"]);
        assert_eq!(found(&[web, murmuration, xtask]).len(), 3);
    }

    #[test]
    fn only_web_knows_the_browser() {
        let playground: (&str, &str, &[&str]) = ("playground", "crates/playground", &["dev:gloo-timers"]);
        assert_eq!(found(&[playground]).len(), 1);
        assert_eq!(found(&[("scenarios", "tests", &["web-sys"])]).len(), 1);
    }

    #[test]
    fn the_model_has_few_dependencies() {
        let core: (&str, &str, &[&str]) =
            ("kafka-core", "crates/kafka-core", &["fxhash", "lz4_flex", "serde", "dev:proptest"]);
        assert_eq!(found(&[core]), ["`kafka-core` depends on `serde`"]);
    }

    #[test]
    fn a_new_crate_has_to_find_its_place() {
        assert_eq!(found(&[("stage", "crates/stage", &[])]), ["`stage` has no place in the layers"]);
    }
}
