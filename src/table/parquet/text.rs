//! Values of Parquet as the texts that RDF has for them.

use std::io::Write as _;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as PhysicalType};
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::schema::types::Type;

/// What the values of a column are beside their physical type.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Meaning {
    /// What they are anyway: a number, a truth value, a text.
    Plain,
    /// A number that is never negative.
    Unsigned,
    /// Days since 1970.
    Day,
    /// What passed since midnight, so many to a second.
    Time(i64),
    /// What passed since 1970, so many to a second; in UTC or at no certain place.
    Moment { per_second: i64, is_utc: bool },
    /// A number with so many digits after its point.
    Decimal(usize),
}

impl Meaning {
    /// What a column of the primitive type `kind` holds; `None` where that has no text.
    pub(super) fn of(kind: &Type) -> Option<Self> {
        let physical = kind.get_physical_type();
        let is_number = matches!(physical, PhysicalType::INT32 | PhysicalType::INT64);
        let is_bytes = physical == PhysicalType::BYTE_ARRAY;
        let info = kind.get_basic_info();
        let Some(logical) = info.logical_type_ref() else {
            return Self::of_converted(kind, info.converted_type());
        };
        match logical {
            LogicalType::String | LogicalType::Enum | LogicalType::Json if is_bytes => {
                Some(Self::Plain)
            }
            LogicalType::Integer(it) if it.is_signed => Some(Self::Plain),
            LogicalType::Integer(_) => Some(Self::Unsigned),
            LogicalType::Date => Some(Self::Day),
            LogicalType::Time(it) => Some(Self::Time(per_second(&it.unit))),
            LogicalType::Timestamp(it) => Some(Self::Moment {
                per_second: per_second(&it.unit),
                is_utc: it.is_adjusted_to_u_t_c,
            }),
            LogicalType::Decimal(it) => Self::decimal(it.scale, it.precision),
            // What is always null.
            LogicalType::Unknown if is_number => Some(Self::Plain),
            _ => None,
        }
    }

    fn of_converted(kind: &Type, converted: ConvertedType) -> Option<Self> {
        let moment = |per_second| Self::Moment {
            per_second,
            is_utc: true,
        };
        match (converted, kind.get_physical_type()) {
            (ConvertedType::NONE, PhysicalType::FIXED_LEN_BYTE_ARRAY) => None,
            // Timestamps of old engines.
            (ConvertedType::NONE, PhysicalType::INT96) => Some(moment(MICROSECONDS)),
            (
                ConvertedType::NONE
                | ConvertedType::UTF8
                | ConvertedType::ENUM
                | ConvertedType::JSON
                | ConvertedType::INT_8
                | ConvertedType::INT_16
                | ConvertedType::INT_32
                | ConvertedType::INT_64,
                _,
            ) => Some(Self::Plain),
            (
                ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64,
                _,
            ) => Some(Self::Unsigned),
            (ConvertedType::DATE, _) => Some(Self::Day),
            (ConvertedType::TIME_MILLIS, _) => Some(Self::Time(MILLISECONDS)),
            (ConvertedType::TIME_MICROS, _) => Some(Self::Time(MICROSECONDS)),
            (ConvertedType::TIMESTAMP_MILLIS, _) => Some(moment(MILLISECONDS)),
            (ConvertedType::TIMESTAMP_MICROS, _) => Some(moment(MICROSECONDS)),
            (ConvertedType::DECIMAL, _) => Self::decimal(kind.get_scale(), kind.get_precision()),
            _ => None,
        }
    }

    fn decimal(scale: i32, precision: i32) -> Option<Self> {
        /// Digits of a number of 128 bits.
        const MOST: i32 = 38;
        let scale = usize::try_from(scale).ok()?;
        (precision <= MOST).then_some(Self::Decimal(scale))
    }
}

const MILLISECONDS: i64 = 1_000;
const MICROSECONDS: i64 = 1_000_000;
const NANOSECONDS: i64 = 1_000_000_000;
const DAY: i64 = 24 * 60 * 60;

fn per_second(unit: &TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => MILLISECONDS,
        TimeUnit::MICROS => MICROSECONDS,
        TimeUnit::NANOS => NANOSECONDS,
    }
}

/// A value that has a text.
pub(super) trait Text {
    /// Appends the text as it stands between quotation marks of JSON; `None` where it has none.
    fn append(&self, meaning: Meaning, out: &mut Vec<u8>) -> Option<()>;
}

impl Text for bool {
    fn append(&self, _: Meaning, out: &mut Vec<u8>) -> Option<()> {
        write!(out, "{self}").ok()
    }
}

impl Text for i32 {
    fn append(&self, meaning: Meaning, out: &mut Vec<u8>) -> Option<()> {
        match meaning {
            Meaning::Unsigned => write!(out, "{}", self.cast_unsigned()).ok(),
            meaning => i64::from(*self).append(meaning, out),
        }
    }
}

impl Text for i64 {
    fn append(&self, meaning: Meaning, out: &mut Vec<u8>) -> Option<()> {
        match meaning {
            Meaning::Plain => write!(out, "{self}").ok(),
            Meaning::Unsigned => write!(out, "{}", self.cast_unsigned()).ok(),
            Meaning::Day => append_day(*self, out),
            Meaning::Time(per_second) => append_time(*self, per_second, out),
            Meaning::Moment { per_second, is_utc } => {
                let day = per_second * DAY;
                append_day(self.div_euclid(day), out)?;
                out.push(b'T');
                append_time(self.rem_euclid(day), per_second, out)?;
                if is_utc {
                    out.push(b'Z');
                }
                Some(())
            }
            Meaning::Decimal(scale) => append_decimal((*self).into(), scale, out),
        }
    }
}

impl Text for Int96 {
    fn append(&self, meaning: Meaning, out: &mut Vec<u8>) -> Option<()> {
        self.to_micros().append(meaning, out)
    }
}

impl Text for f32 {
    fn append(&self, _: Meaning, out: &mut Vec<u8>) -> Option<()> {
        if is_short(f64::from(*self)) {
            write!(out, "{self}").ok()
        } else {
            append_long(&format!("{self:E}"), out)
        }
    }
}

impl Text for f64 {
    fn append(&self, _: Meaning, out: &mut Vec<u8>) -> Option<()> {
        if is_short(*self) {
            write!(out, "{self}").ok()
        } else {
            append_long(&format!("{self:E}"), out)
        }
    }
}

impl Text for ByteArray {
    fn append(&self, meaning: Meaning, out: &mut Vec<u8>) -> Option<()> {
        append_bytes(self.data(), meaning, out)
    }
}

impl Text for FixedLenByteArray {
    fn append(&self, meaning: Meaning, out: &mut Vec<u8>) -> Option<()> {
        append_bytes(self.data(), meaning, out)
    }
}

/// Whether all digits of a number are written, and no power of ten.
fn is_short(number: f64) -> bool {
    number == 0.0 || (1e-6..1e18).contains(&number.abs())
}

/// A number with a power of ten, or none, as XML Schema writes them.
fn append_long(text: &str, out: &mut Vec<u8>) -> Option<()> {
    let text = match text {
        "inf" => "INF",
        "-inf" => "-INF",
        other => other,
    };
    out.extend_from_slice(text.as_bytes());
    Some(())
}

fn append_bytes(bytes: &[u8], meaning: Meaning, out: &mut Vec<u8>) -> Option<()> {
    let Meaning::Decimal(scale) = meaning else {
        append_escaped(bytes, out);
        return Some(());
    };
    // A number in two's complement, the highest byte first.
    let sign = bytes
        .first()
        .map_or(0, |byte| if *byte < 0x80 { 0 } else { 0xFF });
    let mut wide = [sign; size_of::<i128>()];
    let start = wide.len().checked_sub(bytes.len())?;
    wide.get_mut(start..)?.copy_from_slice(bytes);
    append_decimal(i128::from_be_bytes(wide), scale, out)
}

/// Appends a text as JSON escapes it. What is no UTF-8 stays as it is, so that its row is found faulty.
fn append_escaped(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    loop {
        let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
        let end = rest.iter().position(is_special).unwrap_or(rest.len());
        let (plain, after) = rest.split_at(end);
        out.extend_from_slice(plain);
        let Some((special, after)) = after.split_first() else {
            return;
        };
        // Writing to a vector does not fail.
        drop(write!(out, "\\u{special:04x}"));
        rest = after;
    }
}

/// Appends a day by the Gregorian calendar, if it is in the years 1 to 9999.
fn append_day(days: i64, out: &mut Vec<u8>) -> Option<()> {
    /// Days from 1 March of the year 0 to 1 January 1970.
    const TO_1970: i64 = 719_468;
    /// Days of 400 years.
    const ERA: i64 = 146_097;
    let days = days.checked_add(TO_1970)?;
    let in_era = days.rem_euclid(ERA);
    // Without the leap days before it, each year of the era has 365.
    let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    // Years that begin in March have months of 31, 30, 31, 30 and 31 days, again and again.
    let month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month + 2) / 5 + 1;
    let (year, month) = match month {
        0..10 => (year, month + 3),
        _ => (year + 1, month - 9),
    };
    let year = year + days.div_euclid(ERA) * 400;
    if !(1..=9999).contains(&year) {
        return None;
    }
    write!(out, "{year:04}-{month:02}-{day:02}").ok()
}

/// Appends a time of day, without zeros at the end of its fraction.
fn append_time(passed: i64, per_second: i64, out: &mut Vec<u8>) -> Option<()> {
    let seconds = passed.div_euclid(per_second);
    if !(0..DAY).contains(&seconds) {
        return None;
    }
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    write!(out, "{hour:02}:{minute:02}:{second:02}").ok()?;
    let mut fraction = passed.rem_euclid(per_second);
    if fraction != 0 {
        fraction *= NANOSECONDS / per_second;
        let digits = format!("{fraction:09}");
        write!(out, ".{}", digits.trim_end_matches('0')).ok()?;
    }
    Some(())
}

fn append_decimal(number: i128, scale: usize, out: &mut Vec<u8>) -> Option<()> {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - scale)?;
    let point = if fraction.is_empty() { "" } else { "." };
    write!(out, "{sign}{whole}{point}{fraction}").ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Date;

    fn text(value: &impl Text, meaning: Meaning) -> Option<String> {
        let mut out = Vec::new();
        value.append(meaning, &mut out)?;
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn numbers_are_as_xml_schema_writes_them() {
        for (number, wanted) in [
            (1_800.0, "1800"),
            (-0.25, "-0.25"),
            (0.0, "0"),
            (1e18, "1E18"),
            (2.5e-7, "2.5E-7"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-INF"),
        ] {
            assert_eq!(text(&number, Meaning::Plain).unwrap(), wanted);
        }
        assert_eq!(text(&0.1_f32, Meaning::Plain).unwrap(), "0.1");
        assert_eq!(text(&-1_i32, Meaning::Unsigned).unwrap(), "4294967295");
        assert_eq!(
            text(&-1_i64, Meaning::Unsigned).unwrap(),
            "18446744073709551615"
        );
        for (number, scale, wanted) in [(1250, 2, "12.50"), (-5, 3, "-0.005"), (7, 0, "7")] {
            assert_eq!(text(&number, Meaning::Decimal(scale)).unwrap(), wanted);
        }
        let bytes = ByteArray::from(vec![0xFF, 0x38]);
        assert_eq!(text(&bytes, Meaning::Decimal(1)).unwrap(), "-20.0");
        let too_long = ByteArray::from(vec![0; 17]);
        assert_eq!(text(&too_long, Meaning::Decimal(1)), None);
    }

    #[test]
    fn times_are_as_xml_schema_writes_them() {
        let moment = |per_second, is_utc| Meaning::Moment { per_second, is_utc };
        for (number, meaning, wanted) in [
            (
                1_732_521_600_000_i64,
                moment(MILLISECONDS, true),
                "2024-11-25T08:00:00Z",
            ),
            (
                -1,
                moment(MICROSECONDS, false),
                "1969-12-31T23:59:59.999999",
            ),
            (
                1_500_000_000,
                moment(NANOSECONDS, true),
                "1970-01-01T00:00:01.5Z",
            ),
            (3_723_040, Meaning::Time(MILLISECONDS), "01:02:03.04"),
        ] {
            assert_eq!(text(&number, meaning).unwrap(), wanted);
        }
        for (number, meaning) in [
            (DAY, Meaning::Time(1)),
            (-1, Meaning::Time(1)),
            (i64::MAX, moment(MILLISECONDS, true)),
            (i64::MIN, moment(MILLISECONDS, true)),
            (i64::MAX, Meaning::Day),
            (2_932_897, Meaning::Day),
        ] {
            assert_eq!(text(&number, meaning), None, "{number}");
        }
    }

    proptest! {
        #[test]
        fn days_are_those_that_were_counted(days in -719_162..=2_932_896_i32) {
            let found = text(&days, Meaning::Day).unwrap();
            prop_assert_eq!(Date::parse(&found).unwrap().earliest().days_since_1970(), days);
        }

        #[test]
        fn texts_are_what_json_reads(found in "[a\"\\\\\u{0}-\u{1F}\u{7F}甲]{0,9}") {
            let value = ByteArray::from(found.as_str());
            let quoted = format!("\"{}\"", text(&value, Meaning::Plain).unwrap());
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), found);
        }
    }
}
