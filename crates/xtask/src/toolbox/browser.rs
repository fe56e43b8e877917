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
/// Names the browser to the tests of the built site.
const BROWSER_VARIABLE: &str = "CHROMIUM";

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
        let browser = chosen_browser().or_else(browser_at_hand)?;
        // Named outright, lest the test runner prefer another browser's driver.
        (driver.is_file() && browser.is_file()).then(|| Found {
            place: driver.display().to_string(),
            folder: None,
            settings: vec![(DRIVER_VARIABLE, driver.into()), (BROWSER_VARIABLE, browser.into())],
        })
    }

    fn install(&self) -> Result<()> {
        if let Some(driver) = chosen_driver().filter(|driver| !driver.is_file()) {
            bail!("{DRIVER_VARIABLE} names {}, which is no file", driver.display());
        }
        if let Some(browser) = chosen_browser().filter(|browser| !browser.is_file()) {
            bail!("{BROWSER_VARIABLE} names {}, which is no file", browser.display());
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

fn chosen_browser() -> Option<PathBuf> {
    env::var_os(BROWSER_VARIABLE).map(PathBuf::from)
}

/// On macOS and Windows browsers are not on the PATH.
fn browser_at_hand() -> Option<PathBuf> {
    let places: &[&str] = if cfg!(target_os = "macos") {
        &[
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
        ]
    } else if cfg!(windows) {
        &[r"C:\Program Files\Google\Chrome\Application\chrome.exe"]
    } else {
        &[]
    };
    let on_path = BROWSERS.iter().flat_map(|browser| search::on_path(browser));
    on_path.chain(places.iter().map(PathBuf::from)).find(|browser| browser.is_file())
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
        "run `brew install --cask google-chrome chromedriver`, or set CHROMIUM to a browser and CHROMEDRIVER to its driver"
    } else if cfg!(windows) {
        "run `winget install Google.Chrome Chromium.ChromeDriver`, or set CHROMIUM to a browser and CHROMEDRIVER to its driver"
    } else {
        "install chromium and chromedriver with this system's package manager (Fedora: `dnf install \
         chromium chromedriver`; Arch: `pacman -S chromium`; Alpine: `apk add chromium \
         chromium-chromedriver`), or set CHROMIUM to a browser and CHROMEDRIVER to its driver"
    }
}
