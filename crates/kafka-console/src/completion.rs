//! What could be typed next in a terminal: programs, options, and the values that an option takes here and now.
//!
//! Everything comes from what is there: the tables of the tools' options, the topics, groups and brokers of the cluster,
//! the files, the variables of the shell, the names of settings. Leaves out: functions, jobs, and folders other than the
//! home as the place where names of files begin.

mod command;
mod kafka;
mod properties;
mod words;

use std::borrow::Cow;

use crate::console::Console;
use crate::settings::Owner;
use crate::shell::Interpreter;
use crate::tool;
use words::Place;

/// What a line can go on with.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Completions {
    /// Where in the line the candidates begin, in bytes; they reach up to its end.
    pub from: usize,
    /// In order; no two alike.
    pub candidates: Vec<Candidate>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// What comes in the place, quoted where the shell needs it.
    pub text: String,
    pub kind: Kind,
    /// A sentence about it, where the tables have one.
    pub note: Option<Cow<'static, str>>,
    /// The word ends with it: a blank follows.
    pub is_whole: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Program,
    Option,
    Topic,
    Group,
    Server,
    Broker,
    /// A Java class.
    Class,
    /// A setting, and whose it is where it is a setting of Kafka's.
    Setting(Option<Owner>),
    Value,
    File,
    Folder,
    Variable,
    Container,
}

impl Console {
    /// What the text before the caret can go on with; nothing while no shell reads.
    pub fn complete(&self, terminal: u32, line: &str) -> Completions {
        if !self.is_at_prompt(terminal) {
            return Completions::default();
        }
        let Some(Place { words, current, is_file }) = words::place(line) else {
            return Completions::default();
        };
        let desk = Desk { console: self, shell: self.shell(terminal) };
        let mut found = if let Some(name) = current.variable() {
            Found::of(name.len(), desk.variables("$"))
        } else if is_file {
            Found::of(current.len(), desk.files())
        } else {
            command::candidates(&words, &current, &desk)
        };
        let (from, wanted) = current.tail(found.length);
        found.candidates.retain(|candidate| candidate.text.starts_with(&wanted));
        found.candidates.sort_by(|one, other| one.text.cmp(&other.text));
        found.candidates.dedup_by(|one, other| one.text == other.text);
        for candidate in &mut found.candidates {
            candidate.text = current.quoted(&candidate.text);
        }
        Completions { from, candidates: found.candidates }
    }
}

/// What a line of a client's property file, up to the caret, can go on with.
pub fn complete_property(line: &str) -> Completions {
    let text = line.trim_start();
    if text.starts_with(['#', '!']) {
        return Completions::default();
    }
    let Found { length, mut candidates } = properties::client(None, text);
    let wanted: String = text.chars().skip(text.chars().count() - length).collect();
    candidates.retain(|candidate| candidate.text.starts_with(&wanted));
    candidates.sort_by(|one, other| one.text.cmp(&other.text));
    Completions { from: line.len() - wanted.len(), candidates }
}

/// Candidates for the end of a word.
struct Found {
    /// How much of the word's end they take the place of, in characters.
    length: usize,
    candidates: Vec<Candidate>,
}

impl Found {
    fn of(length: usize, candidates: impl IntoIterator<Item = Candidate>) -> Self {
        Self { length, candidates: candidates.into_iter().collect() }
    }

    fn nothing() -> Self {
        Self::of(0, [])
    }
}

/// What there is to choose from.
struct Desk<'a> {
    console: &'a Console,
    /// The shell that reads; `None` in a terminal that nobody has used yet.
    shell: Option<&'a Interpreter>,
}

impl Desk<'_> {
    fn topics(&self) -> Vec<Candidate> {
        let topics = self.console.simulation().cluster().topics();
        topics
            .map(|(name, topic)| {
                let count = topic.partitions.len();
                let note = if count == 1 { "1 partition".to_owned() } else { format!("{count} partitions") };
                whole(&**name, Kind::Topic).with(note)
            })
            .collect()
    }

    fn groups(&self) -> Vec<Candidate> {
        let groups = tool::all_groups(self.console.simulation()).into_iter();
        groups.map(|listing| whole(&*listing.group, Kind::Group).with(listing.state.to_string())).collect()
    }

    fn servers(&self) -> Vec<Candidate> {
        let simulation = self.console.simulation();
        let brokers = simulation.cluster().brokers();
        let inside = brokers.iter().map(|broker| tool::address(*broker, simulation));
        inside.chain(["localhost:9092".to_owned()]).map(|address| whole(address, Kind::Server)).collect()
    }

    fn brokers(&self) -> Vec<Candidate> {
        let brokers = self.console.simulation().cluster().brokers();
        brokers.iter().map(|broker| whole(broker.0.to_string(), Kind::Broker)).collect()
    }

    fn containers(&self) -> Vec<Candidate> {
        let brokers = self.console.simulation().cluster().brokers();
        brokers.iter().map(|broker| whole(format!("kafka-{}", broker.0), Kind::Container)).collect()
    }

    fn files(&self) -> Vec<Candidate> {
        let files = self.console.files().map(|(name, _)| whole(&*name, Kind::File));
        let folders = self.console.files().filter_map(|(name, _)| {
            let (folder, _) = name.rsplit_once('/').filter(|(folder, _)| !folder.is_empty())?;
            Some(Candidate { is_whole: false, ..whole(format!("{folder}/"), Kind::Folder) })
        });
        files.chain(folders).collect()
    }

    fn variables(&self, sign: &str) -> Vec<Candidate> {
        let texts = self.shell.into_iter().flat_map(Interpreter::variables);
        texts
            .map(|(name, value)| whole(format!("{sign}{name}"), Kind::Variable).with(value.to_string()))
            .collect()
    }
}

fn whole(text: impl Into<String>, kind: Kind) -> Candidate {
    Candidate { text: text.into(), kind, note: None, is_whole: true }
}

impl Candidate {
    fn with(self, note: impl Into<Cow<'static, str>>) -> Self {
        Self { note: Some(note.into()), ..self }
    }

    /// `name=`, which a value follows.
    fn key(name: &str, owner: Option<Owner>) -> Self {
        Self { is_whole: false, ..whole(format!("{name}="), Kind::Setting(owner)) }
    }
}

#[cfg(test)]
mod tests;
