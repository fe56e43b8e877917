//! The headless browser for the browser tests, and the driver that steers it.

use super::{Found, Tool, search};
use crate::command;
use anyhow::{Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::Command;

const BROWSERS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "google-chrome-beta"];

const DRIVER_VARIABLE: &str = "CHROMEDRIVER";

pub(super) struct Chromium;

impl Tool for Chromium {
    fn title(&self) -> String {
        "Chromium and chromedriver".into()
    }

    fn purpose(&self) -> &'static str {
        "The browser tests run in a real browser without a window."
    }

    fn find(&self) -> Option<Found> {
        let driver = chosen_driver().or_else(|| search::on_path("chromedriver").next())?;
        // On macOS and Windows browsers are not on the PATH; there the driver knows where they are.
        let browser_at_hand = !cfg!(target_os = "linux")
            || BROWSERS.iter().any(|browser| search::on_path(browser).next().is_some());
        // Named outright, lest the test runner prefer another browser's driver.
        (driver.is_file() && browser_at_hand).then(|| {
            let place = driver.display().to_string();
            Found { folder: None, settings: vec![(DRIVER_VARIABLE, driver.into())], place }
        })
    }

    fn install(&self) -> Result<()> {
        if let Some(driver) = chosen_driver().filter(|driver| !driver.is_file()) {
            bail!("{DRIVER_VARIABLE} names {}, which is no file", driver.display());
        }
        if search::on_path("apt-get").next().is_none() {
            bail!("{}", by_hand());
        }
        if command::answer("id", &["-u"]).as_deref() != Some("0") {
            bail!(
                "installing packages takes root's rights. Run `sudo apt-get install chromium \
                 chromium-driver` (Ubuntu: `chromium-browser chromium-chromedriver`)"
            );
        }
        command::run(apt_get().arg("update"))?;
        command::run(apt_get().args(["install", "--yes", "chromium", "chromium-driver"]))
    }
}

fn chosen_driver() -> Option<PathBuf> {
    env::var_os(DRIVER_VARIABLE).map(PathBuf::from)
}

fn apt_get() -> Command {
    let mut apt_get = Command::new("apt-get");
    apt_get.env("DEBIAN_FRONTEND", "noninteractive");
    apt_get
}

fn by_hand() -> &'static str {
    if cfg!(target_os = "macos") {
        "run `brew install --cask google-chrome chromedriver`, or set CHROMEDRIVER to a chromedriver"
    } else if cfg!(windows) {
        "run `winget install Google.Chrome Chromium.ChromeDriver`, or set CHROMEDRIVER to a chromedriver"
    } else {
        "install chromium and chromedriver with this system's package manager (Fedora: `dnf install \
         chromium chromedriver`; Arch: `pacman -S chromium`; Alpine: `apk add chromium \
         chromium-chromedriver`), or set CHROMEDRIVER to a chromedriver"
    }
}
