//! `cargo xtask test`: every check of the project, one step after the other.

use crate::command;
use crate::project::Project;
use crate::toolbox::{Need, Toolbox};
use crate::{page, tidy};
use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};
use std::time::{Duration, Instant};

/// The crates that also have to compile for the browser.
const BROWSER_CRATES: [&str; 5] = ["kafka-core", "kafka-console", "course", "playground", "murmuration-web"];

/// The packages whose tests run inside a browser.
const BROWSER_TESTS: [&str; 1] = ["murmuration-tests-browser"];

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

struct Step {
    name: &'static str,
    about: &'static str,
    needs: &'static [Need],
    check: fn(&Project, &Toolbox) -> Result<()>,
}

const STEPS: [Step; 10] = [
    Step { name: "fmt", about: "formatting", needs: &[], check: fmt },
    Step { name: "clippy", about: "lints, all targets", needs: &[], check: clippy },
    Step {
        name: "clippy-wasm",
        about: "lints of what the browser runs, for wasm32",
        needs: &[Need::WasmTarget],
        check: clippy_wasm,
    },
    Step { name: "tidy", about: "the house rules", needs: &[], check: |project, _| tidy::run(project) },
    Step { name: "unit", about: "the workspace's tests, transcripts among them", needs: &[], check: unit },
    Step { name: "conform", about: "agreement with vectors taken from Kafka", needs: &[], check: conform },
    Step {
        name: "browser",
        about: "tests in a headless Chromium",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Browser],
        check: browser,
    },
    Step {
        name: "dist",
        about: "the site as it is published",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Trunk, Need::WasmOpt],
        check: page::build,
    },
    Step {
        name: "page",
        about: "the site's size, and that it asks no other host for anything",
        needs: &[],
        check: |project, _| page::measure(project),
    },
    Step {
        name: "site",
        about: "the built site in a headless Chromium, as a visitor meets it",
        needs: &[Need::Node, Need::Browser],
        check: site,
    },
];

pub(crate) struct Options {
    list: bool,
    steps: Vec<String>,
}

impl Options {
    pub(crate) fn parse(mut arguments: Parser) -> Result<Self> {
        let mut options = Self { list: false, steps: Vec::new() };
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Long("list") => options.list = true,
                Arg::Value(step) => options.steps.push(step.string()?),
                Arg::Short(_) | Arg::Long(_) => return Err(argument.unexpected().into()),
            }
        }
        Ok(options)
    }

    fn chosen(&self) -> Result<Vec<&'static Step>> {
        if let Some(unknown) = self.steps.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
            bail!("there is no step `{unknown}`; `cargo xtask test --list` lists them");
        }
        let named = |step: &&Step| self.steps.is_empty() || self.steps.iter().any(|name| name == step.name);
        Ok(STEPS.iter().filter(named).collect())
    }
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    if options.list {
        for step in &STEPS {
            println!("{:<12} {}", step.name, step.about);
        }
        return Ok(());
    }
    let steps = options.chosen()?;
    let started = Instant::now();
    let toolbox = prepare(project, &steps)?;
    let mut passed = vec![("tools", started.elapsed())];
    for step in &steps {
        heading(step.name, step.about);
        let began = Instant::now();
        if let Err(failure) = (step.check)(project, &toolbox) {
            summarize(&passed);
            println!("  {:<12} {:>9}  FAILED", step.name, readable(began.elapsed()));
            return Err(failure
                .context(format!("step `{0}` failed (`cargo xtask test {0}` runs it alone)", step.name)));
        }
        passed.push((step.name, began.elapsed()));
    }
    summarize(&passed);
    println!("\n{} of {} steps passed in {}.", steps.len(), steps.len(), readable(started.elapsed()));
    Ok(())
}

/// The tools come first, so that a missing one shows at once and not after ten minutes of tests.
fn prepare(project: &Project, steps: &[&Step]) -> Result<Toolbox> {
    let needs: Vec<Need> = steps.iter().flat_map(|step| step.needs).copied().collect();
    if !needs.is_empty() {
        heading("tools", "what these steps need");
    }
    Toolbox::prepare(project, needs)
}

fn heading(name: &str, about: &str) {
    println!("\n=== {name}: {about}");
}

fn summarize(passed: &[(&str, Duration)]) {
    println!("\n=== summary");
    for (name, took) in passed {
        println!("  {name:<12} {:>9}  ok", readable(*took));
    }
}

fn readable(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f32())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

fn packages(names: &[&'static str]) -> Vec<&'static str> {
    names.iter().flat_map(|name| ["--package", name]).collect()
}

fn fmt(project: &Project, toolbox: &Toolbox) -> Result<()> {
    command::run(&mut toolbox.cargo(project, &["fmt", "--all", "--check"]))
        .context("`cargo fmt --all` puts it right")
}

fn clippy(project: &Project, toolbox: &Toolbox) -> Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    command::run(&mut toolbox.cargo(project, &arguments))
}

fn clippy_wasm(project: &Project, toolbox: &Toolbox) -> Result<()> {
    let mut shipped = toolbox.cargo(project, &["clippy"]);
    shipped.args(WASM).args(packages(&BROWSER_CRATES)).args(["--", "--deny", "warnings"]);
    command::run(&mut shipped)?;
    let mut tests = toolbox.cargo(project, &["clippy", "--all-targets"]);
    tests.args(WASM).args(packages(&BROWSER_TESTS)).args(["--", "--deny", "warnings"]);
    command::run(&mut tests)
}

fn unit(project: &Project, toolbox: &Toolbox) -> Result<()> {
    command::run(&mut toolbox.cargo(project, &["test", "--workspace"]))
}

fn conform(project: &Project, toolbox: &Toolbox) -> Result<()> {
    let arguments = ["run", "--release", "--package", "murmuration", "--", "conform", "tests/vectors"];
    command::run(&mut toolbox.cargo(project, &arguments))
}

fn browser(project: &Project, toolbox: &Toolbox) -> Result<()> {
    let mut cargo = toolbox.cargo(project, &["test"]);
    cargo.args(WASM).args(packages(&BROWSER_TESTS));
    cargo.env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
    cargo.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", project.root().join("webdriver.json"));
    // The defaults, 5 s for the driver and 20 s for a run, are short on a machine that also compiles.
    cargo.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    cargo.env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    command::run(&mut cargo)
}

fn site(project: &Project, toolbox: &Toolbox) -> Result<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    for arguments in [&["ci"][..], &["test"]] {
        let mut npm = toolbox.command(project, npm);
        command::run(npm.args(arguments).current_dir(project.root().join("tests/site")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(arguments: &[&str]) -> Result<Vec<&'static str>> {
        let options = Options::parse(Parser::from_args(arguments)).unwrap();
        Ok(options.chosen()?.iter().map(|step| step.name).collect())
    }

    #[test]
    fn without_a_name_every_step_runs() {
        assert_eq!(chosen(&[]).unwrap().len(), STEPS.len());
    }

    #[test]
    fn named_steps_run_in_the_order_of_the_list() {
        assert_eq!(chosen(&["tidy", "fmt"]).unwrap(), ["fmt", "tidy"]);
        assert!(chosen(&["tidi"]).unwrap_err().to_string().contains("tidi"));
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(readable(Duration::from_millis(340)), "0.3 s");
        assert_eq!(readable(Duration::from_secs(125)), "2 min 05 s");
    }
}
