//! `grep`, `head`, `sort`, `tail` and `wc`: programs that read lines and print some of them, or their number.
//!
//! Leaves out: options other than those in [`Settings`], `tail -f`, more than one file but for `grep`, the sorting order
//! of a language.

use std::collections::VecDeque;
use std::rc::Rc;

use regex_lite::{Regex, RegexBuilder};

use crate::system::{BrokenPipe, Context, Progress, Read};
use crate::terminal::Prompt;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Grep,
    Head,
    Sort,
    Tail,
    Wc,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Filter {
    kind: Kind,
    arguments: Rc<[Rc<str>]>,
    run: Option<Run>,
}

#[derive(Clone, PartialEq, Debug)]
struct Run {
    settings: Settings,
    /// Names of files that have not been read; `-` is standard input.
    sources: VecDeque<Rc<str>>,
    /// The name of what is being read.
    source: Rc<str>,
    lines: VecDeque<Vec<u8>>,
    /// What is printed at the end.
    kept: VecDeque<Vec<u8>>,
    seen: u64,
    matched: u64,
    words: u64,
    bytes: u64,
}

/// What the options say.
#[derive(Clone, PartialEq, Debug)]
struct Settings {
    flags: Vec<char>,
    /// `-n`
    count: usize,
    pattern: Option<Pattern>,
    /// Of several files each line says where it is from.
    name_files: bool,
    /// The file that `wc` names behind its numbers.
    file: Option<Rc<str>>,
}

/// A regular expression; equal when its text is.
#[derive(Clone, Debug)]
struct Pattern(Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Grep => "grep",
            Self::Head => "head",
            Self::Sort => "sort",
            Self::Tail => "tail",
            Self::Wc => "wc",
        }
    }

    const fn flags(self) -> &'static str {
        match self {
            Self::Grep => "cEFiqv",
            Self::Head | Self::Tail => "",
            Self::Sort => "nru",
            Self::Wc => "clw",
        }
    }

    /// The exit code after a mistake.
    const fn trouble(self) -> u8 {
        match self {
            Self::Grep | Self::Sort => 2,
            Self::Head | Self::Tail | Self::Wc => 1,
        }
    }
}

impl Filter {
    pub(super) fn new(kind: Kind, arguments: Rc<[Rc<str>]>) -> Self {
        Self { kind, arguments, run: None }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let Some(run) = &mut self.run else {
            return match Run::new(self.kind, &self.arguments) {
                Ok(run) => {
                    self.run = Some(run);
                    Progress::Continue
                }
                Err(message) => fail(self.kind, &message, context),
            };
        };
        match run.next_line(context) {
            Ok(Read::Line(line)) => run.take(self.kind, &line, context),
            Ok(Read::Wait) => Progress::Blocked,
            Ok(Read::End) => run.finish(self.kind, context),
            Err(message) => fail(self.kind, &message, context),
        }
    }
}

fn fail(kind: Kind, message: &str, context: &mut Context<'_>) -> Progress {
    context.print_error(&format!("{}: {message}", kind.name()));
    Progress::Exit(kind.trouble())
}

impl Run {
    fn new(kind: Kind, arguments: &[Rc<str>]) -> Result<Self, String> {
        let mut settings =
            Settings { flags: Vec::new(), count: 10, pattern: None, name_files: false, file: None };
        let mut words = VecDeque::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.strip_prefix('-').filter(|option| !option.is_empty()) {
                Some(option) if matches!(kind, Kind::Head | Kind::Tail) => {
                    settings.count = line_count(option, &mut rest)?;
                }
                Some("-line-buffered") if kind == Kind::Grep => {}
                Some(option) => {
                    if let Some(letter) = option.chars().find(|letter| !kind.flags().contains(*letter)) {
                        let known: Vec<_> = kind.flags().chars().map(|flag| format!("-{flag}")).collect();
                        return Err(format!("-{letter} is not simulated, only {} are", known.join(", ")));
                    }
                    settings.flags.extend(option.chars());
                }
                None => words.push_back(argument.clone()),
            }
        }
        if kind == Kind::Grep {
            let pattern = words.pop_front().ok_or("which pattern? Write grep PATTERN [FILE]...")?;
            settings.pattern = Some(settings.pattern(&pattern)?);
        } else if let Some(extra) = words.get(1) {
            return Err(format!("{extra}: only one file at a time is simulated"));
        }
        settings.name_files = words.len() > 1;
        settings.file = words.front().cloned();
        if words.is_empty() {
            words.push_back("-".into());
        }
        let (lines, kept) = (VecDeque::new(), VecDeque::new());
        let source = Rc::default();
        Ok(Self { settings, sources: words, source, lines, kept, seen: 0, matched: 0, words: 0, bytes: 0 })
    }

    fn next_line(&mut self, context: &mut Context<'_>) -> Result<Read, String> {
        while self.lines.is_empty() {
            let Some(name) = self.sources.front().cloned() else { return Ok(Read::End) };
            if *name == *"-" {
                self.source = "(standard input)".into();
                let read = context.read_line(Prompt::Program(""));
                if read != Read::End {
                    return Ok(read);
                }
            } else {
                self.lines = read_file(&name, context)?;
                self.source = name;
            }
            self.sources.pop_front();
        }
        Ok(self.lines.pop_front().map_or(Read::End, Read::Line))
    }

    fn take(&mut self, kind: Kind, line: &[u8], context: &mut Context<'_>) -> Progress {
        self.seen += 1;
        match kind {
            Kind::Grep => {
                if !self.settings.hits(line) {
                    return Progress::Continue;
                }
                self.matched += 1;
                if self.settings.has('q') {
                    return Progress::Exit(0);
                }
                if self.settings.has('c') {
                    return Progress::Continue;
                }
                let name = if self.settings.name_files { format!("{}:", self.source) } else { String::new() };
                print(&[name.as_bytes(), line].concat(), context)
            }
            Kind::Head if self.seen > self.settings.count as u64 => Progress::Exit(0),
            Kind::Head => {
                let progress = print(line, context);
                let enough = progress == Progress::Continue && self.seen == self.settings.count as u64;
                if enough { Progress::Exit(0) } else { progress }
            }
            Kind::Sort => {
                self.kept.push_back(line.to_vec());
                Progress::Continue
            }
            Kind::Tail => {
                self.kept.push_back(line.to_vec());
                if self.kept.len() > self.settings.count {
                    self.kept.pop_front();
                }
                Progress::Continue
            }
            Kind::Wc => {
                self.words += String::from_utf8_lossy(line).split_whitespace().count() as u64;
                self.bytes += line.len() as u64 + 1;
                Progress::Continue
            }
        }
    }

    fn finish(&mut self, kind: Kind, context: &mut Context<'_>) -> Progress {
        match kind {
            Kind::Grep if self.settings.has('c') => {
                let text = format!("{}\n", self.matched);
                end_with(text.as_bytes(), u8::from(self.matched == 0), context)
            }
            Kind::Grep => Progress::Exit(u8::from(self.matched == 0)),
            Kind::Head => Progress::Exit(0),
            Kind::Sort | Kind::Tail => {
                if kind == Kind::Sort {
                    self.settings.sort(&mut self.kept);
                }
                let lines = self.kept.iter().flat_map(|line| [line.as_slice(), b"\n"]);
                let bytes: Vec<u8> = lines.flatten().copied().collect();
                end_with(&bytes, 0, context)
            }
            Kind::Wc => end_with(format!("{}\n", self.counts()).as_bytes(), 0, context),
        }
    }

    /// The numbers that were asked for, all three if none was.
    fn counts(&self) -> String {
        let all = [('l', self.seen), ('w', self.words), ('c', self.bytes)];
        let wanted: Vec<u64> = all
            .into_iter()
            .filter(|(flag, _)| self.settings.flags.is_empty() || self.settings.has(*flag))
            .map(|(_, number)| number)
            .collect();
        let width = match (wanted.as_slice(), &self.settings.file) {
            ([_], _) => 1,
            // As wide as the number of bytes, which is the largest.
            (_, Some(_)) => self.bytes.to_string().len(),
            (_, None) => 7,
        };
        let numbers = wanted.iter().map(|number| format!("{number:width$}"));
        numbers.chain(self.settings.file.as_deref().map(str::to_owned)).collect::<Vec<_>>().join(" ")
    }
}

/// `n 5`, `n5` or `5`.
fn line_count<'a>(option: &str, rest: &mut impl Iterator<Item = &'a Rc<str>>) -> Result<usize, String> {
    if option == "f" {
        return Err("-f is not simulated".to_owned());
    }
    let text = match option.strip_prefix('n') {
        Some("") => rest.next().cloned().ok_or("option requires an argument -- 'n'")?,
        Some(number) => number.into(),
        None => option.into(),
    };
    text.parse().map_err(|_| format!("invalid number of lines: '{text}'"))
}

fn read_file(name: &str, context: &Context<'_>) -> Result<VecDeque<Vec<u8>>, String> {
    let content = context.read_file(name).ok_or_else(|| format!("{name}: No such file or directory"))?;
    if content.is_empty() {
        return Ok(VecDeque::new());
    }
    let text = content.strip_suffix(b"\n").unwrap_or(&content);
    Ok(text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect())
}

fn print(line: &[u8], context: &mut Context<'_>) -> Progress {
    match context.write_output(&[line, b"\n".as_slice()].concat()) {
        Ok(()) => Progress::Continue,
        Err(BrokenPipe) => BrokenPipe::EXIT,
    }
}

/// Prints the last of it.
fn end_with(bytes: &[u8], code: u8, context: &mut Context<'_>) -> Progress {
    match context.write_output(bytes) {
        Ok(()) => Progress::Exit(code),
        Err(BrokenPipe) => BrokenPipe::EXIT,
    }
}

impl Settings {
    fn has(&self, flag: char) -> bool {
        self.flags.contains(&flag)
    }

    fn hits(&self, line: &[u8]) -> bool {
        let text = String::from_utf8_lossy(line);
        let hit = self.pattern.as_ref().is_some_and(|pattern| pattern.0.is_match(&text));
        hit != self.has('v')
    }

    fn pattern(&self, text: &str) -> Result<Pattern, String> {
        let text = if self.has('F') {
            regex_lite::escape(text)
        } else if self.has('E') {
            text.to_owned()
        } else {
            from_basic(text)
        };
        let built = RegexBuilder::new(&text).case_insensitive(self.has('i')).build();
        built.map(Pattern).map_err(|_| format!("the pattern is not understood: {text}"))
    }

    fn sort(&self, lines: &mut VecDeque<Vec<u8>>) {
        let sorted = lines.make_contiguous();
        if self.has('n') {
            sorted.sort_by_key(|line| number(line));
        } else {
            sorted.sort();
        }
        if self.has('r') {
            sorted.reverse();
        }
        if self.has('u') {
            let mut unique: Vec<_> = std::mem::take(lines).into();
            unique.dedup();
            *lines = unique.into();
        }
    }
}

/// A basic regular expression in the syntax of an extended one: there `+ ? | ( ) { }` are written without backslashes.
fn from_basic(text: &str) -> String {
    let mut extended = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '+' | '?' | '|' | '(' | ')' | '{' | '}' => extended.extend(['\\', c]),
            '\\' => match chars.next() {
                Some(c @ ('+' | '?' | '|' | '(' | ')' | '{' | '}')) => extended.push(c),
                Some(c) => extended.extend(['\\', c]),
                None => extended.push_str(r"\\"),
            },
            c => extended.push(c),
        }
    }
    extended
}

/// The whole number that a line begins with, 0 if none does.
fn number(line: &[u8]) -> i64 {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_start();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    text[..text.len() - digits.len() + end].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basic_expression_means_what_grep_means() {
        let rows = [
            ("a+b", "a+b", true),
            ("a+b", "aab", false),
            (r"a\+b", "aab", true),
            ("(x)", "(x)", true),
            (r"^\(x\|y\)$", "y", true),
            ("Partition:[01]", "Partition:1\tv", true),
            ("{\"a\"}", "{\"a\"}", true),
        ];
        for (pattern, line, hit) in rows {
            let regex = Regex::new(&from_basic(pattern)).expect(pattern);
            assert_eq!(regex.is_match(line), hit, "{pattern} {line}");
        }
    }

    #[test]
    fn a_line_is_worth_the_number_that_it_begins_with() {
        for (line, value) in [("12", 12), (" -3x", -3), ("x", 0), ("", 0), ("-", 0)] {
            assert_eq!(number(line.as_bytes()), value, "{line}");
        }
    }
}
