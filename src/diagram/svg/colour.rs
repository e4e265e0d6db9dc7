//! Colours, and whether texts can be read on them.

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// Least contrast of a text to what it stands on, as WCAG 2 wants it for small texts.
pub(super) const LEAST_CONTRAST: f64 = 4.5;

/// Background in the light theme.
pub(super) const LIGHT: Colour = Colour::new(0xff, 0xff, 0xff);
/// Background in the dark theme.
pub(super) const DARK: Colour = Colour::new(0x0f, 0x17, 0x2a);
/// Dark text.
pub(super) const INK: Colour = Colour::new(0x0f, 0x17, 0x2a);
/// Light text.
pub(super) const CHALK: Colour = Colour::new(0xf1, 0xf5, 0xf9);

impl Colour {
    pub(super) const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// From `#rrggbb`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self::new(channel(0)?, channel(2)?, channel(4)?))
    }

    /// As `#rrggbb`.
    pub(super) fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// This colour with `percent` of `other` in it.
    pub(super) fn mixed(self, other: Self, percent: u16) -> Self {
        let mix = |a: u8, b: u8| {
            let sum = u16::from(a) * (100 - percent) + u16::from(b) * percent + 50;
            u8::try_from(sum / 100).unwrap_or(u8::MAX)
        };
        Self::new(
            mix(self.red, other.red),
            mix(self.green, other.green),
            mix(self.blue, other.blue),
        )
    }

    /// Relative luminance as [WCAG 2](https://www.w3.org/TR/WCAG22/#dfn-relative-luminance) has it.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                power_2_4((value + 0.055) / 1.055)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Contrast to `other`, from 1 to 21.
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The text colour that can be read best on this one.
    pub(super) fn text(self) -> Self {
        let (white, black) = (Self::new(255, 255, 255), Self::new(0, 0, 0));
        if self.contrast(INK) >= LEAST_CONTRAST {
            INK
        } else if self.contrast(CHALK) >= LEAST_CONTRAST {
            CHALK
        } else if self.contrast(white) >= self.contrast(black) {
            white
        } else {
            black
        }
    }

    /// Its text colour, paler, but not so much that it cannot be read.
    pub(super) fn muted_text(self) -> Self {
        let text = self.text();
        (0..=30)
            .rev()
            .step_by(5)
            .map(|percent| text.mixed(self, percent))
            .find(|muted| muted.contrast(self) >= LEAST_CONTRAST)
            .unwrap_or(text)
    }

    /// The fill that stands for this one in the dark theme; light text can be read on it.
    pub(super) fn in_the_dark(self) -> Self {
        let vivid = self.without_white();
        (0..=80)
            .rev()
            .step_by(5)
            .map(|percent| DARK.mixed(vivid, percent))
            .find(|fill| fill.contrast(CHALK) >= 7.0)
            .unwrap_or(DARK)
    }

    /// This colour with less white in it, so that it does not turn grey where it is darkened.
    fn without_white(self) -> Self {
        let white = self.red.min(self.green).min(self.blue) / 5 * 3;
        Self::new(self.red - white, self.green - white, self.blue - white)
    }

    /// An outline for a box of this fill, towards a colour in which it can be seen.
    pub(super) fn outline(self, towards: Self) -> Self {
        self.mixed(towards, 45)
    }
}

/// `x` to the power of 2.4 for `x` from 0 to 1, with operations that give the same bits everywhere.
fn power_2_4(x: f64) -> f64 {
    // The fifth root of x², by Newton's method from above.
    let square = x * x;
    let mut root = 1.0_f64;
    for _ in 0..40 {
        let fourth = root * root * root * root;
        if fourth == 0.0 {
            return 0.0;
        }
        root = (4.0 * root + square / fourth) / 5.0;
    }
    square * root
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn contrasts_are_those_of_wcag() {
        let grey = Colour::parse("#777777").unwrap();
        assert!((grey.contrast(LIGHT) - 4.48).abs() < 0.01);
        assert!((LIGHT.contrast(Colour::new(0, 0, 0)) - 21.0).abs() < 0.001);
        assert!((power_2_4(0.5) - 0.5_f64.powf(2.4)).abs() < 1e-12);
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        assert_eq!(Colour::parse("#0A10ff").unwrap().hex(), "#0a10ff");
        for text in [
            "", "#", "red", "#fff", "#ggg000", "#12345", "#1234567", "#+1+1+1",
        ] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn texts_can_be_read_on_any_fill(red: u8, green: u8, blue: u8) {
            let fill = Colour::new(red, green, blue);
            let dark = fill.in_the_dark();
            for (text, on) in [
                (fill.text(), fill),
                (fill.muted_text(), fill),
                (dark.text(), dark),
                (dark.muted_text(), dark),
            ] {
                prop_assert!(text.contrast(on) >= LEAST_CONTRAST, "{} on {}", text.hex(), on.hex());
            }
        }
    }
}
