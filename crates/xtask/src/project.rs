//! Where the checkout is, and which versions its lock file names.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    pub(crate) fn locate() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = manifest.as_deref().and_then(|folder| folder.ancestors().nth(2));
        let root = root.context("xtask finds the project through cargo; run it as `cargo xtask`")?;
        Ok(Self { root: root.to_path_buf() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The version of a dependency as Cargo.lock has it.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = std::fs::read_to_string(&path).with_context(|| {
            format!("cannot read {}; `cargo generate-lockfile` writes it", path.display())
        })?;
        let mut versions = locked_versions(&lock, package);
        match (versions.next(), versions.next()) {
            (Some(version), None) => Ok(version.to_owned()),
            (None, _) => bail!("Cargo.lock names no `{package}`: does any crate of the workspace need it?"),
            (Some(one), Some(other)) => {
                bail!("Cargo.lock names `{package}` twice ({one} and {other}); bring it down to one version")
            }
        }
    }
}

fn locked_versions<'a>(lock: &'a str, package: &'a str) -> impl Iterator<Item = &'a str> {
    lock.split("[[package]]").filter_map(move |entry| {
        let value = |key: &str| {
            entry.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'))
        };
        (value("name")? == package).then(|| value("version")).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"

[[package]]
name = "wasm-bindgen-test"
version = "0.3.80"
"#;

    #[test]
    fn reads_the_version_of_exactly_the_named_package() {
        assert_eq!(locked_versions(LOCK, "wasm-bindgen").collect::<Vec<_>>(), ["0.2.130"]);
        assert_eq!(locked_versions(LOCK, "wasm-bindgen-test").collect::<Vec<_>>(), ["0.3.80"]);
        assert_eq!(locked_versions(LOCK, "yew").count(), 0);
    }
}
