//! Dates with their precision.

use std::fmt;

/// A calendar day, proleptic Gregorian, from year 1 to 9999.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// Days since 1 January 1970, negative before it.
    pub fn days_since_1970(self) -> i32 {
        /// Days from 1 March of the year 0 to 1 January 1970.
        const TO_1970: i32 = 719_468;
        // Years that begin in March have the leap day at their end.
        let year = i32::from(self.year) - i32::from(self.month <= 2);
        let month = (i32::from(self.month) + 9) % 12;
        let leap_days = year / 4 - year / 100 + year / 400;
        let days_before_month = (153 * month + 2) / 5;
        year * 365 + leap_days + days_before_month + i32::from(self.day) - 1 - TO_1970
    }
}

impl fmt::Display for Day {
    /// As [ISO 8601](https://www.w3.org/TR/xmlschema11-2/#date) has it: `2024-11-25`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A day, a month or a year.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
enum Moment {
    Year(u16),
    Month(u16, u8),
    Day(Day),
}

impl Moment {
    fn parse(text: &str) -> Result<Self, DateError> {
        let mut parts = text.split('-');
        let year = digits(parts.next(), 4)?;
        if year == 0 {
            return Err(DateError::NotOnCalendar);
        }
        let Some(month) = parts.next() else {
            return Ok(Self::Year(year));
        };
        let month = narrow(digits(Some(month), 2)?);
        if !(1..=12).contains(&month) {
            return Err(DateError::NotOnCalendar);
        }
        let Some(day) = parts.next() else {
            return Ok(Self::Month(year, month));
        };
        let day = narrow(digits(Some(day), 2)?);
        if parts.next().is_some() {
            return Err(DateError::NotIso);
        }
        if day == 0 || day > days_in_month(year, month) {
            return Err(DateError::NotOnCalendar);
        }
        Ok(Self::Day(Day { year, month, day }))
    }

    fn earliest(self) -> Day {
        match self {
            Self::Year(year) => Day {
                year,
                month: 1,
                day: 1,
            },
            Self::Month(year, month) => Day {
                year,
                month,
                day: 1,
            },
            Self::Day(day) => day,
        }
    }

    fn latest(self) -> Day {
        match self {
            Self::Year(year) => Day {
                year,
                month: 12,
                day: 31,
            },
            Self::Month(year, month) => Day {
                year,
                month,
                day: days_in_month(year, month),
            },
            Self::Day(day) => day,
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => day.fmt(f),
        }
    }
}

/// What a [`Date`] tells apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Precision {
    /// A year.
    Year,
    /// A month.
    Month,
    /// A day.
    Day,
    /// A stretch from one to another.
    Interval,
}

impl Precision {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Interval => "interval",
        }
    }
}

/// A day, a month, a year, or an interval of these: never more precise than its source.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Date {
    from: Moment,
    to: Option<Moment>,
}

/// A text that is no [`Date`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// Not of the form `2024`, `2024-11`, `2024-11-25` or `2024/2027`.
    #[error("not a date as ISO 8601 has it")]
    NotIso,
    /// No such day, month or year.
    #[error("there is no such day")]
    NotOnCalendar,
    /// The interval ends before it begins.
    #[error("the interval ends before it begins")]
    Backwards,
}

impl Date {
    /// Reads `2024`, `2024-11`, `2024-11-25`, or two of these with a slash between.
    ///
    /// # Errors
    ///
    /// When it is written otherwise, is not on the calendar, or runs backwards.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let Some((from, to)) = text.split_once('/') else {
            return Ok(Self {
                from: Moment::parse(text)?,
                to: None,
            });
        };
        let (from, to) = (Moment::parse(from)?, Moment::parse(to)?);
        if to.latest() < from.earliest() {
            return Err(DateError::Backwards);
        }
        Ok(Self { from, to: Some(to) })
    }

    /// What the date tells apart.
    pub fn precision(&self) -> Precision {
        match (self.from, self.to) {
            (_, Some(_)) => Precision::Interval,
            (Moment::Year(_), None) => Precision::Year,
            (Moment::Month(..), None) => Precision::Month,
            (Moment::Day(_), None) => Precision::Day,
        }
    }

    /// The first day that it can mean.
    pub fn earliest(&self) -> Day {
        self.from.earliest()
    }

    /// The last day that it can mean.
    pub fn latest(&self) -> Day {
        self.to.unwrap_or(self.from).latest()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.from.fmt(f)?;
        match self.to {
            Some(to) => write!(f, "/{to}"),
            None => Ok(()),
        }
    }
}

/// A number of exactly `width` decimal digits.
fn digits(text: Option<&str>, width: usize) -> Result<u16, DateError> {
    text.filter(|text| text.len() == width && text.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .ok_or(DateError::NotIso)
}

/// A number of two digits, which always fits.
fn narrow(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_their_precision_and_know_their_bounds() {
        for (text, precision, earliest, latest) in [
            ("2027", Precision::Year, "2027-01-01", "2027-12-31"),
            ("2024-02", Precision::Month, "2024-02-01", "2024-02-29"),
            ("2024-11-25", Precision::Day, "2024-11-25", "2024-11-25"),
            ("2024/2027", Precision::Interval, "2024-01-01", "2027-12-31"),
            (
                "2024-11-25/2025-02",
                Precision::Interval,
                "2024-11-25",
                "2025-02-28",
            ),
        ] {
            let date = Date::parse(text).unwrap();
            assert_eq!(date.to_string(), text);
            assert_eq!(date.precision(), precision);
            assert_eq!(date.earliest().to_string(), earliest);
            assert_eq!(date.latest().to_string(), latest);
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (text, days) in [
            ("0001-01-01", -719_162),
            ("1969-12-31", -1),
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("9999-12-31", 2_932_896),
        ] {
            let date = Date::parse(text).unwrap();
            assert_eq!(date.earliest().days_since_1970(), days, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for (text, error) in [
            ("", DateError::NotIso),
            ("24", DateError::NotIso),
            ("10000", DateError::NotIso),
            ("2024-1-1", DateError::NotIso),
            ("2024-11-25-1", DateError::NotIso),
            ("２０２４", DateError::NotIso),
            ("2024/", DateError::NotIso),
            ("0000", DateError::NotOnCalendar),
            ("2024-13-01", DateError::NotOnCalendar),
            ("2024-02-30", DateError::NotOnCalendar),
            ("1900-02-29", DateError::NotOnCalendar),
            ("2027/2024", DateError::Backwards),
        ] {
            assert_eq!(Date::parse(text), Err(error), "{text}");
        }
    }
}
