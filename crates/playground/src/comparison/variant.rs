//! What a column does differently: a few settings of every consumer.

use std::fmt;

pub use super::rewriting::Change;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Variant {
    /// The commands as they were typed.
    AsTyped,
    /// `RangeAssignor`: everybody lets go of everything in each rebalance.
    Eager,
    /// `StickyAssignor`: eager as well, but partitions go back to whoever had them.
    EagerSticky,
    /// `CooperativeStickyAssignor` (KIP-429): only what moves is let go.
    Cooperative,
    /// `group.protocol=consumer` (KIP-848): the coordinator assigns.
    ConsumerProtocol,
    /// A `group.instance.id` of its own for each terminal (KIP-345).
    StaticMembers,
    /// Notices a silent member sooner.
    ShortSession,
    /// The consumer commits by itself, every 5 s.
    AutoCommit,
    /// The same every second.
    FrequentAutoCommit,
    /// Nobody commits.
    NoCommit,
    /// `commitSync()` when all that a `poll()` returned is processed.
    SyncCommit,
    /// `commitSync()` behind each record.
    SyncCommitEach,
    /// `commitSync()` before the records are processed.
    SyncCommitFirst,
}

impl Variant {
    pub const ALL: [Self; 13] = [
        Self::AsTyped,
        Self::Eager,
        Self::EagerSticky,
        Self::Cooperative,
        Self::ConsumerProtocol,
        Self::StaticMembers,
        Self::ShortSession,
        Self::AutoCommit,
        Self::FrequentAutoCommit,
        Self::NoCommit,
        Self::SyncCommit,
        Self::SyncCommitEach,
        Self::SyncCommitFirst,
    ];

    /// A short name for addresses and menus' values.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AsTyped => "as-typed",
            Self::Eager => "eager",
            Self::EagerSticky => "sticky",
            Self::Cooperative => "cooperative",
            Self::ConsumerProtocol => "consumer",
            Self::StaticMembers => "static",
            Self::ShortSession => "short-session",
            Self::AutoCommit => "auto",
            Self::FrequentAutoCommit => "auto-1s",
            Self::NoCommit => "no-commit",
            Self::SyncCommit => "sync",
            Self::SyncCommitEach => "sync-each",
            Self::SyncCommitFirst => "sync-first",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|variant| variant.name() == name)
    }

    /// What changes in the commands of a terminal.
    pub fn changes(self, terminal: impl fmt::Display) -> Vec<Change> {
        match self {
            Self::AsTyped => Vec::new(),
            Self::Eager => classic("RangeAssignor"),
            Self::EagerSticky => classic("StickyAssignor"),
            Self::Cooperative => classic("CooperativeStickyAssignor"),
            // ConsumerConfig.CLASSIC_PROTOCOL_UNSUPPORTED_CONFIGS: the broker has these settings instead.
            Self::ConsumerProtocol => vec![
                unset("partition.assignment.strategy"),
                unset("heartbeat.interval.ms"),
                unset("session.timeout.ms"),
                set("group.protocol", "consumer"),
            ],
            Self::StaticMembers => vec![set("group.instance.id", &format!("terminal-{terminal}"))],
            Self::ShortSession => vec![set("session.timeout.ms", "10000")],
            Self::AutoCommit => {
                vec![
                    unset("auto.commit.interval.ms"),
                    set("enable.auto.commit", "true"),
                    option("commit", "auto"),
                ]
            }
            Self::FrequentAutoCommit => vec![
                set("auto.commit.interval.ms", "1000"),
                set("enable.auto.commit", "true"),
                option("commit", "auto"),
            ],
            Self::NoCommit => vec![set("enable.auto.commit", "false"), option("commit", "none")],
            Self::SyncCommit => commit_sync("batch", "after"),
            Self::SyncCommitEach => commit_sync("record", "after"),
            Self::SyncCommitFirst => commit_sync("batch", "before"),
        }
    }
}

/// The settings, as one would write them in a file; where there are none, the options.
impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut properties, mut options) = (Vec::new(), Vec::new());
        for change in self.changes("N") {
            match change {
                Change::Property { name, value: Some(value) } => properties.push(format!("{name}={value}")),
                Change::Property { value: None, .. } => {}
                Change::Option { name, value } => options.push(format!("--{name} {value}")),
            }
        }
        f.write_str(&if properties.is_empty() { options } else { properties }.join(" "))
    }
}

fn classic(assignor: &str) -> Vec<Change> {
    let class = format!("org.apache.kafka.clients.consumer.{assignor}");
    vec![unset("group.protocol"), set("partition.assignment.strategy", &class)]
}

/// No property beside it: `enable.auto.commit=true` would have the last word on what `--commit` means.
fn commit_sync(unit: &'static str, moment: &'static str) -> Vec<Change> {
    vec![
        unset("enable.auto.commit"),
        option("commit-when", moment),
        option("commit-unit", unit),
        option("commit", "sync"),
    ]
}

fn set(name: &'static str, value: &str) -> Change {
    Change::Property { name, value: Some(value.to_owned()) }
}

const fn unset(name: &'static str) -> Change {
    Change::Property { name, value: None }
}

const fn option(name: &'static str, value: &'static str) -> Change {
    Change::Option { name, value }
}
