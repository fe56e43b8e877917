//! kcat's options, read as `getopt` reads them.

use std::rc::Rc;

use kafka_core::config::Properties;

use super::Refused;
use super::format::Format;
use crate::bootstrap;
use crate::escape::unescape;
use crate::system::Context;

pub(super) const USAGE: &str = "\
Usage: kcat <options> [file1 file2 .. | topic1 topic2 ..]]

Mode:
  -P                 Producer
  -C                 Consumer
  -G <group-id>      High-level KafkaConsumer (balanced consumer groups)
  -L                 Metadata List

General options for most modes:
  -b <brokers,..>    Bootstrap broker(s) (host[:port])
  -t <topic>         Topic to consume from, produce to, or list
  -p <partition>     Partition
  -D <delim>         Message delimiter string, default: \\n
  -K <delim>         Key delimiter (same format as -D)
  -c <cnt>           Limit message count
  -X prop=val        Set a configuration property
  -q                 Be quiet (verbosity set to 0)
  -h                 Print usage help

Producer options:
  -k <str>           Use a fixed key for all messages
  -H <header=value>  Add message headers (may be specified multiple times)
  -l <file>          Send messages from a file separated by delimiter
  -T                 Output sent messages to stdout, acting like tee
  -Z                 Send empty messages as NULL messages

Consumer options:
  -o <offset>        beginning | end | stored | <value> | -<value> (from the end) | s@<timestamp in ms>
  -e                 Exit successfully when last message received
  -f <fmt..>         Output formatting string: %s %S %k %K %T %h %t %p %o %%
  -J                 Output with JSON envelope
  -O                 Print message offset using -K delimiter
  -Z                 Print NULL values and keys as NULL instead of empty";

/// Options that are followed by a value, in the same word or in the next.
const WITH_VALUE: &str = "btpDKcXkHofGmdzFs";
const FLAGS: &str = "PCLqveJlTZuOEhV";

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Mode {
    Produce,
    Consume,
    Group(Rc<str>),
    List,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Offset {
    Beginning,
    End,
    Stored,
    At(i64),
    BeforeEnd(i64),
    /// Milliseconds since the Unix epoch.
    Since(i64),
}

pub(super) struct Options {
    pub(super) mode: Mode,
    pub(super) topic: Option<Rc<str>>,
    pub(super) partition: Option<u32>,
    pub(super) offset: Option<Offset>,
    pub(super) key: Option<Rc<str>>,
    pub(super) key_delimiter: Option<Rc<str>>,
    pub(super) delimiter: Rc<str>,
    pub(super) headers: Vec<(Rc<str>, Option<Rc<str>>)>,
    pub(super) count: Option<u64>,
    pub(super) properties: Properties,
    /// Topics of `-G`, files of `-P`.
    pub(super) operands: Vec<Rc<str>>,
    pub(super) quiet: bool,
    pub(super) exit_at_end: bool,
    pub(super) nulls: bool,
    pub(super) tee: bool,
    pub(super) lines_of_file: bool,
    pub(super) format: Format,
}

impl Options {
    /// `None` when only help was asked for.
    pub(super) fn parse(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Option<Self>, Refused> {
        let (given, operands) = letters(arguments)?;
        let has = |letter: char| given.iter().any(|(other, _)| *other == letter);
        let values = |letter: char| {
            given.iter().filter(move |(other, _)| *other == letter).filter_map(|(_, value)| value.clone())
        };
        let last = |letter: char| values(letter).next_back();
        if has('h') || arguments.is_empty() {
            return Ok(None);
        }
        let mode = match last('G') {
            Some(group) => Mode::Group(group),
            None if has('L') => Mode::List,
            None if has('P') => Mode::Produce,
            None if has('C') => Mode::Consume,
            None => guess_mode(has('q'), context),
        };
        let Some(brokers) = last('b') else {
            return Err(Refused::Usage("-b <broker,..> missing".to_owned()));
        };
        let topic = last('t');
        match &mode {
            Mode::Produce | Mode::Consume if topic.is_none() => {
                return Err(Refused::Usage("-t <topic> missing".to_owned()));
            }
            Mode::Group(_) if operands.is_empty() => {
                return Err(Refused::Usage("-G .. expects topic arguments".to_owned()));
            }
            Mode::Produce | Mode::Consume | Mode::Group(_) | Mode::List => {}
        }
        let mut properties = Properties::default();
        for property in values('X') {
            let Some((name, value)) = property.split_once('=') else {
                return Err(Refused::Fatal(format!("-X {property}: expected a property as name=value")));
            };
            properties.set(name.strip_prefix("topic.").unwrap_or(name), value);
        }
        connect(&brokers)?;
        let key_delimiter = last('K').map(|text| unescape(&text).text().into());
        let delimiter: Rc<str> = last('D').map_or_else(|| "\n".into(), |text| unescape(&text).text().into());
        let format = match last('f') {
            Some(format) => Format::parse(&unescape(&format).text())?,
            None if has('J') => Format::json(&delimiter),
            None => Format::plain(has('O'), key_delimiter.as_deref(), &delimiter),
        };
        let number = |letter: char, what: &str| {
            let parse = |text: Rc<str>| {
                let wrong = || Refused::Fatal(format!("-{letter} {text}: expected {what}"));
                text.parse::<i64>().map_err(|_| wrong())
            };
            last(letter).map(parse).transpose()
        };
        let header = |text: Rc<str>| match text.split_once('=') {
            Some((name, value)) => (name.into(), Some(value.into())),
            None => (text, None),
        };
        Ok(Some(Self {
            mode,
            topic,
            partition: number('p', "the number of a partition")?
                .and_then(|number| u32::try_from(number).ok()),
            offset: last('o').map(|text| offset(&text)).transpose()?,
            key: last('k'),
            key_delimiter,
            delimiter,
            headers: values('H').map(header).collect(),
            count: number('c', "a count")?
                .and_then(|count| u64::try_from(count).ok())
                .filter(|count| *count > 0),
            properties,
            operands,
            quiet: has('q'),
            exit_at_end: has('e'),
            nulls: has('Z'),
            tee: has('T'),
            lines_of_file: has('l'),
            format,
        }))
    }
}

type Given = Vec<(char, Option<Rc<str>>)>;

/// Options may stand behind operands, as with GNU's `getopt`.
fn letters(arguments: &[Rc<str>]) -> Result<(Given, Vec<Rc<str>>), Refused> {
    let (mut given, mut operands) = (Given::new(), Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let Some(letters) = argument.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            operands.push(argument.clone());
            continue;
        };
        for (at, letter) in letters.char_indices() {
            if WITH_VALUE.contains(letter) {
                let inline = &letters[at + letter.len_utf8()..];
                let value = if inline.is_empty() { rest.next().cloned() } else { Some(inline.into()) };
                let missing = || Refused::Usage(format!("option requires an argument -- '{letter}'"));
                given.push((letter, Some(value.ok_or_else(missing)?)));
                break;
            }
            if !FLAGS.contains(letter) {
                return Err(Refused::Usage(format!("unknown argument: -{letter}")));
            }
            given.push((letter, None));
        }
    }
    Ok((given, operands))
}

fn guess_mode(quiet: bool, context: &mut Context<'_>) -> Mode {
    let (mode, name) =
        if context.is_interactive() { (Mode::Consume, "Consumer") } else { (Mode::Produce, "Producer") };
    if !quiet {
        context.print_error(&format!("% Auto-selecting {name} mode (use -P or -C to override)"));
    }
    mode
}

/// librdkafka takes 9092 for a port that is not given.
fn connect(brokers: &str) -> Result<(), Refused> {
    let with_ports: Vec<_> = brokers
        .split(',')
        .map(|url| if url.contains(':') { url.to_owned() } else { format!("{url}:9092") })
        .collect();
    match bootstrap::resolve(&with_ports.join(",")).error {
        None => Ok(()),
        Some(_) => Err(Refused::Fatal(format!(
            "Failed to acquire metadata: Local: Broker transport failure (Are the brokers reachable? {brokers})"
        ))),
    }
}

fn offset(text: &str) -> Result<Offset, Refused> {
    let wrong =
        || Refused::Fatal(format!("-o {text}: expected beginning, end, stored, a number or s@timestamp"));
    match text {
        "beginning" => Ok(Offset::Beginning),
        "end" => Ok(Offset::End),
        "stored" => Ok(Offset::Stored),
        _ => {
            if let Some(millis) = text.strip_prefix("s@") {
                return millis.parse().map(Offset::Since).map_err(|_| wrong());
            }
            let number: i64 = text.parse().map_err(|_| wrong())?;
            Ok(if number < 0 { Offset::BeforeEnd(number.saturating_neg()) } else { Offset::At(number) })
        }
    }
}
