//! Numbers and quantities as they are printed.

use std::fmt;

use super::Date;

/// A decimal number of at most 18 digits, kept exactly as written.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Decimal {
    /// The digits as one whole number.
    digits: i64,
    /// How many of them stand after the point; the last of these is not zero.
    fraction: u8,
}

/// A text that is no [`Decimal`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecimalError {
    /// Not digits with an optional sign and point.
    #[error("not a plain decimal number")]
    NotDecimal,
    /// More than 18 digits.
    #[error("more than 18 digits, which not every triple store keeps")]
    TooLong,
}

impl Decimal {
    const LONGEST: usize = 18;

    /// Reads a number such as `1800`, `2.8` or `-0.5`; no exponent, no infinity.
    ///
    /// # Errors
    ///
    /// When it is written otherwise or is too long.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(DecimalError::NotDecimal),
            None => (unsigned, ""),
        };
        if whole.is_empty()
            || !whole
                .bytes()
                .chain(fraction.bytes())
                .all(|b| b.is_ascii_digit())
        {
            return Err(DecimalError::NotDecimal);
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if whole.len() + fraction.len() > Self::LONGEST {
            return Err(DecimalError::TooLong);
        }
        let digits: i64 = format!("0{whole}{fraction}")
            .parse()
            .map_err(|_| DecimalError::TooLong)?;
        Ok(Self {
            digits: if negative { -digits } else { digits },
            fraction: u8::try_from(fraction.len()).map_err(|_| DecimalError::TooLong)?,
        })
    }

    /// Whether there is nothing after the point.
    pub fn is_integer(&self) -> bool {
        self.fraction == 0
    }

    /// The number times ten to the power of `exponent`, unless it gets too long.
    pub fn scaled(&self, exponent: u8) -> Option<Self> {
        let shift = exponent.saturating_sub(self.fraction);
        let digits = self
            .digits
            .checked_mul(10i64.checked_pow(u32::from(shift))?)?;
        (digits.unsigned_abs() < 10u64.pow(18)).then(|| Self {
            digits,
            fraction: self.fraction.saturating_sub(exponent),
        })
    }
}

impl From<u16> for Decimal {
    fn from(number: u16) -> Self {
        Self {
            digits: number.into(),
            fraction: 0,
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs();
        if self.fraction == 0 {
            return write!(f, "{sign}{digits}");
        }
        let unit = 10u64.pow(u32::from(self.fraction));
        let width = usize::from(self.fraction);
        write!(f, "{sign}{}.{:0width$}", digits / unit, digits % unit)
    }
}

macro_rules! names {
    ($(#[doc = $doc:literal])+ $type:ident { $($(#[doc = $vdoc:literal])+ $variant:ident = $name:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $type {
            $($(#[doc = $vdoc])+ $variant,)+
        }

        impl $type {
            /// Every value there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in data files, and the last part of the IRI.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The value called `name`.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    };
}
pub(crate) use names;

names! {
    /// How a printed number relates to the quantity.
    Comparator {
        /// 约
        About = "about",
        /// 近
        Almost = "almost",
        /// 不低于, 以上
        AtLeast = "at-least",
        /// 不超过, 以内
        AtMost = "at-most",
        /// 超, 突破, 余
        MoreThan = "more-than",
        /// 达, 至
        Reach = "reach",
        /// 增至
        IncreaseTo = "increase-to",
    }
}

/// A power of ten that is printed as a word between number and unit.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Scale {
    word: &'static str,
    exponent: u8,
}

impl Scale {
    /// Words and the powers of ten that they mean.
    pub const ALL: &[Self] = &[
        Self::new("十", 1),
        Self::new("百", 2),
        Self::new("千", 3),
        Self::new("万", 4),
        Self::new("十万", 5),
        Self::new("百万", 6),
        Self::new("千万", 7),
        Self::new("亿", 8),
        Self::new("十亿", 9),
        Self::new("百亿", 10),
        Self::new("千亿", 11),
        Self::new("万亿", 12),
        Self::new("thousand", 3),
        Self::new("million", 6),
        Self::new("billion", 9),
        Self::new("trillion", 12),
    ];

    const fn new(word: &'static str, exponent: u8) -> Self {
        Self { word, exponent }
    }

    /// The scale that `word` means.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scale| scale.word == word)
    }

    /// The word, as printed.
    pub fn word(self) -> &'static str {
        self.word
    }

    /// The power of ten.
    pub fn exponent(self) -> u8 {
        self.exponent
    }
}

/// A number with what it counts and when.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Quantity {
    /// The number as printed.
    pub number: Decimal,
    /// The scale between number and unit.
    pub scale: Option<Scale>,
    /// What is counted, without the scale: 元, 家, %.
    pub unit: Option<String>,
    /// How the number relates to the quantity; equal where absent.
    pub comparator: Option<Comparator>,
    /// When the value is to be reached.
    pub by: Option<Date>,
    /// The day on which the value held.
    pub as_of: Option<Date>,
    /// From when on the value counts.
    pub since: Option<Date>,
    /// The time that the value covers.
    pub period: Option<Date>,
}

impl From<Decimal> for Quantity {
    /// A number of which nothing else is known.
    fn from(number: Decimal) -> Self {
        Self {
            number,
            scale: None,
            unit: None,
            comparator: None,
            by: None,
            as_of: None,
            since: None,
            period: None,
        }
    }
}

impl Quantity {
    /// The number with its scale worked in, unless it gets too long.
    pub fn absolute(&self) -> Option<Decimal> {
        self.number.scaled(self.scale.map_or(0, Scale::exponent))
    }

    /// Scale and unit as printed: 亿元.
    pub fn unit_text(&self) -> String {
        let scale = self.scale.map_or("", Scale::word);
        let unit = self.unit.as_deref().unwrap_or("");
        let gap = if scale.is_ascii() && !scale.is_empty() && !unit.is_empty() {
            " "
        } else {
            ""
        };
        format!("{scale}{gap}{unit}")
    }

    /// A number and a unit with what this quantity says of them: `more than 2.8万家, by 2027`.
    pub(super) fn with_comparator_and_dates(&self, number: &str, unit: &str) -> String {
        let comparator = self.comparator.map_or_else(String::new, |it| {
            format!("{} ", it.name().replace('-', " "))
        });
        let gap = if unit.starts_with(|c: char| c.is_ascii_alphabetic()) {
            " "
        } else {
            ""
        };
        let dates = [
            ("by", self.by),
            ("as of", self.as_of),
            ("since", self.since),
            ("in", self.period),
        ];
        let dates =
            dates.map(|(word, date)| date.map_or_else(String::new, |it| format!(", {word} {it}")));
        format!("{comparator}{number}{gap}{unit}{}", dates.concat())
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number.to_string();
        f.write_str(&self.with_comparator_and_dates(&number, &self.unit_text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_kept_exactly() {
        for (text, canonical) in [
            ("1800", "1800"),
            ("2.8", "2.8"),
            ("2.80", "2.8"),
            ("0018.90", "18.9"),
            ("+3.3", "3.3"),
            ("-0.05", "-0.05"),
            ("-0", "0"),
            ("0.0", "0"),
            ("999999999999999999", "999999999999999999"),
        ] {
            assert_eq!(Decimal::parse(text).unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in [
            "", "-", ".5", "5.", "1e400", "NaN", "inf", "1_000", "１", "1,000", "--1",
        ] {
            assert_eq!(
                Decimal::parse(text),
                Err(DecimalError::NotDecimal),
                "{text}"
            );
        }
        for text in [
            "1000000000000000000",
            "0.0000000000000000001",
            &"9".repeat(40),
        ] {
            assert_eq!(Decimal::parse(text), Err(DecimalError::TooLong), "{text}");
        }
    }

    #[test]
    fn scales_are_worked_in() {
        let decimal = |text| Decimal::parse(text).unwrap();
        assert_eq!(decimal("1800").scaled(8), Some(decimal("180000000000")));
        assert_eq!(decimal("2.8").scaled(4), Some(decimal("28000")));
        assert_eq!(decimal("2.85").scaled(1), Some(decimal("28.5")));
        assert_eq!(decimal("999999999999").scaled(12), None);
    }
}
