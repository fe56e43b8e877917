//! Backslash escapes, as `echo -e`, `printf` and `$'...'` read them.

/// Unescaped text; `stopped` when a `\c` ended it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Unescaped {
    pub(crate) bytes: Vec<u8>,
    pub(crate) stopped: bool,
}

impl Unescaped {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Replaces `\n`, `\t`, `\\`, `\xHH`, `\0NNN`, `\uHHHH` and their like; an unknown escape stays as it is.
pub(crate) fn unescape(text: &str) -> Unescaped {
    let mut result = Unescaped::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\\' {
            push(&mut result.bytes, c);
            continue;
        }
        let Some(escape) = rest.chars().next() else {
            result.bytes.push(b'\\');
            break;
        };
        let after = &rest[escape.len_utf8()..];
        rest = match escape {
            'c' => {
                result.stopped = true;
                return result;
            }
            'x' => number(&mut result.bytes, after, 16, 2, 'x', false),
            'u' => number(&mut result.bytes, after, 16, 4, 'u', true),
            'U' => number(&mut result.bytes, after, 16, 8, 'U', true),
            '0' => number(&mut result.bytes, after, 8, 3, '0', false),
            '1'..='7' => number(&mut result.bytes, rest, 8, 3, escape, false),
            escape => {
                match simple(escape) {
                    Some(byte) => result.bytes.push(byte),
                    None => {
                        result.bytes.push(b'\\');
                        push(&mut result.bytes, escape);
                    }
                }
                after
            }
        };
    }
    result
}

const fn simple(escape: char) -> Option<u8> {
    Some(match escape {
        'a' => 7,
        'b' => 8,
        'e' | 'E' => 27,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '\\' => b'\\',
        '\'' => b'\'',
        '"' => b'"',
        _ => return None,
    })
}

/// Reads up to `most` digits of `text` and appends what they stand for; answers with what is left.
fn number<'a>(
    bytes: &mut Vec<u8>,
    text: &'a str,
    radix: u32,
    most: usize,
    escape: char,
    unicode: bool,
) -> &'a str {
    let length = text.chars().take(most).take_while(|c| c.is_digit(radix)).count();
    let (digits, rest) = text.split_at(length);
    match u32::from_str_radix(digits, radix) {
        Ok(code) if unicode => push(bytes, char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
        Ok(code) => bytes.push((code & 0xff) as u8),
        Err(_) if escape == '0' => bytes.push(0),
        Err(_) => {
            bytes.push(b'\\');
            push(bytes, escape);
        }
    }
    rest
}

fn push(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_read_as_bash_reads_them() {
        let rows: [(&str, &[u8]); 9] = [
            (r"a\tb\n", b"a\tb\n"),
            (r"\x41\x4", b"A\x04"),
            (r"\0101\101", b"AA"),
            (r"\u00e9", "\u{e9}".as_bytes()),
            (r"\q\", br"\q\"),
            (r"\xg", br"\xg"),
            (r"\0", b"\0"),
            (r"\377", b"\xff"),
            ("\\\u{e9}", "\\\u{e9}".as_bytes()),
        ];
        for (text, bytes) in rows {
            assert_eq!(unescape(text).bytes, bytes, "{text}");
        }
        assert_eq!(unescape(r"a\cb"), Unescaped { bytes: b"a".to_vec(), stopped: true });
    }
}
