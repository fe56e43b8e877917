//! Patterns with `*`, `?` and `[...]`, as in `case`, `[[ == ]]`, `${v#pattern}` and file names.
//!
//! A backslash takes a character's meaning away: quoted text arrives here with backslashes. A match follows all ways
//! through the pattern at once, so its cost is at most text times pattern.
//!
//! Leaves out: classes such as `[[:digit:]]` other than digit, alpha, alnum, space, upper and lower; `extglob`.

/// How many steps the operations of one command may take.
const MAX_STEPS: usize = 1_000_000;

/// What is left of them.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MAX_STEPS)
    }
}

impl Budget {
    pub(super) fn spent(&self) -> usize {
        MAX_STEPS - self.0
    }
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Char(char),
    AnyChar,
    AnyText,
    OneOf { negated: bool, ranges: Vec<(char, char)> },
}

pub(super) struct Pattern {
    tokens: Vec<Token>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(c) = chars.get(at).copied() {
            at += 1;
            tokens.push(match c {
                '*' => Token::AnyText,
                '?' => Token::AnyChar,
                '\\' => {
                    let escaped = chars.get(at).copied().unwrap_or('\\');
                    at += 1;
                    Token::Char(escaped)
                }
                '[' => match one_of(&chars[at..]) {
                    Some((token, length)) => {
                        at += length;
                        token
                    }
                    None => Token::Char('['),
                },
                c => Token::Char(c),
            });
        }
        tokens.dedup_by(|a, b| *a == Token::AnyText && *b == Token::AnyText);
        Self { tokens }
    }

    pub(super) fn matches(&self, text: &str, budget: &mut Budget) -> bool {
        let chars: Vec<char> = text.chars().collect();
        self.lengths(&chars, budget).is_ok_and(|lengths| lengths.contains(&chars.len()))
    }

    /// `${text#pattern}` and its like.
    pub(super) fn trim(
        &self,
        text: &str,
        from_end: bool,
        longest: bool,
        budget: &mut Budget,
    ) -> Result<String, String> {
        let mut chars: Vec<char> = text.chars().collect();
        let mut tokens = self.tokens.clone();
        if from_end {
            chars.reverse();
            tokens.reverse();
        }
        let lengths = Self { tokens }.lengths(&chars, budget)?;
        let length = if longest { lengths.last() } else { lengths.first() };
        let mut rest = chars.split_off(length.copied().unwrap_or(0));
        if from_end {
            rest.reverse();
        }
        Ok(rest.into_iter().collect())
    }

    /// Puts `with` in the place of the first match, or of all; the longest match at each place counts.
    pub(super) fn replace(
        &self,
        text: &str,
        with: &str,
        all: bool,
        budget: &mut Budget,
    ) -> Result<String, String> {
        let chars: Vec<char> = text.chars().collect();
        let mut result = String::new();
        let mut at = 0;
        while at < chars.len() {
            match self.lengths(&chars[at..], budget)?.last() {
                Some(length) if *length > 0 => {
                    result.push_str(with);
                    at += length;
                    if !all {
                        break;
                    }
                }
                Some(_) | None => {
                    result.push(chars[at]);
                    at += 1;
                }
            }
        }
        result.extend(&chars[at..]);
        Ok(result)
    }

    /// Whether the beginning (or the end) of a text matches: how many characters of it, at most.
    pub(super) fn longest(
        &self,
        text: &str,
        from_end: bool,
        budget: &mut Budget,
    ) -> Result<Option<usize>, String> {
        let rest = self.trim(text, from_end, true, budget)?;
        let removed = text.len() - rest.len();
        Ok((removed > 0).then_some(removed))
    }

    /// The lengths of all beginnings of `chars` that match, ascending.
    fn lengths(&self, chars: &[char], budget: &mut Budget) -> Result<Vec<usize>, String> {
        let mut states = vec![false; self.tokens.len() + 1];
        states[0] = true;
        let mut lengths = Vec::new();
        for at in 0..=chars.len() {
            for (state, token) in self.tokens.iter().enumerate() {
                if states[state] && *token == Token::AnyText {
                    states[state + 1] = true;
                }
            }
            if states[self.tokens.len()] {
                lengths.push(at);
            }
            let Some(c) = chars.get(at) else { break };
            let mut next = vec![false; states.len()];
            for (state, token) in self.tokens.iter().enumerate().filter(|(state, _)| states[*state]) {
                match token {
                    Token::AnyText => next[state] = true,
                    Token::Char(_) | Token::AnyChar | Token::OneOf { .. } => {
                        next[state + 1] |= token.takes(*c);
                    }
                }
            }
            states = next;
            if !states.contains(&true) {
                break;
            }
            budget.0 =
                budget.0.checked_sub(states.len()).ok_or("a text is too long for this pattern here")?;
        }
        Ok(lengths)
    }
}

impl Token {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Char(own) => *own == c,
            Self::AnyChar | Self::AnyText => true,
            Self::OneOf { negated, ranges } => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated
            }
        }
    }
}

/// The inside of `[...]` and how long it is, with the bracket that closes it.
fn one_of(chars: &[char]) -> Option<(Token, usize)> {
    let negated = matches!(chars.first(), Some('!' | '^'));
    let start = usize::from(negated);
    let mut ranges = Vec::new();
    let mut at = start;
    loop {
        let c = *chars.get(at)?;
        if c == ']' && at > start {
            return Some((Token::OneOf { negated, ranges }, at + 1));
        }
        if c == '[' && chars.get(at + 1) == Some(&':') {
            let length = chars[at..].windows(2).position(|pair| pair == [':', ']'])?;
            let name: String = chars[at + 2..at + length].iter().collect();
            ranges.extend(class(&name)?);
            at += length + 2;
            continue;
        }
        let from = if c == '\\' {
            at += 1;
            *chars.get(at)?
        } else {
            c
        };
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(to)) if *to != ']' => {
                ranges.push((from, *to));
                at += 3;
            }
            _ => {
                ranges.push((from, from));
                at += 1;
            }
        }
    }
}

fn class(name: &str) -> Option<&'static [(char, char)]> {
    Some(match name {
        "digit" => &[('0', '9')],
        "alpha" => &[('a', 'z'), ('A', 'Z')],
        "alnum" => &[('0', '9'), ('a', 'z'), ('A', 'Z')],
        "upper" => &[('A', 'Z')],
        "lower" => &[('a', 'z')],
        "space" => &[(' ', ' '), ('\t', '\r')],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_bash() {
        let rows = [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("?", "", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]", "]", true),
            ("[ab", "[ab", true),
            (r"\*", "*", true),
            (r"\*", "a", false),
            ("*.log", "server.log", true),
            ("[[:digit:]]*", "7up", true),
        ];
        for (pattern, text, expected) in rows {
            assert_eq!(
                Pattern::new(pattern).matches(text, &mut Budget::default()),
                expected,
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn parts_are_trimmed_and_replaced_as_in_bash() {
        let path = "a/b/c.tar.gz";
        let trim = |pattern, from_end, longest| {
            Pattern::new(pattern).trim(path, from_end, longest, &mut Budget::default())
        };
        let replace =
            |pattern, text, all| Pattern::new(pattern).replace(text, "x", all, &mut Budget::default());
        assert_eq!(trim("*/", false, false), Ok("b/c.tar.gz".to_owned()));
        assert_eq!(trim("*/", false, true), Ok("c.tar.gz".to_owned()));
        assert_eq!(trim(".*", true, false), Ok("a/b/c.tar".to_owned()));
        assert_eq!(trim(".*", true, true), Ok("a/b/c".to_owned()));
        assert_eq!(trim("x", true, true), Ok(path.to_owned()));
        assert_eq!(replace("[a-c]", "abcd", true), Ok("xxxd".to_owned()));
        assert_eq!(replace("b*", "abcd", false), Ok("ax".to_owned()));
        let refused = replace("*a*b*c", &"a".repeat(5000), true);
        assert_eq!(refused, Err("a text is too long for this pattern here".to_owned()));
    }
}
