//! Changes in words, one line each.

use super::{Change, ChangeKind, Details};

impl Change {
    /// The change in words, on one line: `population: 2.8万人 → 3万人`.
    pub fn words(&self) -> String {
        let text = |shown: &Option<super::Shown>| {
            shown
                .as_ref()
                .map_or(String::new(), |shown| shown.text.clone())
        };
        let (old, new, value) = (text(&self.old), text(&self.new), text(&self.value));
        let slot = self.slot_words();
        let fact = if value.is_empty() {
            slot.clone()
        } else {
            format!("{slot} {value}")
        };
        let details = self.details.words();
        let between = |what: &str| match (&self.old, &self.new) {
            (Some(_), Some(_)) => format!("{what}: {old} → {new}"),
            (None, _) => format!("{what} added: {new}"),
            (_, None) => format!("{what} removed: {old}"),
        };
        match self.kind {
            ChangeKind::EntityAdded if value.is_empty() => "entity added".to_owned(),
            ChangeKind::EntityRemoved if value.is_empty() => "entity removed".to_owned(),
            ChangeKind::EntityAdded => format!("entity added ({value})"),
            ChangeKind::EntityRemoved => format!("entity removed ({value})"),
            ChangeKind::Class | ChangeKind::Value => between(&slot),
            ChangeKind::Added => format!("{slot} added: {value}{details}"),
            ChangeKind::Removed => format!("{slot} removed: {value}{details}"),
            ChangeKind::Status => format!("{fact}, status: {old} → {new}"),
            ChangeKind::EvidenceMoved => format!("evidence moved: {fact}, {old} → {new}"),
            ChangeKind::EvidenceAdded => format!("evidence added: {fact}, {new}"),
            ChangeKind::EvidenceRemoved => format!("evidence removed: {fact}, {old}"),
            ChangeKind::Wording => format!("{fact}, {}", between("wording")),
            ChangeKind::Inference => {
                let language = self.language.as_deref().unwrap_or("");
                let what = match language {
                    "" => "inferred".to_owned(),
                    language => format!("inferred ({language})"),
                };
                format!("{fact}, {}", between(&what))
            }
            ChangeKind::StatementAdded => format!("statement added: {fact}{details}"),
            ChangeKind::StatementRemoved => format!("statement removed: {fact}{details}"),
            ChangeKind::StatementRenamed => format!("statement renamed: {fact}, {old} → {new}"),
            ChangeKind::Plain => format!("now a plain triple: {fact}"),
            ChangeKind::NotPlain => format!("no longer a plain triple: {fact}"),
            ChangeKind::BlankNodes => format!("blank nodes: {value} {old} → {new}"),
        }
    }

    /// The slot, after what it belongs to, with the language of its text.
    fn slot_words(&self) -> String {
        let mut words = String::new();
        if let Some(part) = &self.part {
            words.push_str(part);
            words.push_str(", ");
        }
        if let Some(slot) = &self.slot {
            words.push_str(&slot.label);
        }
        let is_inference = self.kind == ChangeKind::Inference;
        if let Some(language) = self.language.as_ref().filter(|_| !is_inference) {
            words.push_str(&format!(" ({language})"));
        }
        words
    }
}

impl Details {
    /// In brackets, after a blank; nothing where nothing is known.
    fn words(&self) -> String {
        let mut parts = self.status.clone();
        parts.extend(self.evidence.iter().map(|shown| shown.text.clone()));
        parts.extend(self.wording.iter().map(|words| format!("as “{words}”")));
        for reason in &self.inferred {
            parts.push(match &reason.language {
                Some(language) => format!("inferred ({language}): {}", reason.text),
                None => format!("inferred: {}", reason.text),
            });
        }
        if parts.is_empty() {
            String::new()
        } else {
            format!(" [{}]", parts.join("; "))
        }
    }
}
