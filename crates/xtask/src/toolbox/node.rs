//! Node.js, with which the tests of the built site steer a browser. It is looked for, not installed.

use super::{Found, Tool, search};
use crate::command;
use anyhow::{Result, bail};

/// The oldest version in which the tests run.
const OLDEST: u32 = 20;

pub(super) struct Node;

impl Tool for Node {
    fn title(&self) -> String {
        format!("Node.js {OLDEST} or newer, with npm")
    }

    fn purpose(&self) -> &'static str {
        "The tests of the built site are run by it."
    }

    fn find(&self) -> Option<Found> {
        let node = search::on_path("node").find(|node| {
            command::answer(node, &["--version"]).and_then(|version| major(&version)) >= Some(OLDEST)
        })?;
        search::on_path("npm").next()?;
        Some(Found { place: node.display().to_string(), folder: None, settings: Vec::new() })
    }

    fn install(&self) -> Result<()> {
        bail!(
            "install Node.js {OLDEST} or newer (Debian and Ubuntu: `apt-get install nodejs npm`; macOS: \
             `brew install node`; Windows: `winget install OpenJS.NodeJS.LTS`)"
        )
    }
}

/// `v20.11.1` is of version 20.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_that_node_prints() {
        assert_eq!(major("v20.11.1"), Some(20));
        assert_eq!(major("nonsense"), None);
    }
}
