//! `--to-datetime`: a moment as `YYYY-MM-DDTHH:mm:ss.SSS`, with or without a zone.
//!
//! Mirrors `Utils.getDateTime`. `Err` is the message of the `ParseException`.

/// Milliseconds since the Unix epoch.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    let Some(time) = text.split('T').nth(1).filter(|time| !time.is_empty()) else {
        return Err(
            "Error parsing timestamp. It does not contain a 'T' according to ISO8601 format".to_owned()
        );
    };
    let zoned = if time.contains(['+', '-', 'Z']) { text.to_owned() } else { format!("{text}Z") };
    moment(&zoned).ok_or_else(|| format!("Unparseable date: \"{zoned}\""))
}

fn moment(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut field = |end: &[char]| {
        let (digits, after) = rest.split_at(rest.find(end)?);
        let separator = after.chars().next().filter(|_| !digits.is_empty())?;
        let number =
            digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse::<i64>().ok())??;
        rest = if matches!(separator, 'Z') || end.contains(&'+') { after } else { &after[1..] };
        Some(number)
    };
    let (year, month, day) = (field(&['-'])?, field(&['-'])?, field(&['T'])?);
    let (hour, minute, second) = (field(&[':'])?, field(&[':'])?, field(&['.'])?);
    let millis = field(&['Z', '+', '-'])?;
    let in_range = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
        && millis < 1000;
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    in_range.then_some(())?;
    Some((seconds - zone_seconds(rest)?) * 1000 + millis)
}

/// `Z`, `+09:00` or `+09`.
fn zone_seconds(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        'Z' => return Some(0),
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let two = |digits: &str| (digits.len() == 2).then(|| digits.parse::<i64>().ok())?;
    let (hours, minutes) = match text[1..].split_once(':') {
        Some((hours, minutes)) => (two(hours)?, two(minutes.get(..2)?)?),
        None => (two(text.get(1..3)?)?, 0),
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days(next_year, next_month, 1) - days(year, month, 1)
}

/// Howard Hinnant's `days_from_civil`.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_with_and_without_a_zone() {
        let rows = [
            ("2025-10-14T10:00:00.000", 1_760_436_000_000),
            ("2025-10-14T10:00:00.250Z", 1_760_436_000_250),
            ("2025-10-14T19:00:00.000+09:00", 1_760_436_000_000),
            ("2025-10-14T19:00:00.000+09", 1_760_436_000_000),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2000-02-29T00:00:00.000Z", 951_782_400_000),
        ];
        for (text, millis) in rows {
            assert_eq!(parse(text), Ok(millis), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        let message = "Error parsing timestamp. It does not contain a 'T' according to ISO8601 format";
        assert_eq!(parse("2025-10-14"), Err(message.to_owned()));
        for text in
            ["2025-10-14T10:00:00", "2025-02-30T10:00:00.000", "2025-10-14T24:00:00.000", "aT1", "T", "T+"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("2025-10-14T10").unwrap_err(), "Unparseable date: \"2025-10-14T10Z\"");
    }
}
