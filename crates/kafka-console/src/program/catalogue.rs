//! What there is, by name: for the shell that looks a program up, and for `help` and `man`.

use std::cmp::Reverse;

use super::Found;
use super::filter::FilterKind;
use super::launcher::LauncherKind;
use super::once::Once;
use crate::option;
use crate::shell::BUILTINS;
use crate::tool::{self, Tool};

struct Utility {
    name: &'static str,
    found: Found,
    synopsis: &'static str,
    summary: &'static str,
}

const fn utility(name: &'static str, found: Found, synopsis: &'static str, summary: &'static str) -> Utility {
    Utility { name, found, synopsis, summary }
}

/// The small programs.
const UTILITIES: [Utility; 39] = [
    utility(
        "base64",
        Found::Filter(FilterKind::Base64),
        "base64 [-d] [-w COLUMNS] [FILE]",
        "write bytes as letters, or read them",
    ),
    utility("basename", Found::Once(Once::Basename), "basename PATH [SUFFIX]", "the last part of a path"),
    utility("cat", Found::Filter(FilterKind::Cat), "cat [-n] [FILE...]", "print files, or what is typed"),
    utility("chmod", Found::Once(Once::Chmod), "chmod +x FILE...", "make a script one that can be started"),
    utility(
        "column",
        Found::Filter(FilterKind::Column),
        "column -t [-s SEPARATORS] [FILE...]",
        "align words in columns",
    ),
    utility("cp", Found::Once(Once::Cp), "cp FILE... TARGET", "copy files"),
    utility(
        "cut",
        Found::Filter(FilterKind::Cut),
        "cut -d DELIMITER -f LIST | -c LIST [FILE...]",
        "parts of lines",
    ),
    utility(
        "date",
        Found::Once(Once::Date),
        "date [-u] [-I] [+FORMAT]",
        "the time of the simulated machines",
    ),
    utility("dirname", Found::Once(Once::Dirname), "dirname PATH...", "a path without its last part"),
    utility(
        "grep",
        Found::Filter(FilterKind::Grep),
        "grep [-ivcnoEFlqwx] [-m COUNT] PATTERN [FILE...]",
        "lines that match",
    ),
    utility("head", Found::Filter(FilterKind::Head), "head [-n LINES] [FILE...]", "the first lines"),
    utility("hostname", Found::Once(Once::Hostname), "hostname", "the name of the machine"),
    utility(
        "jq",
        Found::Filter(FilterKind::Jq),
        "jq [-r] [-c] PATH [FILE...]",
        "parts of JSON: . or .a.b[0] or .[]",
    ),
    utility(
        "kcat",
        Found::Kcat,
        "kcat -b BROKER [-C | -P | -L | -G GROUP] [OPTION...]",
        "send, read and list in one line; -h lists the options",
    ),
    utility("ls", Found::Once(Once::Ls), "ls [-l] [-a] [FILE...]", "the files in a folder"),
    utility("mkdir", Found::Once(Once::Mkdir), "mkdir [-p] FOLDER...", "make folders"),
    utility("mv", Found::Once(Once::Mv), "mv FILE... TARGET", "move files, or give one another name"),
    utility("nl", Found::Filter(FilterKind::Nl), "nl [-b a] [FILE...]", "number lines"),
    utility("rev", Found::Filter(FilterKind::Rev), "rev [FILE...]", "turn each line around"),
    utility("rm", Found::Once(Once::Rm), "rm [-r] [-f] FILE...", "remove files"),
    utility("rmdir", Found::Once(Once::Rmdir), "rmdir FOLDER...", "remove empty folders"),
    utility(
        "sed",
        Found::Filter(FilterKind::Sed),
        "sed [-n] [-E] [-i] SCRIPT [FILE...]",
        "change lines: s/a/b/, p, d, q",
    ),
    utility("seq", Found::Seq, "seq [FIRST [STEP]] LAST", "count"),
    utility("sleep", Found::Sleep, "sleep SECONDS", "let virtual time pass"),
    utility(
        "sort",
        Found::Filter(FilterKind::Sort),
        "sort [-nruf] [-k FIELD] [-t SEPARATOR] [FILE...]",
        "lines in order",
    ),
    utility("tac", Found::Filter(FilterKind::Tac), "tac [FILE...]", "the last line first"),
    utility(
        "tail",
        Found::Filter(FilterKind::Tail),
        "tail [-n LINES] [-f] [FILE...]",
        "the last lines; -f waits for more",
    ),
    utility("tee", Found::Filter(FilterKind::Tee), "tee [-a] FILE...", "print, and write to files"),
    utility(
        "timeout",
        Found::Launcher(LauncherKind::Timeout),
        "timeout [-s SIGNAL] SECONDS COMMAND [ARGUMENT...]",
        "end a command after a while",
    ),
    utility("touch", Found::Once(Once::Touch), "touch FILE...", "make empty files"),
    utility("tr", Found::Filter(FilterKind::Tr), "tr [-d] [-s] [-c] SET [SET]", "change characters"),
    utility("uname", Found::Once(Once::Uname), "uname", "the name of the system"),
    utility("uniq", Found::Filter(FilterKind::Uniq), "uniq [-c] [-d] [-u] [FILE]", "drop repeated lines"),
    utility(
        "uuidgen",
        Found::Once(Once::Uuidgen),
        "uuidgen",
        "a random identifier, the same in every replay",
    ),
    utility(
        "watch",
        Found::Launcher(LauncherKind::Watch),
        "watch [-n SECONDS] COMMAND",
        "run a command again and again",
    ),
    utility(
        "wc",
        Found::Filter(FilterKind::Wc),
        "wc [-l] [-w] [-c] [-m] [FILE...]",
        "count lines, words and bytes",
    ),
    utility("whoami", Found::Once(Once::Whoami), "whoami", "the name of the user"),
    utility(
        "xargs",
        Found::Launcher(LauncherKind::Xargs),
        "xargs [-I TEXT] [-n NUMBER] [COMMAND]",
        "run a command with words from the input",
    ),
    utility("yes", Found::Yes, "yes [TEXT]", "print a line again and again"),
];

/// What the shell understands that has no name of its own.
const LANGUAGE: [(&str, &str); 8] = [
    ("docker exec", "run a command in a container: all containers are the same here"),
    ("docker ps -a, stop, start", "the brokers are containers; also restart, kill, pause, unpause, compose"),
    ("docker network", "ls, disconnect and connect: cut a broker off, and let it back"),
    ("bash [-c]", "run a file or a text as commands; alone, a shell in the shell"),
    ("time, !", "how long a command takes; the opposite of how it ends"),
    ("| && || ; &", "pipes, lists, jobs in the background; > >> < << <<< 2>&1"),
    ("for while if case", "loops and choices, with functions, { } and ( )"),
    ("$name ${name} $( )", "values; $(( )) calculates, {1..10} counts"),
];

/// A program by its name, with or without a path and, for Kafka's, `.sh`.
pub(crate) fn find(name: &str) -> Option<Found> {
    let base = name.rsplit('/').next().unwrap_or(name);
    let utility = UTILITIES.iter().find(|utility| utility.name == base).map(|utility| utility.found);
    utility.or_else(|| tool::find(base).map(Found::Tool))
}

/// What a small program is called.
pub(super) fn name_of(found: Found) -> Option<&'static str> {
    UTILITIES.iter().find(|utility| utility.found == found).map(|utility| utility.name)
}

/// Where a program of this name is.
pub(crate) fn path_of(name: &str) -> Option<String> {
    let folder = if matches!(find(name)?, Found::Tool(_)) { "/opt/kafka/bin" } else { "/usr/bin" };
    Some(format!("{folder}/{name}"))
}

/// One sentence for somebody who asked for something else.
pub(crate) fn what_is_here(name: &str) -> String {
    if let Some(instead) = instead(name) {
        return instead.to_owned();
    }
    let near = nearest(name).map_or_else(String::new, |near| format!("Did you mean {near}? "));
    let tools: Vec<_> = Tool::ALL.iter().map(|tool| tool.name()).collect();
    format!("{near}Here are {}, and a small shell: type help for the list.", tools.join(", "))
}

/// What to do instead of what tutorials ask for and this place does not need or have.
fn instead(name: &str) -> Option<&'static str> {
    let base = name.rsplit('/').next().unwrap_or(name);
    Some(match base.strip_suffix(".sh").unwrap_or(base) {
        "kafka-server-start" | "kafka-storage" | "zookeeper-server-start" => {
            "The cluster is already running here, without ZooKeeper: docker ps lists it."
        }
        "kafka-server-stop" | "zookeeper-server-stop" => {
            "The brokers are containers here: docker stop kafka-1 stops one, docker start kafka-1 starts it again."
        }
        "wget" | "curl" | "tar" | "unzip" | "brew" | "apt" | "apt-get" | "yum" | "java" => {
            "There is nothing to download or install here: Kafka's tools are ready to be used."
        }
        "vi" | "vim" | "nano" | "emacs" => "There is no editor here: write a file with cat > FILE <<'EOF'.",
        "awk" | "gawk" | "perl" | "python" | "python3" => {
            "That language is not here: there are grep, sed, cut, tr, sort, uniq, wc, jq and the shell itself."
        }
        "kafkacat" => "kafkacat is called kcat now, and here too.",
        "less" | "more" => "There is no pager here: what a program prints stays in the terminal.",
        "top" | "htop" => "There is no processor time here: ps lists what runs.",
        "tc" => {
            "tc shapes the link of a broker: docker exec kafka-1 tc qdisc add dev eth0 root netem delay 200ms loss 5%."
        }
        "kubectl" | "helm" => "There is no Kubernetes here: docker ps lists the cluster.",
        _ => return None,
    })
}

/// A small program or a command of the shell, for those who look it up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Program {
    pub name: &'static str,
    /// How it is called.
    pub synopsis: &'static str,
    pub summary: &'static str,
}

/// What there is beside Kafka's tools, in order of name.
pub fn programs() -> Vec<Program> {
    let utilities = UTILITIES.iter().map(|utility| Program {
        name: utility.name,
        synopsis: utility.synopsis,
        summary: utility.summary,
    });
    let builtins = BUILTINS.iter().map(|(name, synopsis, summary)| Program { name, synopsis, summary });
    let mut programs: Vec<_> = utilities.chain(builtins).collect();
    programs.sort_by_key(|program| program.name);
    programs
}

/// Everything that can be called by a name of letters, with what it is for.
pub(crate) fn names_and_summaries() -> impl Iterator<Item = (&'static str, &'static str)> {
    let tools = Tool::ALL.iter().map(|tool| (tool.name(), tool.summary()));
    let utilities = UTILITIES.iter().map(|utility| (utility.name, utility.summary));
    let builtins = BUILTINS.iter().map(|(name, _, summary)| (*name, *summary));
    let others = [
        ("bash", "run a file as commands; alone, a shell in the shell"),
        ("docker", "the containers of the cluster"),
    ];
    let named =
        |(name, _): &(&'static str, &'static str)| name.starts_with(|c: char| c.is_ascii_alphabetic());
    tools.chain(utilities).chain(builtins).chain(others).filter(named)
}

fn names() -> impl Iterator<Item = &'static str> {
    let utilities = UTILITIES.iter().map(|utility| utility.name);
    let builtins = BUILTINS.iter().map(|(name, ..)| *name);
    Tool::ALL.iter().map(|tool| tool.name()).chain(utilities).chain(builtins)
}

/// The name that differs least, if it is near at all.
fn nearest(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(".sh").unwrap_or(name);
    if name.len() > 40 {
        return None;
    }
    let most = match name.len() {
        0..=2 => 0,
        3..=8 => 1,
        _ => 3,
    };
    if let Some(known) = names().find(|known| is_swapped(name, known)) {
        return Some(known);
    }
    let near = names().map(|known| (distance(name, known), Reverse(known.len()), known));
    near.filter(|(distance, ..)| *distance <= most).min().map(|(.., known)| known)
}

/// Whether two neighbouring letters have changed places, the slip of fingers.
fn is_swapped(name: &str, known: &str) -> bool {
    let mut letters: Vec<char> = name.chars().collect();
    (1..letters.len()).any(|place| {
        letters.swap(place - 1, place);
        let same = known.chars().eq(letters.iter().copied());
        letters.swap(place - 1, place);
        same
    })
}

/// How many letters have to be put in, left out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (number, c) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], number + 1);
        for (column, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(c != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

pub(crate) fn help() -> String {
    let tools = Tool::ALL.iter().map(|tool| (tool.name(), tool.summary()));
    let utilities = UTILITIES.iter().map(|utility| (utility.name, utility.summary));
    let builtins = BUILTINS.iter().map(|(name, _, summary)| (*name, *summary));
    let mut text = String::new();
    for (title, rows) in [
        ("Tools (--help lists the options):", tools.collect::<Vec<_>>()),
        ("Programs (man NAME tells more):", utilities.collect()),
        ("Builtins:", builtins.collect()),
        ("The shell:", LANGUAGE.to_vec()),
    ] {
        text.push_str(title);
        text.push('\n');
        for (name, summary) in rows {
            text.push_str(&format!("  {name:25} {summary}\n"));
        }
    }
    text
}

/// A page about a tool, a program or a builtin.
pub(crate) fn manual(name: &str) -> Option<String> {
    if let Some(tool) = tool::find(name) {
        let options = option::usage(tool.options());
        return Some(format!("NAME\n  {} - {}\n\nOPTIONS\n{options}", tool.name(), tool.summary()));
    }
    let utility = UTILITIES.iter().find(|utility| utility.name == name);
    let (synopsis, summary) = match utility {
        Some(utility) => (utility.synopsis, utility.summary),
        None => {
            let (_, synopsis, summary) = BUILTINS.iter().find(|(builtin, ..)| *builtin == name)?;
            (*synopsis, *summary)
        }
    };
    Some(format!("NAME\n  {name} - {summary}\n\nSYNOPSIS\n  {synopsis}\n"))
}
