//! Tables of entities become definitions, and additions to entities that stand elsewhere.

use toml::Spanned;
use toml::de::DeValue;

use super::evidence::{Stated, parse_range};
use super::project::table_span;
use super::schema::RESERVED;
use super::value::Subject;
use super::{Context, Definition, EntityKind, Loader, NameEntry, legal, span_of};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::model::NameKind;
use crate::schema::ClassId;
use crate::source::{
    ArticleRecord, EntityRecord, Entry, EvidenceRecord, Names, NestedRecord, SourceRecord, Table,
};
use crate::suggest;

/// What the head of an entity's table says.
struct Head {
    class_name: Option<Spanned<String>>,
    stated: Stated,
    names: Vec<NameEntry>,
    /// Languages of the project in which it gives no name, not even a faulty one.
    unnamed: Vec<String>,
}

impl Loader {
    /// Reads `sources.toml`. Documents and articles are known before any position is read.
    pub(super) fn read_sources(&mut self, file: FileId, mut table: Table<'_>) {
        let mut sources = table.take_table("source", &mut self.diagnostics);
        let mut articles = table.take_table("article", &mut self.diagnostics);
        table.finish(&mut self.diagnostics);
        let mut entities = Vec::new();
        for entry in sources.take_rest() {
            entities.extend(self.read_source_head(entry).map(|it| (it, None)));
        }
        for entry in articles.take_rest() {
            let slug = entry.key.clone().into_owned();
            entities.extend(
                self.read_article_head(file, entry)
                    .map(|it| (it, Some(slug))),
            );
        }
        for ((slug, slug_span, table), article) in entities {
            let context = Context {
                article: article.as_deref(),
            };
            self.read_entity(file, &slug, slug_span, table, context);
        }
    }

    fn read_source_head<'t>(&mut self, entry: Entry<'t>) -> Option<(String, Span, Table<'t>)> {
        let (slug, slug_span) = (entry.key.clone().into_owned(), entry.key_span);
        let mut table = entry.into_table(&mut self.diagnostics)?;
        let record = table.read::<SourceRecord>(&mut self.diagnostics)?;
        let sha256 = record.sha256.as_ref();
        if sha256.len() != 64
            || !sha256
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        {
            self.report(
                Diagnostic::error(
                    Code::InvalidDigest,
                    span_of(slug_span.file, &record.sha256),
                    format!("`{}` is not a SHA-256 digest", legal::shorten(sha256)),
                )
                .with_hint("64 lower-case hexadecimal digits, as sha256sum prints them"),
            );
        }
        let kind = EntityKind::Source {
            sha256: sha256.clone(),
            length: record.length.into_inner(),
        };
        self.define(&slug, slug_span, None, kind);
        Some((slug, slug_span, table))
    }

    fn read_article_head<'t>(
        &mut self,
        file: FileId,
        entry: Entry<'t>,
    ) -> Option<(String, Span, Table<'t>)> {
        let (slug, slug_span) = (entry.key.clone().into_owned(), entry.key_span);
        let mut table = entry.into_table(&mut self.diagnostics)?;
        let record = table.read::<ArticleRecord>(&mut self.diagnostics)?;
        let source = record.source.as_ref().clone();
        let length = match self.definitions.get(&source).map(|it| &it.kind) {
            Some(EntityKind::Source { length, .. }) => *length,
            _ => {
                self.report_unknown_source(span_of(file, &record.source), &source);
                u32::MAX
            }
        };
        let mut ranges = Vec::new();
        for range in &record.range.0 {
            match parse_range(range.as_ref()).filter(|(_, end)| *end <= length) {
                Some((start, end)) => ranges.push(start..end),
                None => self.report(
                    Diagnostic::error(
                        Code::InvalidPosition,
                        span_of(file, range),
                        format!(
                            "`{}` is not a stretch of the source",
                            legal::shorten(range.as_ref())
                        ),
                    )
                    .with_hint(format!(
                        "write char=START,END in code points, END at most {length}"
                    )),
                ),
            }
        }
        self.define(
            &slug,
            slug_span,
            None,
            EntityKind::Article { source, ranges },
        );
        Some((slug, slug_span, table))
    }

    /// Reads a file below `entities/`.
    pub(super) fn read_entities(&mut self, file: FileId, mut table: Table<'_>) {
        for entry in table.take_rest() {
            self.read_top_level(file, entry, Context::default());
        }
    }

    /// Reads a file below `articles/`.
    pub(super) fn read_article(&mut self, file: FileId, mut table: Table<'_>) {
        let article = match table.take("article") {
            Some(entry) => match entry.value.as_str() {
                Some(slug) => {
                    self.check_article(slug, entry.span);
                    slug.to_owned()
                }
                None => {
                    self.report_wrong_type(&entry, "the slug of an article");
                    String::new()
                }
            },
            None => {
                self.report(
                    Diagnostic::error(Code::MissingKey, table_span(file), "the key `article` is missing")
                        .with_hint("say first which article of sources.toml the file is about: article = \"SLUG\""),
                );
                String::new()
            }
        };
        // An article that is not known is still one: what depends on it is not judged.
        let context = Context {
            article: Some(&article),
        };
        for entry in table.take_rest() {
            self.read_top_level(file, entry, context);
        }
    }

    /// Whether `slug` is an article; reports it otherwise.
    pub(super) fn check_article(&mut self, slug: &str, span: Span) -> bool {
        if self.articles.contains(slug) {
            return true;
        }
        let known = self.articles.iter().map(String::as_str);
        let hint = suggest::nearest(slug, known)
            .map(|name| format!("did you mean `{name}`?"))
            .or_else(|| Some("declare it in sources.toml under [article.SLUG]".to_owned()));
        self.report(
            Diagnostic::error(
                Code::UnknownArticle,
                span,
                format!(
                    "sources.toml declares no article `{}`",
                    legal::shorten(slug)
                ),
            )
            .with_hint_if(hint),
        );
        false
    }

    fn read_top_level(&mut self, file: FileId, entry: Entry<'_>, context: Context<'_>) {
        let (slug, span) = (entry.key.clone().into_owned(), entry.key_span);
        let Some(table) = entry.into_table(&mut self.diagnostics) else {
            return;
        };
        if table.has("is") {
            self.define(&slug, span, None, EntityKind::Plain);
        }
        self.read_entity(file, &slug, span, table, context);
    }

    /// Notes a definition. A slug that is taken already is reported.
    fn define(&mut self, slug: &str, slug_span: Span, position: Option<u16>, kind: EntityKind) {
        if let Some(diagnostic) = legal::slug_fault(slug, slug_span) {
            self.report(diagnostic);
        }
        if let Some(first) = self.definitions.get(slug) {
            let diagnostic = Diagnostic::error(
                Code::DuplicateSlug,
                slug_span,
                format!("the slug `{}` is taken already", legal::shorten(slug)),
            )
            .with_hint("take `is` away to add to that entity, or choose another slug")
            .with_related(first.slug_span, "first defined here");
            self.report(diagnostic);
            return;
        }
        match kind {
            EntityKind::Plain => {}
            EntityKind::Source { .. } => drop(self.sources.insert(slug.to_owned())),
            EntityKind::Article { .. } => drop(self.articles.insert(slug.to_owned())),
        }
        let definition = Definition {
            slug_span,
            class: None,
            position,
            names: Vec::new(),
            kind,
        };
        self.definitions.insert(slug.to_owned(), definition);
    }

    /// Reads the table of an entity that was noted as defined here, or adds to one that stands
    /// elsewhere.
    fn read_entity(
        &mut self,
        file: FileId,
        slug: &str,
        slug_span: Span,
        mut table: Table<'_>,
        context: Context<'_>,
    ) {
        let head = self.read_head(file, &mut table, context);
        let defines = self.defines(slug, slug_span);
        if defines && head.class_name.is_none() {
            self.report_missing_key(table.span, "is");
        }
        let class = head
            .class_name
            .as_ref()
            .and_then(|name| self.concrete_class(file, name));
        self.settle(slug, slug_span, class, &head);
        let subject = Subject {
            slug,
            evidence: head.stated.evidence,
        };
        let is_second = !defines && head.class_name.is_some();
        self.read_slots(file, subject, table, context, is_second);
    }

    /// Reads an entity that is defined as the value of a slot.
    ///
    /// Its class is `default_class` where it gives none. Gives back its slug, where that stands,
    /// and its evidence, which is the evidence of the slot's value as well.
    pub(super) fn define_nested(
        &mut self,
        file: FileId,
        mut table: Table<'_>,
        default_class: Option<ClassId>,
        position: Option<u16>,
        context: Context<'_>,
    ) -> Option<(String, Span, Stated)> {
        let id = table.read::<NestedRecord>(&mut self.diagnostics)?.id;
        let slug_span = span_of(file, &id);
        let slug = id.into_inner();
        let head = self.read_head(file, &mut table, context);
        let class = match &head.class_name {
            Some(name) => self.concrete_class(file, name),
            None => {
                if default_class.is_none() {
                    self.report_missing_key(table.span, "is");
                }
                default_class
            }
        };
        self.define(&slug, slug_span, position, EntityKind::Plain);
        self.settle(&slug, slug_span, class, &head);
        let subject = Subject {
            slug: &slug,
            evidence: head.stated.evidence,
        };
        let is_second = !self.defines(&slug, slug_span);
        self.read_slots(file, subject, table, context, is_second);
        Some((slug, slug_span, head.stated))
    }

    /// Whether the entity `slug` is defined at `span`, not elsewhere.
    fn defines(&self, slug: &str, span: Span) -> bool {
        self.definitions
            .get(slug)
            .is_some_and(|it| it.slug_span == span)
    }

    fn read_head(&mut self, file: FileId, table: &mut Table<'_>, context: Context<'_>) -> Head {
        let record = table.read::<EntityRecord>(&mut self.diagnostics);
        let evidence = table.read::<EvidenceRecord>(&mut self.diagnostics);
        let stated = self.stated(file, evidence.unwrap_or_default(), context, None);
        let (mut names, mut unnamed) = (Vec::new(), Vec::new());
        for (at, language) in self.project.languages.clone().into_iter().enumerate() {
            let Some(entry) = table.take(&language) else {
                unnamed.push(language);
                continue;
            };
            match entry.value.as_str() {
                Some(name) => self.push_name(
                    &mut names,
                    NameEntry {
                        language,
                        kind: NameKind::Canonical,
                        text: name.to_owned(),
                        span: entry.span,
                        article: None,
                        // The sources print names in their own language only.
                        evidence: stated.evidence.filter(|_| at == 0),
                    },
                ),
                None => self.report_wrong_type(&entry, "a name as a string"),
            }
        }
        let mut class_name = None;
        if let Some(record) = record {
            class_name = record.is;
            self.further_names(file, record.alias, NameKind::Alias, None, &mut names);
            let has_short = !(record.short.plain.is_empty() && record.short.by_language.is_empty());
            if has_short && context.article.is_none() {
                self.report(
                    Diagnostic::error(
                        Code::UnknownKey,
                        table.span,
                        "`short` stands outside an article",
                    )
                    .with_hint("a short form means something in one article; write `alias` here"),
                );
            }
            self.further_names(
                file,
                record.short,
                NameKind::Short,
                context.article,
                &mut names,
            );
        }
        Head {
            class_name,
            stated,
            names,
            unnamed,
        }
    }

    fn further_names(
        &mut self,
        file: FileId,
        written: Names,
        kind: NameKind,
        article: Option<&str>,
        names: &mut Vec<NameEntry>,
    ) {
        let first_language = self.project.languages.first().cloned();
        let mut groups: Vec<(String, Vec<Spanned<String>>)> = Vec::new();
        groups.extend(first_language.map(|language| (language, written.plain)));
        for (language, group) in written.by_language {
            if self.project.languages.contains(language.as_ref()) {
                groups.push((language.into_inner(), group));
            } else {
                self.report_unknown_language(span_of(file, &language), language.as_ref());
            }
        }
        for (language, group) in groups {
            for name in group {
                let entry = NameEntry {
                    language: language.clone(),
                    kind,
                    span: span_of(file, &name),
                    text: name.into_inner(),
                    article: article.map(str::to_owned),
                    evidence: None,
                };
                self.push_name(names, entry);
            }
        }
    }

    fn push_name(&mut self, names: &mut Vec<NameEntry>, name: NameEntry) {
        match legal::name_fault(&name.text, name.span) {
            None => names.push(name),
            Some(diagnostic) => self.report(diagnostic),
        }
    }

    /// Gives class and names to the entity that is defined at `slug_span`, or notes what is added to
    /// one that stands elsewhere.
    fn settle(&mut self, slug: &str, slug_span: Span, class: Option<ClassId>, head: &Head) {
        if !self.defines(slug, slug_span) {
            if head.class_name.is_none() {
                self.additions
                    .push((slug.to_owned(), slug_span, head.names.clone()));
            }
            return;
        }
        for language in &head.unnamed {
            self.report(
                Diagnostic::error(
                    Code::MissingName,
                    slug_span,
                    format!(
                        "`{}` has no name in the language `{language}`",
                        legal::shorten(slug)
                    ),
                )
                .with_hint(format!("{language} = \"…\"")),
            );
        }
        let Some(definition) = self.definitions.get_mut(slug) else {
            return;
        };
        definition.class = class;
        definition.names.clone_from(&head.names);
        if matches!(definition.kind, EntityKind::Plain) {
            self.need_evidence(head.stated, slug_span, "the entity");
        }
    }

    /// Every key that is still there is a slot. What a second definition of one slug says is looked
    /// at, but does not count as said of the first.
    fn read_slots(
        &mut self,
        file: FileId,
        subject: Subject<'_>,
        mut table: Table<'_>,
        context: Context<'_>,
        is_second: bool,
    ) {
        let first = self.facts.len();
        for entry in table.take_rest() {
            match self.slots_by_name.get(entry.key.as_ref()).copied() {
                Some(slot) => self.read_slot_values(file, subject, slot, entry, context),
                None => {
                    self.report_unknown_slot(entry.key_span, &entry.key, RESERVED);
                    self.define_all_in(entry);
                }
            }
        }
        if is_second {
            let said = self.facts.split_off(first);
            self.facts
                .extend(said.into_iter().filter(|fact| fact.subject != subject.slug));
        }
    }

    /// Notes what is defined in the value of a slot that is not known, so that others may refer to
    /// it.
    fn define_all_in(&mut self, entry: Entry<'_>) {
        for entry in entry.into_values() {
            match entry.value {
                DeValue::Array(_) => self.define_all_in(entry),
                DeValue::Table(table) => {
                    let mut table = Table::new(entry.span, table);
                    let id = table.take("id");
                    if let Some((slug, id)) =
                        id.as_ref().and_then(|id| Some((id.value.as_str()?, id)))
                    {
                        self.define(slug, id.span, None, EntityKind::Plain);
                    }
                    for entry in table.take_rest() {
                        self.define_all_in(entry);
                    }
                }
                _ => {}
            }
        }
    }

    /// The class called `name`, if entities may be of it.
    fn concrete_class(&mut self, file: FileId, name: &Spanned<String>) -> Option<ClassId> {
        let id = self.class_named(file, name)?;
        if self.schema.class(id).is_abstract {
            self.report(
                Diagnostic::error(
                    Code::WrongClass,
                    span_of(file, name),
                    format!(
                        "`{}` is a mixin or abstract; nothing is directly of it",
                        name.as_ref()
                    ),
                )
                .with_hint("take a class below it"),
            );
        }
        Some(id)
    }
}
