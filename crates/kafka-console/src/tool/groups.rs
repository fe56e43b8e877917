//! `kafka-groups`.
//!
//! Mirrors `GroupsCommand`. Leaves out: share and streams groups, of which there are none.

use std::rc::Rc;

use kafka_core::group::{GroupListing, GroupType};

use super::failure::Failure;
use super::{VERSION, admin, consumer_groups, print_usage, say};
use crate::option::{Argument, OptionSpec, Options, option};
use crate::system::Context;
use crate::table::{self, Column};

pub(super) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option(
            "bootstrap-server",
            Required("String: server to connect to"),
            "REQUIRED: The servers to connect to, as host:port,host:port.",
        ),
        option(
            "command-config",
            Required("String: command config property file"),
            "A file with properties for the admin client.",
        ),
        option("consumer", None, "Only consumer groups of all kinds, simple ones among them."),
        option(
            "group-type",
            Required("String: type"),
            "Only groups of a type: classic, consumer, share or streams.",
        ),
        option("help", None, "Show this list."),
        option("list", None, "List the groups."),
        option("protocol", Required("String: protocol"), "Only groups of a protocol type."),
        option("share", None, "Only share groups."),
        option("streams", None, "Only streams groups."),
        option("version", None, "Show the version of Kafka."),
    ]
};

const HELP: &str = "This tool helps to list groups of all types.";

/// In the order in which each is looked for beside the others.
const FILTERS: [(&str, [&str; 4]); 3] = [
    ("consumer", ["group-type", "protocol", "share", "streams"]),
    ("share", ["consumer", "group-type", "protocol", "streams"]),
    ("streams", ["consumer", "group-type", "protocol", "share"]),
];

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    if arguments.is_empty() {
        return print_usage(HELP, OPTIONS, context);
    }
    match execute(arguments, context) {
        Ok(()) => 0,
        Err(failure) => failure.report("", OPTIONS, context),
    }
}

fn execute(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<(), Failure> {
    let usage = |message: String| Err(Failure::Usage(message));
    let options = Options::parse(OPTIONS, arguments).map_err(|error| Failure::Usage(error.to_string()))?;
    if !options.has("bootstrap-server") && !options.has("help") && !options.has("version") {
        return usage("Missing required option(s) [bootstrap-server]".to_owned());
    }
    if options.has("help") {
        return usage(HELP.to_owned());
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    if !options.has("list") {
        return usage("Command must include exactly one action: --list.".to_owned());
    }
    let kind = options.value("group-type")?.cloned();
    if let Some(kind) = &kind
        && !["classic", "consumer", "share", "streams"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(kind.trim()))
    {
        let message = "--group-type must be a valid group type.";
        return Err(Failure::thrown("java.lang.IllegalArgumentException", message));
    }
    for (used, others) in FILTERS {
        if let Some(other) = others.iter().find(|other| options.has(used) && options.has(other)) {
            return usage(format!("Option \"[{used}]\" can't be used with option \"[{other}]\""));
        }
    }
    admin::connect(&options, context)?;
    let protocol = options.value("protocol")?.cloned();
    let mut groups = consumer_groups::all(&context.system().simulation);
    groups.retain(|group| passes(group, kind.as_deref(), protocol.as_deref(), &options));
    print(&groups, context);
    Ok(())
}

/// A group that only ever committed offsets has no protocol.
fn protocol_of(group: &GroupListing) -> &str {
    group.protocol_type.as_deref().unwrap_or_default()
}

fn passes(group: &GroupListing, kind: Option<&str>, protocol: Option<&str>, options: &Options) -> bool {
    let of_protocol = protocol.is_none_or(|wanted| wanted == protocol_of(group));
    match kind {
        Some(kind) => group.group_type.to_string().eq_ignore_ascii_case(kind.trim()) && of_protocol,
        None if protocol.is_some() => of_protocol,
        None if options.has("consumer") => {
            matches!(protocol_of(group), "consumer" | "") || group.group_type == GroupType::Consumer
        }
        None => !options.has("share") && !options.has("streams"),
    }
}

fn print(groups: &[GroupListing], context: &mut Context<'_>) {
    let row = |group: &GroupListing| {
        vec![
            group.group.to_string(),
            group.group_type.to_string(),
            protocol_of(group).to_owned(),
            String::new(),
        ]
    };
    let rows: Vec<_> = groups.iter().map(row).collect();
    let longest = rows.iter().flatten().map(|cell| cell.encode_utf16().count()).max().unwrap_or(0).max(20);
    let column = |title| Column::fixed(title, longest);
    // A blank follows every cell of a row, and no cell of the header's end.
    let columns = [column("GROUP"), column("TYPE"), column("PROTOCOL"), Column::open("")];
    for (number, line) in table::lines(&columns, &rows).into_iter().enumerate() {
        let line =
            if number == 0 { line.strip_suffix(' ').map_or(line.clone(), str::to_owned) } else { line };
        say(&line, context);
    }
}
