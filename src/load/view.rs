//! A file of `views/` becomes a [`View`].

use toml::Spanned;

use super::{Loader, legal, span_of};
use crate::diagnostic::{Code, Diagnostic, FileId};
use crate::schema::{ClassId, SlotId};
use crate::source::{LiteralsRecord, RelationRecord, Table, ViewRecord};
use crate::suggest;
use crate::view::{Content, Direction, Follow, Grouping, Literals, Relation, View, is_page_link};

impl Loader {
    /// Reads the view in the file called `name`, which is below `views/`.
    pub(super) fn read_view(&mut self, file: FileId, name: &str, mut table: Table<'_>) {
        let stem = name.trim_start_matches("views/");
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let span = table.span;
        if let Some(fault) = legal::slug_fault(stem, span) {
            self.report(
                fault.with_hint("the file's name is the view's: lower-case ASCII words joined by hyphens, then .toml"),
            );
        }
        let record = table.read::<ViewRecord>(&mut self.diagnostics);
        table.finish(&mut self.diagnostics);
        let Some(record) = record else { return };

        let mut view = View::new(stem);
        match record.title {
            Some(title) => view.title = self.text(file, title),
            None => self.report_missing_key(span, "title"),
        }
        view.description = self.text(file, record.description);
        view.content = self.word(file, record.show, Content::ALL);
        view.direction = self.word(file, record.direction, Direction::ALL);
        view.selection.follow = self.word(file, record.follow, Follow::ALL);
        view.selection.depth = record
            .depth
            .unwrap_or_else(|| u32::from(!record.roots.is_empty()));
        view.selection.roots = self.references(file, record.roots);
        view.selection.articles = self.article_references(file, record.articles);
        view.selection.classes = self.classes(file, &record.classes);
        view.selection.except_classes = self.classes(file, &record.except_classes);
        view.selection.slots = self.slots(file, &record.slots);
        view.selection.except_slots = self.slots(file, &record.except_slots);
        view.languages = self.view_languages(file, record.languages);
        for grouping in record.cluster.0 {
            view.groupings.extend(self.grouping(file, &grouping));
        }
        for (class, relation) in record.relations {
            view.relations.extend(self.relation(file, &class, relation));
        }
        view.has_labels = record.labels.unwrap_or(true);
        view.has_legend = record.legend.unwrap_or(true);
        view.literals = match record.literals {
            None | Some(LiteralsRecord::Switch(true)) => Literals::All,
            Some(LiteralsRecord::Switch(false)) => Literals::None,
            Some(LiteralsRecord::Slots(slots)) => Literals::Of(self.slots(file, &slots)),
        };
        view.most_nodes = record.max_nodes.unwrap_or(view.most_nodes);
        view.link = record.link.and_then(|link| self.link(file, link));
        self.views.push(view);
    }

    fn link(&mut self, file: FileId, link: Spanned<String>) -> Option<String> {
        if !is_page_link(link.as_ref()) {
            let shown = legal::shorten(link.as_ref());
            self.report(
                Diagnostic::error(
                    Code::InvalidIri,
                    span_of(file, &link),
                    format!("`{shown}` does not lead to a page"),
                )
                .with_hint("https://…/{slug}, or a relative path; {slug} stands for the slug"),
            );
            return None;
        }
        Some(link.into_inner())
    }

    /// The kind that `word` names; the usual one where there is none.
    fn word<T: Copy + Default>(
        &mut self,
        file: FileId,
        word: Option<Spanned<String>>,
        known: &[(&str, T)],
    ) -> T {
        let Some(word) = word else {
            return T::default();
        };
        match known.iter().find(|(name, _)| name == word.as_ref()) {
            Some((_, kind)) => *kind,
            None => {
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                self.report(
                    Diagnostic::error(
                        Code::NotPermitted,
                        span_of(file, &word),
                        format!("`{}` is none of these words", legal::shorten(word.as_ref())),
                    )
                    .with_hint(format!("one of {}", names.join(", "))),
                );
                T::default()
            }
        }
    }

    fn references(&mut self, file: FileId, slugs: Vec<Spanned<String>>) -> Vec<String> {
        let mut known = Vec::new();
        for slug in slugs {
            let span = span_of(file, &slug);
            let slug = slug.into_inner();
            if self.definitions.contains_key(&slug) {
                known.push(slug);
            } else {
                let hint = self
                    .nearest_slug(&slug)
                    .map(|name| format!("did you mean `{name}`?"));
                self.report_unknown_reference(span, &slug, hint);
            }
        }
        known
    }

    fn article_references(&mut self, file: FileId, slugs: Vec<Spanned<String>>) -> Vec<String> {
        let mut known = Vec::new();
        for slug in slugs {
            if self.check_article(slug.as_ref(), span_of(file, &slug)) {
                known.push(slug.into_inner());
            }
        }
        known
    }

    fn classes(&mut self, file: FileId, names: &[Spanned<String>]) -> Vec<ClassId> {
        names
            .iter()
            .filter_map(|name| self.class_named(file, name))
            .collect()
    }

    fn slots(&mut self, file: FileId, names: &[Spanned<String>]) -> Vec<SlotId> {
        names
            .iter()
            .filter_map(|name| self.slot_named(file, name))
            .collect()
    }

    fn view_languages(&mut self, file: FileId, tags: Vec<Spanned<String>>) -> Vec<String> {
        let mut known = Vec::new();
        for tag in tags {
            if self.project.languages.contains(tag.as_ref()) {
                known.push(tag.into_inner());
            } else {
                self.report_unknown_language(span_of(file, &tag), tag.as_ref());
            }
        }
        known
    }

    fn grouping(&mut self, file: FileId, word: &Spanned<String>) -> Option<Grouping> {
        let name = word.as_ref().as_str();
        let found = Grouping::named(&self.schema, name);
        if found.is_none() {
            let known = self.slots_by_name.keys().chain(self.classes_by_name.keys());
            let known = known.map(String::as_str).chain(["class", "article"]);
            let hint = match suggest::nearest(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`class`, `article`, or a slot or class of schema.toml".to_owned(),
            };
            self.report(
                Diagnostic::error(
                    Code::UnknownSlot,
                    span_of(file, word),
                    format!("nothing can be grouped by `{}`", legal::shorten(name)),
                )
                .with_hint(hint),
            );
        }
        found
    }

    fn relation(
        &mut self,
        file: FileId,
        class: &Spanned<String>,
        record: RelationRecord,
    ) -> Option<Relation> {
        let class = self.class_named(file, class);
        let from = self.slot_named(file, &record.from);
        let to = self.slot_named(file, &record.to);
        let label = record
            .label
            .map(|label| self.slot_named(file, &label).ok_or(()));
        Some(Relation {
            class: class?,
            from: from?,
            to: to?,
            label: label.transpose().ok()?,
        })
    }
}
