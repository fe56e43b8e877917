//! The words in which recordings say what was done.

use kafka_core::application::{ListenerCallback, ListenerFailure};

use super::{Event, Offsets, Scenario};

/// What was done to the cluster or by a client.
#[derive(Debug, PartialEq)]
pub(super) enum Action {
    Start {
        client: String,
        topics: Vec<String>,
        settings: Vec<(String, String)>,
    },
    Subscribe {
        client: String,
        topics: Vec<String>,
    },
    Unsubscribe {
        client: String,
    },
    Close {
        client: String,
    },
    StopPolling {
        client: String,
    },
    PollAgain {
        client: String,
    },
    /// An administrator takes a client out of the group.
    Remove {
        client: String,
    },
    Grow {
        topic: String,
        total: u32,
    },
    /// Only says that something is over.
    Note,
}

impl Action {
    pub(super) fn read(event: &Event, scenario: &Scenario) -> Result<Self, String> {
        let text = event.event.trim();
        let of_client = event.client.as_ref().and_then(|client| Self::of_client(client.clone(), text));
        of_client
            .or_else(|| Self::of_administrator(text, scenario))
            .ok_or_else(|| format!("action `{text}` is not understood"))
    }

    fn of_client(client: String, text: &str) -> Option<Self> {
        if text == "closed" || text.ends_with(" returned") {
            return Some(Self::Note);
        }
        if text == "stops polling" {
            return Some(Self::StopPolling { client });
        }
        if text == "polls again" {
            return Some(Self::PollAgain { client });
        }
        let started = text.strip_prefix("start:");
        let (method, arguments) = call(started.unwrap_or(text).trim())?;
        let topics = || arguments.split(',').map(str::trim).filter(|topic| !topic.is_empty()).map(Into::into);
        match (started.is_some(), method) {
            (true, "subscribe") => {
                Some(Self::Start { client, topics: topics().collect(), settings: settings(text) })
            }
            (false, "subscribe") => Some(Self::Subscribe { client, topics: topics().collect() }),
            (false, "unsubscribe") => Some(Self::Unsubscribe { client }),
            (false, "close") => Some(Self::Close { client }),
            (true | false, _) => None,
        }
    }

    fn of_administrator(text: &str, scenario: &Scenario) -> Option<Self> {
        if let Some((_, client)) = text.split_once("removes member ") {
            return Some(Self::Remove { client: client.trim().to_owned() });
        }
        // However it is worded: a topic that grows is one whose new partitions somebody is given.
        let about_topics = text.contains("partition") || text.contains("topic") || text.contains("grow");
        let seen =
            scenario.topics.iter().map(|(topic, before)| (topic, *before, partitions_seen(topic, scenario)));
        seen.filter(|(_, before, seen)| about_topics && seen > before)
            .map(|(topic, _, total)| Self::Grow { topic: topic.clone(), total })
            .next()
    }
}

/// Settings written as `name=value`.
pub(super) fn settings(text: &str) -> Vec<(String, String)> {
    let pair = |word: &str| {
        let (name, value) = word.split_once('=')?;
        let value = value.trim_end_matches([',', ';', '.', ')']);
        name.contains('.').then(|| (name.trim_start_matches('(').to_owned(), value.to_owned()))
    };
    text.split_whitespace().filter_map(pair).collect()
}

/// `onPartitionsAssigned of A throws once`.
pub(super) fn throwing_callback(note: &str) -> Option<(String, ListenerFailure)> {
    let words: Vec<&str> = note.split_whitespace().collect();
    words.windows(4).find_map(|words| {
        let &[callback, "of", client, "throws"] = words else { return None };
        let callback = match callback {
            "onPartitionsAssigned" => ListenerCallback::OnPartitionsAssigned,
            "onPartitionsRevoked" => ListenerCallback::OnPartitionsRevoked,
            "onPartitionsLost" => ListenerCallback::OnPartitionsLost,
            _ => return None,
        };
        Some((client.to_owned(), ListenerFailure { callback, times: 1 }))
    })
}

/// `A OffsetCommit {a-0=10, a-1=10} NONE`: who committed what. `None` for other requests and for refused commits.
pub(super) fn commit_of(text: &str) -> Result<Option<(String, Offsets)>, String> {
    let Some((client, rest)) = text.split_once(" OffsetCommit ") else { return Ok(None) };
    let unclear = || format!("request `{text}` is not understood");
    let (offsets, outcome) = rest.trim_start_matches('{').split_once('}').ok_or_else(unclear)?;
    if outcome.trim() != "NONE" {
        return Ok(None);
    }
    let offset = |pair: &str| {
        let (partition, offset) = pair.trim().split_once('=')?;
        Some((partition.to_owned(), offset.parse().ok()?))
    };
    let mut offsets: Vec<_> = offsets.split(',').map(offset).collect::<Option<_>>().ok_or_else(unclear)?;
    offsets.sort();
    Ok(Some((client.to_owned(), offsets)))
}

fn call(text: &str) -> Option<(&str, &str)> {
    let (method, rest) = text.split_once('(')?;
    let (arguments, _) = rest.split_once(')')?;
    Some((method, arguments))
}

/// One more than the highest partition of a topic that any callback names.
fn partitions_seen(topic: &str, scenario: &Scenario) -> u32 {
    let named = scenario.events.iter().flat_map(|event| &event.partitions);
    named.filter(|(of, _)| of == topic).map(|(_, partition)| partition + 1).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_client(text: &str) -> Option<Action> {
        Action::of_client("A".to_owned(), text)
    }

    #[test]
    fn what_clients_did_is_understood() {
        let client = || "A".to_owned();
        assert_eq!(
            of_client("start: subscribe(a,b) group.instance.id=i-A"),
            Some(Action::Start {
                client: client(),
                topics: vec!["a".to_owned(), "b".to_owned()],
                settings: vec![("group.instance.id".to_owned(), "i-A".to_owned())],
            })
        );
        assert_eq!(of_client("unsubscribe()"), Some(Action::Unsubscribe { client: client() }));
        assert_eq!(of_client("unsubscribe() returned"), Some(Action::Note));
        assert_eq!(of_client("dances"), None);
    }

    #[test]
    fn notes_carry_settings_and_failures() {
        let note = "A stops calling poll() for longer than max.poll.interval.ms=1500, then polls again";
        assert_eq!(settings(note), [("max.poll.interval.ms".to_owned(), "1500".to_owned())]);
        let (client, failure) = throwing_callback("onPartitionsLost of B throws once").unwrap();
        assert_eq!((client.as_str(), failure.callback), ("B", ListenerCallback::OnPartitionsLost));
    }

    #[test]
    fn commits_are_read_with_their_offsets() {
        let commit = commit_of("A OffsetCommit {a-1=10, a-0=7} NONE").unwrap();
        assert_eq!(commit, Some(("A".to_owned(), vec![("a-0".to_owned(), 7), ("a-1".to_owned(), 10)])));
        assert_eq!(commit_of("A JoinGroup"), Ok(None));
        assert!(commit_of("A OffsetCommit nonsense").is_err());
    }
}
