//! `jq`, for `.` and paths such as `.a.b[0]`, `.[]` and `.a[]`, with `-r` and `-c`.
//!
//! Numbers are kept as they are written. Leaves out: everything else of jq's language.

use std::rc::Rc;

use super::{Flow, Line, Plan, Spec, Work};

/// How large one value may be, in bytes, and how deep it may nest.
const MAX_BYTES: usize = 1 << 20;
const MAX_DEPTH: usize = 100;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Jq {
    path: Vec<Step>,
    raw: bool,
    compact: bool,
    /// A value that is not complete yet.
    pending: String,
}

#[derive(Clone, PartialEq, Debug)]
enum Step {
    Name(String),
    Index(i64),
    Each,
}

#[derive(Clone, PartialEq, Debug)]
enum Value {
    /// `null`, `true`, a number: printed as it was written.
    Plain(String),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

pub(super) fn plan(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let long = &[("raw-output", 'r'), ("compact-output", 'c'), ("color-output", 'C'), ("unbuffered", 'M')];
    let mut arguments = Spec { flags: "rcMC", values: "", long }.parse(arguments)?;
    let text = if arguments.operands.is_empty() { ".".into() } else { arguments.operands.remove(0) };
    let path = path(text.trim()).ok_or_else(|| {
        format!("{text}: only paths are simulated, such as . or .user.id or .items[0] or .[]")
    })?;
    let jq = Jq { path, raw: arguments.has('r'), compact: arguments.has('c'), pending: String::new() };
    Ok(Plan::new(Work::Json(jq), arguments))
}

fn path(text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = text.strip_prefix('.')?;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (index, after) = inside.split_once(']')?;
            steps.push(match index.trim() {
                "" => Step::Each,
                index => match index.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
                    Some(name) => Step::Name(name.to_owned()),
                    None => Step::Index(index.parse().ok()?),
                },
            });
            rest = after.strip_prefix('.').unwrap_or(after);
            continue;
        }
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || "_-@$".contains(c)) {
            return None;
        }
        steps.push(Step::Name(name.to_owned()));
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    Some(steps)
}

impl Jq {
    pub(super) fn line(&mut self, line: Line<'_>, output: &mut Vec<u8>) -> Result<Flow, String> {
        self.pending.push_str(&String::from_utf8_lossy(line.text));
        self.pending.push('\n');
        if self.pending.len() > MAX_BYTES {
            return Err(format!("a value holds at most {MAX_BYTES} bytes here"));
        }
        let text = std::mem::take(&mut self.pending);
        let mut reader = Reader { rest: &text, depth: 0 };
        loop {
            reader.skip_blanks();
            let begin = reader.rest;
            if begin.is_empty() {
                return Ok(Flow::More);
            }
            match reader.value() {
                Ok(value) => self.print(&value, output)?,
                Err(Trouble::Incomplete) => {
                    self.pending = begin.to_owned();
                    return Ok(Flow::More);
                }
                Err(Trouble::Invalid) => {
                    let near: String = reader.rest.chars().take(20).collect();
                    return Err(format!("parse error: this is not JSON: {}", near.trim_end()));
                }
            }
        }
    }

    pub(super) fn end(&self) -> Result<(), String> {
        if self.pending.trim().is_empty() {
            Ok(())
        } else {
            Err("parse error: Unfinished JSON term".to_owned())
        }
    }

    fn print(&self, value: &Value, output: &mut Vec<u8>) -> Result<(), String> {
        let null = Value::Plain("null".to_owned());
        let mut values = vec![value];
        for step in &self.path {
            let mut found = Vec::new();
            for value in values {
                match (step, value) {
                    (Step::Name(name), Value::Object(fields)) => {
                        let field = fields.iter().rfind(|(own, _)| own == name);
                        found.push(field.map_or(&null, |(_, value)| value));
                    }
                    (Step::Index(index), Value::List(items)) => {
                        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                        let index = if *index < 0 { index + length } else { *index };
                        let item = usize::try_from(index).ok().and_then(|index| items.get(index));
                        found.push(item.unwrap_or(&null));
                    }
                    (Step::Each, Value::List(items)) => found.extend(items),
                    (Step::Each, Value::Object(fields)) => {
                        found.extend(fields.iter().map(|(_, value)| value));
                    }
                    (Step::Name(_) | Step::Index(_), Value::Plain(text)) if text == "null" => {
                        found.push(&null);
                    }
                    (Step::Name(name), value) => {
                        return Err(format!("error: Cannot index {} with \"{name}\"", value.kind()));
                    }
                    (Step::Index(_), value) => {
                        return Err(format!("error: Cannot index {} with number", value.kind()));
                    }
                    (Step::Each, value) => {
                        return Err(format!("error: Cannot iterate over {}", value.kind()));
                    }
                }
            }
            values = found;
        }
        for value in values {
            let text = if let (Value::Text(text), true) = (value, self.raw) {
                text.clone()
            } else {
                value.text(if self.compact { None } else { Some(0) })
            };
            output.extend_from_slice(format!("{text}\n").as_bytes());
        }
        Ok(())
    }
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Plain(text) => match text.as_str() {
                "null" => "null",
                "true" | "false" => "boolean",
                _ => "number",
            },
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// On one line, or with an indent.
    fn text(&self, indent: Option<usize>) -> String {
        let inner = indent.map(|indent| indent + 1);
        let line = |indent: Option<usize>| {
            indent.map_or_else(String::new, |indent| format!("\n{}", "  ".repeat(indent)))
        };
        let items: Vec<String> = match self {
            Self::Plain(text) => return text.clone(),
            Self::Text(text) => return quoted(text),
            Self::List(items) => items.iter().map(|item| item.text(inner)).collect(),
            Self::Object(fields) => {
                let colon = if indent.is_some() { ": " } else { ":" };
                fields
                    .iter()
                    .map(|(name, value)| format!("{}{colon}{}", quoted(name), value.text(inner)))
                    .collect()
            }
        };
        let (open, close) = if matches!(self, Self::List(_)) { ("[", "]") } else { ("{", "}") };
        if items.is_empty() {
            return format!("{open}{close}");
        }
        format!("{open}{}{}{}{close}", line(inner), items.join(&format!(",{}", line(inner))), line(indent))
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

enum Trouble {
    Incomplete,
    Invalid,
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, text: &str) -> bool {
        self.skip_blanks();
        let after = self.rest.strip_prefix(text);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn value(&mut self) -> Result<Value, Trouble> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Trouble::Invalid);
        }
        let value = if self.eat("{") {
            self.object()?
        } else if self.eat("[") {
            self.list()?
        } else if self.eat("\"") {
            Value::Text(self.string()?)
        } else {
            self.plain()?
        };
        self.depth -= 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<Value, Trouble> {
        let mut items = Vec::new();
        if self.eat("]") {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.eat("]") {
                return Ok(Value::List(items));
            }
            self.expect(",")?;
        }
    }

    fn object(&mut self) -> Result<Value, Trouble> {
        let mut fields = Vec::new();
        if self.eat("}") {
            return Ok(Value::Object(fields));
        }
        loop {
            self.expect("\"")?;
            let name = self.string()?;
            self.expect(":")?;
            fields.push((name, self.value()?));
            if self.eat("}") {
                return Ok(Value::Object(fields));
            }
            self.expect(",")?;
        }
    }

    fn expect(&mut self, text: &str) -> Result<(), Trouble> {
        if self.eat(text) { Ok(()) } else { Err(self.trouble()) }
    }

    fn trouble(&self) -> Trouble {
        if self.rest.is_empty() { Trouble::Incomplete } else { Trouble::Invalid }
    }

    fn string(&mut self) -> Result<String, Trouble> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                '\\' => match chars.next().ok_or(Trouble::Incomplete)?.1 {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'u' => {
                        let digits: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                        let code = u32::from_str_radix(&digits, 16).map_err(|_| Trouble::Invalid)?;
                        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    c => text.push(c),
                },
                c => text.push(c),
            }
        }
        Err(Trouble::Incomplete)
    }

    /// `null`, `true`, `false` or a number.
    fn plain(&mut self) -> Result<Value, Trouble> {
        let length = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
        let (word, after) = self.rest.split_at(length.unwrap_or(self.rest.len()));
        let number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && word.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c))
            && word.contains(|c: char| c.is_ascii_digit());
        if !matches!(word, "null" | "true" | "false") && !number {
            return Err(self.trouble());
        }
        self.rest = after;
        Ok(Value::Plain(word.to_owned()))
    }
}
