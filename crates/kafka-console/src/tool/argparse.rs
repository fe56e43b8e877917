//! Command-line options as `argparse4j` reads them.
//!
//! Driven by the same kind of table as the other tools, with what argparse4j knows beside: options that take several
//! words, and groups of which one is needed. Leaves out: positional arguments but the name of a sub-command, the
//! justification of its lines.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::option::{Argument, OptionSpec};
use crate::system::Context;

/// What a tool tells the parser.
pub(super) struct Parser {
    pub(super) program: &'static str,
    pub(super) description: &'static str,
    pub(super) options: &'static [OptionSpec],
    pub(super) required: &'static [&'static str],
    /// Options of which exactly one is needed.
    pub(super) exclusive: &'static [&'static str],
    /// Options that take one word or more.
    pub(super) several: &'static [&'static str],
    pub(super) commands: &'static [&'static str],
}

#[derive(Debug)]
pub(super) struct Namespace {
    given: BTreeMap<&'static str, Vec<Rc<str>>>,
    pub(super) command: Option<Rc<str>>,
}

pub(super) enum Refused {
    /// `-h`: the help goes to standard output.
    Help,
    /// What is wrong, behind `program: error:`.
    Error(String),
}

impl Namespace {
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    pub(super) fn values(&self, name: &str) -> &[Rc<str>] {
        self.given.get(name).map_or(&[], Vec::as_slice)
    }

    /// The last of the values counts.
    pub(super) fn value(&self, name: &str) -> Option<&Rc<str>> {
        self.values(name).last()
    }

    /// A whole number; `kind` is the Java class that the message names.
    pub(super) fn long(&self, name: &str, kind: &str) -> Result<Option<i64>, Refused> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let wrong = || Refused::Error(format!("argument --{name}: could not convert '{value}' to {kind}"));
        value.parse().map(Some).map_err(|_| wrong())
    }
}

impl Parser {
    pub(super) fn parse(&self, arguments: &[Rc<str>]) -> Result<Namespace, Refused> {
        let error = |message: String| Err(Refused::Error(message));
        let mut namespace = Namespace { given: BTreeMap::new(), command: None };
        let mut rest = arguments.iter().peekable();
        while let Some(argument) = rest.next() {
            if matches!(&**argument, "-h" | "--help") {
                return Err(Refused::Help);
            }
            let Some(text) = argument.strip_prefix("--") else {
                if namespace.command.is_none() && self.commands.contains(&&**argument) {
                    namespace.command = Some(argument.clone());
                    continue;
                }
                if !self.commands.is_empty() && namespace.command.is_none() {
                    let choices = self.commands.join(", ");
                    return error(format!("invalid choice: '{argument}' (choose from '{choices}')"));
                }
                return error(format!("unrecognized arguments: '{argument}'"));
            };
            let (name, inline) = match text.split_once('=') {
                Some((name, value)) => (name, Some(Rc::from(value))),
                None => (text, None),
            };
            let spec = self.find(name)?;
            if self.exclusive.contains(&spec.name)
                && let Some(other) =
                    self.exclusive.iter().find(|other| **other != spec.name && namespace.has(other))
            {
                return error(format!("argument --{}: not allowed with argument --{other}", spec.name));
            }
            let values = namespace.given.entry(spec.name).or_default();
            match spec.argument {
                Argument::None => {}
                Argument::Required(_) | Argument::Optional(_) => {
                    let several = self.several.contains(&spec.name);
                    let is_value = |next: &&Rc<str>| !next.starts_with("--");
                    let value = inline.or_else(|| rest.next_if(is_value).cloned());
                    let Some(value) = value else {
                        let what = if several { "at least one argument" } else { "one argument" };
                        return error(format!("argument --{}: expected {what}", spec.name));
                    };
                    values.push(value);
                    while let Some(next) = rest.next_if(|next| several && is_value(next)) {
                        values.push(next.clone());
                    }
                }
            }
        }
        if let Some(missing) = self.required.iter().find(|name| !namespace.has(name)) {
            return error(format!("argument --{missing} is required"));
        }
        if !self.exclusive.is_empty() && !self.exclusive.iter().any(|name| namespace.has(name)) {
            let names: Vec<_> = self.exclusive.iter().map(|name| format!("--{name}")).collect();
            return error(format!("one of the arguments {} is required", names.join(" ")));
        }
        if !self.commands.is_empty() && namespace.command.is_none() {
            return error("too few arguments".to_owned());
        }
        Ok(namespace)
    }

    /// By its name, or the beginning of it that no other option has.
    fn find(&self, name: &str) -> Result<&'static OptionSpec, Refused> {
        let (options, matching) = (self.options, |spec: &&OptionSpec| spec.name.starts_with(name));
        if let Some(spec) = options.iter().find(|spec| spec.name == name) {
            return Ok(spec);
        }
        let found: Vec<_> = options.iter().filter(matching).collect();
        match found[..] {
            [spec] if !name.is_empty() => Ok(spec),
            [] | [_] => Err(Refused::Error(format!("unrecognized arguments: '--{name}'"))),
            [_, _, ..] => {
                let names: Vec<_> = found.iter().map(|spec| format!("--{}", spec.name)).collect();
                let message = format!("ambiguous option: --{name} could match {}", names.join(", "));
                Err(Refused::Error(message))
            }
        }
    }

    /// Prints the help, or the usage and what is wrong; answers with the exit code.
    pub(super) fn report(&self, refused: &Refused, context: &mut Context<'_>) -> u8 {
        match refused {
            Refused::Help => {
                let help = self.help();
                drop(context.print(&help));
                0
            }
            Refused::Error(message) => {
                context.print_error(&self.usage());
                let text = format!("{}: error: {message}", self.program);
                wrapped(&text, 0).iter().for_each(|line| context.print_error(line));
                1
            }
        }
    }

    fn usage(&self) -> String {
        let start = format!("usage: {}", self.program);
        let mut words = vec!["[-h]".to_owned()];
        words.extend(self.options.iter().map(|spec| {
            let text = synopsis(spec);
            if self.required.contains(&spec.name) { text } else { format!("[{text}]") }
        }));
        if !self.commands.is_empty() {
            words.push(format!("{{{}}} ...", self.commands.join(",")));
        }
        let indent = start.len() + 1;
        let mut lines = vec![start];
        for word in words {
            let last = lines.last_mut().expect("there is a first line");
            if last.len() + 1 + word.len() > WIDTH {
                lines.push(format!("{}{word}", " ".repeat(indent)));
            } else {
                last.push_str(&format!(" {word}"));
            }
        }
        lines.join("\n")
    }

    fn help(&self) -> String {
        let mut lines = vec![self.usage(), String::new()];
        lines.extend(wrapped(self.description, 0));
        lines.extend([String::new(), "named arguments:".to_owned()]);
        lines.push(format!("  {:22}show this help message and exit", "-h, --help"));
        for spec in self.options {
            let text = wrapped(spec.description, 24);
            let synopsis = synopsis(spec);
            let mut text = text.into_iter();
            if synopsis.len() < 21 {
                lines.push(format!("  {synopsis:22}{}", text.next().unwrap_or_default()));
            } else {
                lines.push(format!("  {synopsis}"));
            }
            lines.extend(text.map(|line| format!("{:24}{line}", "")));
        }
        lines.join("\n")
    }
}

fn synopsis(spec: &OptionSpec) -> String {
    match spec.argument {
        Argument::None => format!("--{}", spec.name),
        Argument::Required(metavar) | Argument::Optional(metavar) => format!("--{} {metavar}", spec.name),
    }
}

const WIDTH: usize = 75;

/// Breaks a text behind blanks, and behind the hyphens of a word.
fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive([' ', '-']).collect::<Vec<_>>() {
        let last = lines.last_mut().expect("there is a first line");
        // A hyphen that begins a word stays with what follows it, as two of them do.
        let fits = indent + last.len() + word.trim_end().len() <= WIDTH;
        if fits { last.push_str(word) } else { lines.push(word.to_owned()) }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}
