//! Spans of virtual time as people write them: `500ms`, `1.5s`, `2m`.

use std::time::Duration;

const UNITS: [(&str, u64); 5] =
    [("us", 1), ("ms", 1000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000)];

/// What a duration may look like, for messages.
pub(crate) const FORMS: &str = "a number and one of us, ms, s, m, h, such as 500ms, 1.5s or 2m";

/// Reads a decimal number and a unit, down to the microsecond.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (_, unit) = UNITS.iter().find(|(name, _)| *name == &text[number.len()..])?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !digits(whole) || !digits(fraction) || whole.len() > 12 {
        return None;
    }
    let mut micros = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()?.checked_mul(*unit)? };
    let mut share = *unit;
    for digit in fraction.bytes() {
        // Units are multiples of ten down to one, minutes and hours down to six: what is left is below a microsecond.
        micros = micros.checked_add(u64::from(digit - b'0') * share / 10)?;
        share /= 10;
    }
    Some(Duration::from_micros(micros))
}

/// The shortest text that [`parse`] reads as the same duration.
pub(crate) fn format(duration: Duration) -> String {
    let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    let (name, unit) = if micros < 1000 && micros > 0 {
        UNITS[0]
    } else if micros < 1_000_000 {
        UNITS[1]
    } else if micros.is_multiple_of(60_000_000) {
        UNITS[3]
    } else {
        UNITS[2]
    };
    let digits = unit.ilog10() as usize;
    let fraction = format!("{:0digits$}", micros % unit);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}{name}", micros / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written() {
        let rows = [
            ("500ms", 500_000, "500ms"),
            ("5s", 5_000_000, "5s"),
            ("2m", 120_000_000, "2m"),
            ("1.5s", 1_500_000, "1.5s"),
            ("0.25ms", 250, "250us"),
            ("0.5m", 30_000_000, "30s"),
            ("0s", 0, "0ms"),
            ("1.7ms", 1700, "1.7ms"),
            ("61.000001s", 61_000_001, "61.000001s"),
        ];
        for (text, micros, written) in rows {
            assert_eq!(parse(text), Some(Duration::from_micros(micros)), "{text}");
            assert_eq!(format(Duration::from_micros(micros)), written);
            assert_eq!(parse(written), Some(Duration::from_micros(micros)), "{written}");
        }
        for text in ["", "5", "s", ".s", "-1s", "1 s", "5x", "1e3s", "9999999999999s", "1.2.3s"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
