//! Values and places in words.

use super::{Comparator, Decimal, KnowledgeGraph, Passage, Quantity, Value};
use crate::schema::{ClassId, SlotId};

impl KnowledgeGraph {
    /// Name of a class in `language`, else as the schema has it.
    pub fn class_label(&self, class: ClassId, language: &str) -> &str {
        let class = self.schema().class(class);
        class.label.get(language).unwrap_or(&class.name)
    }

    /// Name of a slot in `language`, else as the schema has it.
    pub fn slot_label(&self, slot: SlotId, language: &str) -> &str {
        let slot = self.schema().slot(slot);
        slot.label.get(language).unwrap_or(&slot.name)
    }

    /// A literal in words of `language`.
    pub fn value_in_words(&self, value: &Value, language: &str) -> String {
        match value {
            Value::String(text) | Value::Text { text, .. } | Value::Iri(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Boolean(value) => value.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Enum(id, at) => {
                let values = &self.schema().enumeration(*id).permissible_values;
                values.get(usize::from(*at)).map_or_else(String::new, |it| {
                    it.label.get(language).unwrap_or(&it.name).clone()
                })
            }
            Value::Quantity(quantity) => self.quantity_in_words(quantity, language),
        }
    }

    /// A quantity in words of `language`: `increase to 180 billion yuan, by 2027`, `增至1800亿元（到2027）`.
    ///
    /// Chinese has words of its own, every other language English ones. A unit that the project names in
    /// `language` stands under that name, the scale worked into the number; others stand as printed.
    pub fn quantity_in_words(&self, quantity: &Quantity, language: &str) -> String {
        let (number, unit) = self.number_and_unit(quantity, language);
        if is_chinese(language) {
            in_chinese(quantity, &number, &unit)
        } else {
            quantity.with_comparator_and_dates(&number, &unit)
        }
    }

    /// Number and unit of a quantity as `language` says them: `180 billion` and `yuan`, `1800` and `亿元`.
    pub fn number_and_unit(&self, quantity: &Quantity, language: &str) -> (String, String) {
        match self.named_unit(quantity, language) {
            Some((number, unit)) if is_chinese(language) => (number.to_string(), unit.to_owned()),
            Some((number, unit)) => (in_english(&number), unit.to_owned()),
            None => (quantity.number.to_string(), quantity.unit_text()),
        }
    }

    /// The number of a quantity with its scale worked in, and its unit as the project names it in
    /// `language`; `None` where it does not.
    pub fn named_unit(&self, quantity: &Quantity, language: &str) -> Option<(Decimal, &str)> {
        let unit = quantity.unit.as_deref().unwrap_or_default();
        let label = self.project().units.get(unit)?.get(language)?;
        Some((quantity.absolute()?, label))
    }

    /// A stretch of a source as article and position: `credit-reports char=2540,2568`.
    pub fn place(&self, passage: Passage) -> String {
        let stands_in = self.slug(passage.article.unwrap_or(passage.source));
        format!("{stands_in} char={},{}", passage.start, passage.end)
    }
}

impl Comparator {
    /// The comparator as it stands before a number: `more than` and, in Chinese, `超过`.
    pub fn in_words(self, language: &str) -> String {
        if is_chinese(language) {
            chinese(self).to_owned()
        } else {
            self.name().replace('-', " ")
        }
    }
}

fn is_chinese(language: &str) -> bool {
    language == "zh" || language.starts_with("zh-")
}

fn in_chinese(quantity: &Quantity, number: &str, unit: &str) -> String {
    let comparator = quantity.comparator.map_or("", chinese);
    let times = [
        ("到", quantity.by, ""),
        ("截至", quantity.as_of, ""),
        ("自", quantity.since, "起"),
        ("", quantity.period, ""),
    ];
    let times: Vec<String> = times
        .into_iter()
        .filter_map(|(before, date, after)| Some(format!("{before}{}{after}", date?)))
        .collect();
    let number = format!("{comparator}{number}{unit}");
    if times.is_empty() {
        number
    } else {
        format!("{number}（{}）", times.join("，"))
    }
}

/// A number as English has it, unrounded: `180 billion`, `2.25 million`, `28,000`, `20`.
fn in_english(number: &Decimal) -> String {
    let digits = number.to_string();
    if !number.is_integer() || digits.trim_start_matches('-').len() < 5 {
        return digits;
    }
    for (word, exponent) in [("trillion", 12), ("billion", 9), ("million", 6)] {
        let Some((whole, rest)) = digits.split_at_checked(digits.len().saturating_sub(exponent))
        else {
            continue;
        };
        let fraction = rest.trim_end_matches('0');
        if !whole.trim_start_matches('-').is_empty() && fraction.len() <= 2 {
            let point = if fraction.is_empty() { "" } else { "." };
            return format!("{whole}{point}{fraction} {word}");
        }
    }
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let is_first = grouped.is_empty() || grouped == "-";
        if !is_first && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn chinese(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::About => "约",
        Comparator::Almost => "近",
        Comparator::AtLeast => "不少于",
        Comparator::AtMost => "不超过",
        Comparator::MoreThan => "超过",
        Comparator::Reach => "达到",
        Comparator::IncreaseTo => "增至",
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparator, Decimal, in_english};

    #[test]
    fn comparators_have_words() {
        assert_eq!(Comparator::MoreThan.in_words("en"), "more than");
        assert_eq!(Comparator::MoreThan.in_words("zh-Hans"), "超过");
    }

    #[test]
    fn english_has_words_for_long_numbers() {
        for (digits, words) in [
            ("20", "20"),
            ("-1800", "-1800"),
            ("28000", "28,000"),
            ("-189000", "-189,000"),
            ("2250000", "2.25 million"),
            ("2251000", "2,251,000"),
            ("180000000000", "180 billion"),
            ("-1000000000000", "-1 trillion"),
            ("999999999999999999", "999,999,999,999,999,999"),
            ("12345.5", "12345.5"),
        ] {
            assert_eq!(in_english(&Decimal::parse(digits).unwrap()), words);
        }
    }
}
