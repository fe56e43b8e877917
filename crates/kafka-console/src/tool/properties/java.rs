//! The text of a property file.
//!
//! Mirrors `java.util.Properties.load(InputStream)`, which takes bytes for ISO-8859-1: whatever is not in it has to be
//! written as `\u` and four hexadecimal digits.

use std::rc::Rc;

use super::Map;

/// The message of the `IllegalArgumentException` that `load` throws.
pub(super) const MALFORMED_UNICODE: &str = "Malformed \\uxxxx encoding.";

/// A `\u` without four hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct MalformedUnicode;

/// A key may come more than once; the last one counts.
pub(super) fn parse(bytes: &[u8]) -> Result<Map, MalformedUnicode> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let text: Vec<char> = text.replace("\r\n", "\n").chars().collect();
    logical_lines(&text).iter().map(|line| pair(line)).collect()
}

/// Lines without comments, blank lines and leading blanks; those that end in a backslash are joined.
fn logical_lines(text: &[char]) -> Vec<Vec<char>> {
    let mut lines = Vec::new();
    let mut line: Option<Vec<char>> = None;
    for natural in text.split(|c| matches!(c, '\n' | '\r')) {
        let begin = natural.iter().position(|c| !is_blank(*c)).unwrap_or(natural.len());
        let rest = &natural[begin..];
        if line.as_ref().is_none_or(Vec::is_empty) && matches!(rest.first(), None | Some('#' | '!')) {
            continue;
        }
        let mut joined = line.take().unwrap_or_default();
        joined.extend(rest);
        if rest.iter().rev().take_while(|c| **c == '\\').count() % 2 == 1 {
            joined.pop();
            line = Some(joined);
        } else {
            lines.push(joined);
        }
    }
    lines.extend(line.filter(|line| !line.is_empty()));
    lines
}

/// The key ends at the first blank, `=` or `:` without a backslash.
fn pair(line: &[char]) -> Result<(Rc<str>, Rc<str>), MalformedUnicode> {
    let mut escaped = false;
    let ends = |c: &char| {
        let ends = !escaped && (is_blank(*c) || is_separator(*c));
        escaped = !escaped && *c == '\\';
        ends
    };
    let end = line.iter().position(ends).unwrap_or(line.len());
    let mut value = trimmed(&line[end..]);
    if let Some((first, rest)) = value.split_first()
        && is_separator(*first)
    {
        value = trimmed(rest);
    }
    Ok((unescape(&line[..end])?, unescape(value)?))
}

fn unescape(text: &[char]) -> Result<Rc<str>, MalformedUnicode> {
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text.iter().copied();
    while let Some(c) = rest.next() {
        let c = match c {
            '\\' => match rest.next() {
                Some('u') => {
                    units.push(code_unit(rest.by_ref().take(4))?);
                    continue;
                }
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('f') => '\u{c}',
                Some(other) => other,
                None => break,
            },
            c => c,
        };
        units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
    }
    Ok(String::from_utf16_lossy(&units).into())
}

fn code_unit(digits: impl Iterator<Item = char>) -> Result<u16, MalformedUnicode> {
    let digits: Option<Vec<u32>> = digits.map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() == 4).ok_or(MalformedUnicode)?;
    let unit = digits.iter().fold(0, |unit, digit| unit * 16 + digit);
    u16::try_from(unit).map_err(|_| MalformedUnicode)
}

fn trimmed(text: &[char]) -> &[char] {
    let begin = text.iter().position(|c| !is_blank(*c)).unwrap_or(text.len());
    &text[begin..]
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{c}')
}

fn is_separator(c: char) -> bool {
    matches!(c, '=' | ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_java_reads_it() {
        let rows = [
            ("group.id=g", "group.id", "g"),
            ("  group.id \t = \t a b ", "group.id", "a b "),
            ("group.id:g", "group.id", "g"),
            ("group.id g", "group.id", "g"),
            ("group.id", "group.id", ""),
            ("a==b", "a", "=b"),
            ("a : : b", "a", ": b"),
            (r"a\=b\:c\ d=e", "a=b:c d", "e"),
            (r"path=c:\temp\new", "path", "c:\temp\new"),
            (r"a=\q\\n", "a", r"q\n"),
            (r"a=\uc8fc\uBB38", "a", "주문"),
            (r"a=\ud83d\ude00", "a", "😀"),
            ("a=b\\\n   c\\\r\n\td", "a", "bcd"),
            ("a=b\\\n#c", "a", "b#c"),
            ("a=b\\\\", "a", "b\\"),
            ("a=b\\", "a", "b"),
            ("=b", "", "b"),
            ("a=주", "a", "ì\u{a3}¼"),
        ];
        for (text, key, value) in rows {
            assert_eq!(parse(text.as_bytes()), Ok(Map::from([(key.into(), value.into())])), "{text}");
        }
    }

    #[test]
    fn comments_and_blank_lines_say_nothing() {
        let text = "# a=1\n  ! b=2 \\\nc=3\n\n \t \n\\\n# not a pair\r\nd=4\rc=5";
        let pairs = [("c", "5"), ("d", "4")].map(|(key, value)| (key.into(), value.into()));
        assert_eq!(parse(text.as_bytes()), Ok(Map::from(pairs)));
        assert_eq!(parse(b""), Ok(Map::new()));
    }

    #[test]
    fn a_half_written_character_is_refused() {
        for text in [r"a=\u12", r"a=\u12g4", r"\u=1"] {
            assert_eq!(parse(text.as_bytes()), Err(MalformedUnicode), "{text}");
        }
    }
}
