//! Values and places in words.

use super::{Comparator, KnowledgeGraph, Passage, Quantity, Value};
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
            Value::Quantity(quantity) => quantity.in_words(language),
        }
    }

    /// A stretch of a source as article and position: `credit-reports char=2540,2568`.
    pub fn place(&self, passage: Passage) -> String {
        let stands_in = self.slug(passage.article.unwrap_or(passage.source));
        format!("{stands_in} char={},{}", passage.start, passage.end)
    }
}

impl Quantity {
    /// The quantity in words of `language`: `more than 11%, by 2027`, `超过11%（到2027）`.
    ///
    /// Chinese has its own words, every other language English ones.
    pub fn in_words(&self, language: &str) -> String {
        if language != "zh" && !language.starts_with("zh-") {
            return self.to_string();
        }
        let comparator = self.comparator.map_or("", chinese);
        let times = [
            ("到", self.by, ""),
            ("截至", self.as_of, ""),
            ("自", self.since, "起"),
            ("", self.period, ""),
        ];
        let times: Vec<String> = times
            .into_iter()
            .filter_map(|(before, date, after)| Some(format!("{before}{}{after}", date?)))
            .collect();
        let number = format!("{comparator}{}{}", self.number, self.unit_text());
        if times.is_empty() {
            number
        } else {
            format!("{number}（{}）", times.join("，"))
        }
    }
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
