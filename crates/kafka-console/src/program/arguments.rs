//! Options of the small programs, as GNU's `getopt_long` reads them: letters may share a dash, options may follow
//! operands, `--` ends them.

use std::rc::Rc;

/// Which options a program knows.
pub(super) struct Spec {
    /// Letters of options without a value.
    pub(super) flags: &'static str,
    /// Letters of options with one.
    pub(super) values: &'static str,
    /// Long names, each with its letter.
    pub(super) long: &'static [(&'static str, char)],
}

#[derive(Debug, Default)]
pub(super) struct Arguments {
    given: Vec<(char, Rc<str>)>,
    pub(super) operands: Vec<Rc<str>>,
}

impl Spec {
    /// The error is a message behind the program's name.
    pub(super) fn parse(&self, arguments: &[Rc<str>]) -> Result<Arguments, String> {
        let mut parsed = Arguments::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if &**argument == "--" {
                parsed.operands.extend(rest.by_ref().cloned());
            } else if let Some(long) = argument.strip_prefix("--") {
                self.parse_long(long, &mut rest, &mut parsed)?;
            } else if argument.len() > 1 && argument.starts_with('-') {
                self.parse_letters(&argument[1..], &mut rest, &mut parsed)?;
            } else {
                parsed.operands.push(argument.clone());
            }
        }
        Ok(parsed)
    }

    fn parse_long<'a>(
        &self,
        text: &str,
        rest: &mut impl Iterator<Item = &'a Rc<str>>,
        parsed: &mut Arguments,
    ) -> Result<(), String> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let letter = self.long.iter().find(|(long, _)| *long == name).map(|(_, letter)| *letter);
        let letter = letter.ok_or_else(|| format!("unrecognized option '--{name}'"))?;
        let value = match value {
            Some(value) => value.into(),
            None if self.values.contains(letter) => {
                rest.next().cloned().ok_or_else(|| format!("option '--{name}' requires an argument"))?
            }
            None => "".into(),
        };
        parsed.given.push((letter, value));
        Ok(())
    }

    fn parse_letters<'a>(
        &self,
        letters: &str,
        rest: &mut impl Iterator<Item = &'a Rc<str>>,
        parsed: &mut Arguments,
    ) -> Result<(), String> {
        // `-5` is `-n 5`, for those that count lines.
        if self.values.contains('n') && letters.chars().all(|c| c.is_ascii_digit()) {
            parsed.given.push(('n', letters.into()));
            return Ok(());
        }
        for (place, letter) in letters.char_indices() {
            if self.flags.contains(letter) {
                parsed.given.push((letter, "".into()));
            } else if self.values.contains(letter) {
                let attached = &letters[place + letter.len_utf8()..];
                let value = if attached.is_empty() {
                    let missing = || format!("option requires an argument -- '{letter}'");
                    rest.next().cloned().ok_or_else(missing)?
                } else {
                    attached.into()
                };
                parsed.given.push((letter, value));
                return Ok(());
            } else {
                return Err(format!("invalid option -- '{letter}'"));
            }
        }
        Ok(())
    }
}

impl Arguments {
    /// Without any options.
    pub(super) fn of_operands(operands: &[Rc<str>]) -> Self {
        Self { given: Vec::new(), operands: operands.to_vec() }
    }

    pub(super) fn has(&self, letter: char) -> bool {
        self.given.iter().any(|(given, _)| *given == letter)
    }

    /// The value that was given last.
    pub(super) fn value(&self, letter: char) -> Option<&str> {
        self.all(letter).last()
    }

    pub(super) fn all(&self, letter: char) -> impl Iterator<Item = &str> {
        self.given.iter().filter(move |(given, _)| *given == letter).map(|(_, value)| &**value)
    }

    /// A number of lines, bytes and the like; the error says which word is none.
    pub(super) fn number(&self, letter: char, what: &str) -> Result<Option<u64>, String> {
        let Some(text) = self.value(letter) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| format!("invalid number of {what}: '{text}'"))
    }
}
