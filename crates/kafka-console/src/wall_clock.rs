//! The wall clock of the simulated machines: the scenario's epoch plus virtual time, in UTC.

use std::fmt;

use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct WallClock {
    /// Microseconds since the Unix epoch.
    micros: i64,
}

/// A day of the proleptic Gregorian calendar.
struct Date {
    year: i64,
    month: i64,
    day: i64,
}

const MICROS_PER_DAY: i64 = 86_400_000_000;
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const LONG_WEEKDAYS: [&str; 7] =
    ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
const LONG_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl WallClock {
    pub(crate) fn at(scenario: &Scenario, time: SimTime) -> Self {
        let epoch = scenario.epoch_millis.saturating_mul(1000);
        Self { micros: epoch.saturating_add_unsigned(time.as_micros()) }
    }

    /// Since the Unix epoch.
    pub(crate) fn as_millis(self) -> i64 {
        self.micros.div_euclid(1000)
    }

    /// As `date +FORMAT` prints it; `None` for a conversion that is not known here.
    pub(crate) fn format(self, format: &str) -> Option<String> {
        let mut text = String::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c == '%' {
                text.push_str(&self.field(&mut chars)?);
            } else {
                text.push(c);
            }
        }
        Some(text)
    }

    fn field(self, chars: &mut std::str::Chars<'_>) -> Option<String> {
        let Date { year, month, day } = self.date();
        let of_day = self.micros.rem_euclid(MICROS_PER_DAY);
        let seconds = of_day / 1_000_000;
        let nanos = of_day % 1_000_000 * 1000;
        Some(match chars.next()? {
            's' => self.micros.div_euclid(1_000_000).to_string(),
            'N' => format!("{nanos:09}"),
            '3' if chars.next() == Some('N') => format!("{:03}", nanos / 1_000_000),
            'Y' => format!("{year}"),
            'm' => format!("{month:02}"),
            'd' => format!("{day:02}"),
            'e' => format!("{day:2}"),
            'H' => format!("{:02}", seconds / 3600),
            'M' => format!("{:02}", seconds / 60 % 60),
            'S' => format!("{:02}", seconds % 60),
            'F' => format!("{year}-{month:02}-{day:02}"),
            'T' => format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60),
            'y' => format!("{:02}", year.rem_euclid(100)),
            'I' => format!("{:02}", (seconds / 3600 + 11) % 12 + 1),
            'p' => if seconds < 43_200 { "AM" } else { "PM" }.to_owned(),
            'R' => format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60),
            'D' => format!("{month:02}/{day:02}/{:02}", year.rem_euclid(100)),
            'u' => ((self.days() + 3).rem_euclid(7) + 1).to_string(),
            'w' => (self.days() + 4).rem_euclid(7).to_string(),
            'A' => LONG_WEEKDAYS[self.days().rem_euclid(7) as usize].to_owned(),
            'B' => LONG_MONTHS[(month - 1) as usize].to_owned(),
            '6' if chars.next() == Some('N') => format!("{:06}", nanos / 1000),
            'a' => WEEKDAYS[self.days().rem_euclid(7) as usize].to_owned(),
            'b' => MONTHS[(month - 1) as usize].to_owned(),
            'Z' => "UTC".to_owned(),
            'z' => "+0000".to_owned(),
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            '%' => "%".to_owned(),
            _ => return None,
        })
    }

    fn days(self) -> i64 {
        self.micros.div_euclid(MICROS_PER_DAY)
    }

    /// Howard Hinnant's `civil_from_days`.
    fn date(self) -> Date {
        let days = self.days() + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Date { year: year_of_era + era * 400 + i64::from(month <= 2), month, day }
    }
}

/// As Kafka's log4j layout prints it: `2025-10-14 10:00:00,000`.
impl fmt::Display for WallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.micros.rem_euclid(1_000_000) / 1000;
        let text = self.format("%F %T").unwrap_or_default();
        write!(f, "{text},{millis:03}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        let rows = [
            (0, "Thu 1970-01-01 00:00:00"),
            (951_782_400, "Tue 2000-02-29 00:00:00"),
            (1_760_436_061, "Tue 2025-10-14 10:01:01"),
            (4_107_542_399, "Sun 2100-02-28 23:59:59"),
            (-1, "Wed 1969-12-31 23:59:59"),
        ];
        for (seconds, text) in rows {
            let clock = WallClock { micros: seconds * 1_000_000 };
            assert_eq!(clock.format("%a %F %T").as_deref(), Some(text));
        }
    }

    #[test]
    fn fractions_are_nanoseconds_of_a_virtual_microsecond() {
        let clock = WallClock { micros: 1_760_436_000_001_700 };
        assert_eq!(clock.format("%s%N").as_deref(), Some("1760436000001700000"));
        assert_eq!(clock.to_string(), "2025-10-14 10:00:00,001");
        assert_eq!(clock.format("%Q"), None);
    }
}
