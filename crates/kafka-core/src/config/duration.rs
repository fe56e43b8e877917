//! Durations as `java.time.Duration.parse` reads them: `P1D`, `PT1H30M`, `PT0.5S`.
//!
//! Leaves out: negative durations, and parts with a sign, which no setting of the model accepts.

use std::time::Duration;

const NANOS_DIGITS: usize = 9;

/// `None` for a text that is not a duration.
pub fn iso_duration(text: &str) -> Option<Duration> {
    let upper = text.to_ascii_uppercase();
    let (days, time) = match upper.strip_prefix('P')?.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None => (&upper[1..], ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let mut seconds = match days.strip_suffix('D') {
        Some(days) => whole(days)?.checked_mul(86_400)?,
        None if days.is_empty() => 0,
        None => return None,
    };
    let mut rest = time;
    for (unit, length) in [('H', 3600), ('M', 60)] {
        if let Some((number, after)) = rest.split_once(unit) {
            seconds = seconds.checked_add(whole(number)?.checked_mul(length)?)?;
            rest = after;
        }
    }
    let nanos = match rest.strip_suffix('S') {
        Some(number) => {
            let (number, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
            seconds = seconds.checked_add(whole(number)?)?;
            nanoseconds(fraction)?
        }
        None if rest.is_empty() => 0,
        None => return None,
    };
    Some(Duration::new(seconds, nanos))
}

fn whole(digits: &str) -> Option<u64> {
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.len() > NANOS_DIGITS || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    format!("{fraction:0<NANOS_DIGITS$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_java_reads_them() {
        for (text, seconds, nanos) in [
            ("P1D", 86_400, 0),
            ("pt1h30m", 5400, 0),
            ("PT0.5S", 0, 500_000_000),
            ("P2DT3H4M5.000000001S", 183_845, 1),
            ("PT0S", 0, 0),
            ("PT10,25S", 10, 250_000_000),
        ] {
            assert_eq!(iso_duration(text), Some(Duration::new(seconds, nanos)), "{text}");
        }
    }

    #[test]
    fn what_java_refuses_is_refused() {
        for text in
            ["", "P", "PT", "1D", "P1", "PT1", "PT1M1H", "P1DT", "PT1.0000000001S", "PT-1S", "P1H", "PTS"]
        {
            assert_eq!(iso_duration(text), None, "{text}");
        }
    }
}
