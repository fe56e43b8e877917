//! `printf FORMAT [ARGUMENT...]`: the format is used again until every argument has been printed.

use std::rc::Rc;

use crate::escape;
use crate::shell::interpreter::Interpreter;
use crate::system::{BrokenPipe, Context, Stdio};

/// The widest field.
const MAX_WIDTH: usize = 10_000;

/// Prints, or with `-v NAME` sets the variable.
pub(super) fn put(
    arguments: &[Rc<str>],
    bytes: &[u8],
    stdio: &Stdio,
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Result<(), BrokenPipe> {
    let [option, name, ..] = arguments else { return context.write(&stdio.output, bytes) };
    if &**option != "-v" {
        return context.write(&stdio.output, bytes);
    }
    if let Err(message) = shell.environment.variables.set_text(name, &String::from_utf8_lossy(bytes)) {
        shell.complain(&message, 1, context);
    }
    Ok(())
}

struct Conversion {
    left: bool,
    zeros: bool,
    width: usize,
    precision: Option<usize>,
    letter: char,
}

/// What `printf` prints; `-v NAME` before the format is left to [`put`].
pub(super) fn format(arguments: &[Rc<str>]) -> Result<Vec<u8>, String> {
    let arguments = match arguments {
        [option, _, rest @ ..] if &**option == "-v" => rest,
        [option, rest @ ..] if &**option == "--" => rest,
        arguments => arguments,
    };
    let Some((format, mut arguments)) = arguments.split_first() else {
        return Err("usage: printf format [arguments]".to_owned());
    };
    let mut bytes = Vec::new();
    loop {
        let left = arguments.len();
        print_once(format, &mut arguments, &mut bytes)?;
        if arguments.is_empty() || arguments.len() == left {
            return Ok(bytes);
        }
    }
}

fn print_once(format: &str, arguments: &mut &[Rc<str>], bytes: &mut Vec<u8>) -> Result<(), String> {
    let mut rest = format;
    while let Some(percent) = rest.find('%') {
        bytes.extend(escape::unescape(&rest[..percent]).bytes);
        rest = &rest[percent + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            bytes.push(b'%');
            rest = after;
            continue;
        }
        let (conversion, after) = conversion(rest)?;
        rest = after;
        let argument = match arguments.split_first() {
            Some((first, others)) => {
                *arguments = others;
                Some(&**first)
            }
            None => None,
        };
        let text = convert(&conversion, argument)?;
        pad(&text, &conversion, bytes);
    }
    bytes.extend(escape::unescape(rest).bytes);
    Ok(())
}

fn conversion(text: &str) -> Result<(Conversion, &str), String> {
    let flags = text.len() - text.trim_start_matches(['-', '0', '+', ' ', '#']).len();
    let (flags, rest) = text.split_at(flags);
    let (width, rest) = number(rest);
    let (precision, rest) = match rest.strip_prefix('.') {
        Some(rest) => {
            let (precision, rest) = number(rest);
            (Some(precision), rest)
        }
        None => (None, rest),
    };
    let letter = rest.chars().next().ok_or_else(|| format!("`%{text}': missing format character"))?;
    if !matches!(letter, 's' | 'b' | 'c' | 'd' | 'i' | 'u' | 'x' | 'X' | 'o') {
        return Err(format!("`{letter}': this format character is not simulated"));
    }
    let conversion =
        Conversion { left: flags.contains('-'), zeros: flags.contains('0'), width, precision, letter };
    Ok((conversion, &rest[letter.len_utf8()..]))
}

fn number(text: &str) -> (usize, &str) {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (digits, rest) = text.split_at(digits);
    (
        digits
            .parse()
            .map_or(if digits.is_empty() { 0 } else { MAX_WIDTH }, |width: usize| width.min(MAX_WIDTH)),
        rest,
    )
}

fn convert(conversion: &Conversion, argument: Option<&str>) -> Result<Vec<u8>, String> {
    let text = argument.unwrap_or("");
    let integer = || match argument {
        None | Some("") => Ok(0),
        Some(text) => text.trim().parse::<i64>().map_err(|_| format!("{text}: invalid number")),
    };
    let limit = conversion.precision.unwrap_or(usize::MAX);
    Ok(match conversion.letter {
        's' => text.chars().take(limit).collect::<String>().into_bytes(),
        'b' => escape::unescape(text).bytes,
        'c' => text.chars().take(1).collect::<String>().into_bytes(),
        'x' => format!("{:x}", integer()?).into_bytes(),
        'X' => format!("{:X}", integer()?).into_bytes(),
        'o' => format!("{:o}", integer()?).into_bytes(),
        'u' => integer()?.cast_unsigned().to_string().into_bytes(),
        _ => integer()?.to_string().into_bytes(),
    })
}

fn pad(text: &[u8], conversion: &Conversion, bytes: &mut Vec<u8>) {
    let length = String::from_utf8_lossy(text).chars().count();
    let missing = conversion.width.saturating_sub(length);
    let numeric = !matches!(conversion.letter, 's' | 'b' | 'c');
    if conversion.left {
        bytes.extend_from_slice(text);
        bytes.extend(std::iter::repeat_n(b' ', missing));
    } else if conversion.zeros && numeric {
        let (sign, digits) = text.split_at(usize::from(text.starts_with(b"-")));
        bytes.extend_from_slice(sign);
        bytes.extend(std::iter::repeat_n(b'0', missing));
        bytes.extend_from_slice(digits);
    } else {
        bytes.extend(std::iter::repeat_n(b' ', missing));
        bytes.extend_from_slice(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_as_bash_does() {
        let rows: [(&[&str], &str); 8] = [
            (&["%s-%03d\\n", "a", "7"], "a-007\n"),
            (&["%s\\n", "a", "b"], "a\nb\n"),
            (&["%5s|%-5s|", "x", "y"], "    x|y    |"),
            (&["%d %%"], "0 %"),
            (&["plain", "ignored"], "plain"),
            (&["%.2s", "abc"], "ab"),
            (&["%b", "a\\tb"], "a\tb"),
            (&["%05d", "-42"], "-0042"),
        ];
        for (arguments, text) in rows {
            let arguments: Vec<Rc<str>> = arguments.iter().map(|text| Rc::from(*text)).collect();
            assert_eq!(
                format(&arguments).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
                Ok(text.into())
            );
        }
    }
}
