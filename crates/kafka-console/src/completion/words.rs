//! A line up to the caret, as words: what the command there is, and what of the word at its end has been typed.
//!
//! Leaves out: here-documents, and what stands inside `$( )` within quotes.

/// Where the caret is.
pub(super) struct Place {
    /// The command's words before the one at the caret, without quotes; the command itself comes first.
    pub(super) words: Vec<String>,
    pub(super) current: Current,
    /// Behind `<` or `>`.
    pub(super) is_file: bool,
}

/// The word at the caret.
pub(super) struct Current {
    /// Without quotes, each character with where it stands in the line.
    letters: Vec<(usize, char)>,
    quote: Option<char>,
    /// The length of the line.
    end: usize,
}

/// Words behind which a command begins, or goes on as one of its own.
const LEADING: [&str; 12] =
    ["!", "do", "elif", "else", "if", "nohup", "sudo", "then", "time", "until", "while", "{"];

/// `None` where nothing can be said: in a comment.
pub(super) fn place(line: &str) -> Option<Place> {
    let mut reading = Reading::default();
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match (reading.quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => reading.quote = None,
            (None, '\'' | '"') => {
                reading.quote = Some(c);
                reading.begun = true;
            }
            (Some('"') | None, '\\') => match chars.next() {
                Some((_, '\n')) | None => {}
                Some((at, escaped)) => reading.letter(at, escaped),
            },
            (None, '#') if !reading.begun => return None,
            (None, '|' | ';' | '&' | '(' | ')' | '`' | '\n') => reading.end_command(),
            (None, '<' | '>') => {
                // A digit in front of it is the stream, not a word.
                if reading.letters.iter().all(|(_, letter)| letter.is_ascii_digit()) {
                    reading.letters.clear();
                    reading.begun = false;
                }
                reading.end_word();
                reading.is_file = true;
            }
            (None, _) if c.is_whitespace() => {
                if reading.begun {
                    reading.end_word();
                }
            }
            (Some(_) | None, _) => reading.letter(at, c),
        }
    }
    let Reading { words, letters, quote, is_file, .. } = reading;
    Some(Place { words, current: Current { letters, quote, end: line.len() }, is_file })
}

#[derive(Default)]
struct Reading {
    words: Vec<String>,
    letters: Vec<(usize, char)>,
    /// A word has begun, perhaps with a quote alone.
    begun: bool,
    quote: Option<char>,
    is_file: bool,
}

impl Reading {
    fn letter(&mut self, at: usize, c: char) {
        self.letters.push((at, c));
        self.begun = true;
    }

    fn end_word(&mut self) {
        let word: String = self.letters.drain(..).map(|(_, c)| c).collect();
        let begun = std::mem::take(&mut self.begun);
        if std::mem::take(&mut self.is_file) || !begun {
            return;
        }
        let leads = LEADING.contains(&word.as_str()) || is_assignment(&word);
        if !(self.words.is_empty() && leads) {
            self.words.push(word);
        }
    }

    fn end_command(&mut self) {
        self.words.clear();
        self.letters.clear();
        self.begun = false;
        self.is_file = false;
    }
}

fn is_assignment(word: &str) -> bool {
    let name = |text: &str| {
        text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && text.chars().next().is_some_and(|c| !c.is_ascii_digit())
    };
    word.split_once('=').is_some_and(|(before, _)| name(before))
}

impl Current {
    pub(super) fn text(&self) -> String {
        self.letters.iter().map(|(_, c)| c).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    /// The beginning of a variable at the word's end, `$` included.
    pub(super) fn variable(&self) -> Option<String> {
        let text = self.text();
        let (_, name) = text.rsplit_once('$').filter(|_| self.quote != Some('\''))?;
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        is_name.then(|| format!("${name}"))
    }

    /// The last so many characters of the word, and where in the line they begin.
    pub(super) fn tail(&self, length: usize) -> (usize, String) {
        let tail = &self.letters[self.letters.len() - length.min(self.letters.len())..];
        let from = tail.first().map_or(self.end, |(at, _)| *at);
        (from, tail.iter().map(|(_, c)| c).collect())
    }

    /// A text as the shell reads it where it goes.
    pub(super) fn quoted(&self, text: &str) -> String {
        let special = |c: char| c.is_whitespace() || "'\"\\$`|&;<>()*?[]{}#!~".contains(c);
        if self.quote.is_some() || text.starts_with('$') {
            return text.to_owned();
        }
        let mut quoted = String::with_capacity(text.len());
        for c in text.chars() {
            if special(c) {
                quoted.push('\\');
            }
            quoted.push(c);
        }
        quoted
    }
}
