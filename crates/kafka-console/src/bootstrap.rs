//! `--bootstrap-server`: which addresses reach the simulated cluster.
//!
//! Mirrors `ClientUtils.parseAndValidateAddresses`. The names that a learner meets in tutorials lead to the cluster
//! with any port; any other name is one that does not resolve. Leaves out: addresses that resolve and do not answer.

use std::fmt;

/// What became of a list of servers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Resolution {
    /// What the client logs on the way.
    pub(crate) warnings: Vec<String>,
    pub(crate) error: Option<BootstrapError>,
}

/// A `ConfigException`; `Display` is its message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum BootstrapError {
    InvalidUrl(String),
    NothingResolved,
}

impl fmt::Display for BootstrapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidUrl(url) => write!(f, "Invalid url in bootstrap.servers: {url}"),
            Self::NothingResolved => f.write_str("No resolvable bootstrap urls given in bootstrap.servers"),
        }
    }
}

pub(crate) fn resolve(servers: &str) -> Resolution {
    let mut resolution = Resolution::default();
    let mut reached = false;
    for url in servers.split(',').map(str::trim).filter(|url| !url.is_empty()) {
        let Some((host, _)) = host_and_port(url) else {
            resolution.error = Some(BootstrapError::InvalidUrl(url.to_owned()));
            return resolution;
        };
        if is_known(host) {
            reached = true;
        } else {
            resolution.warnings.push(format!(
                "Couldn't resolve server {url} from bootstrap.servers as DNS resolution failed for {host}"
            ));
        }
    }
    if !reached {
        resolution.error = Some(BootstrapError::NothingResolved);
    }
    resolution
}

/// The host and port of `host:port` or `PROTOCOL://host:port`.
pub(crate) fn host_and_port(url: &str) -> Option<(&str, u16)> {
    let (host, port) = url.rsplit_once(':')?;
    let host = host.rsplit_once("://").map_or(host, |(_, host)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '%' | ':');
    if host.is_empty() || !host.chars().all(legal) {
        return None;
    }
    Some((host, port.parse().ok()?))
}

fn is_known(host: &str) -> bool {
    let numbered = |name: &str| {
        host.strip_prefix(name).is_some_and(|rest| {
            let number = rest.strip_prefix('-').unwrap_or(rest);
            rest.is_empty() || matches!(number.parse(), Ok(1..=9_u32))
        })
    };
    matches!(host, "localhost" | "127.0.0.1" | "local-kafka" | "host.docker.internal")
        || numbered("kafka")
        || numbered("broker")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_lead_to_the_cluster() {
        for servers in [
            "kafka:9093",
            "localhost:30092",
            "kafka-1:9092,kafka-2:9092",
            " broker:1 ",
            "PLAINTEXT://kafka3:9094",
        ] {
            assert_eq!(resolve(servers), Resolution::default(), "{servers}");
        }
        let rows = [
            ("localhost", BootstrapError::InvalidUrl("localhost".to_owned())),
            ("kafka:", BootstrapError::InvalidUrl("kafka:".to_owned())),
            ("kafka:99999", BootstrapError::InvalidUrl("kafka:99999".to_owned())),
            ("kafka-10:9092", BootstrapError::NothingResolved),
            ("", BootstrapError::NothingResolved),
        ];
        for (servers, error) in rows {
            assert_eq!(resolve(servers).error, Some(error), "{servers}");
        }
    }
}
