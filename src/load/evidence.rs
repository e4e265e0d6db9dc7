//! Evidence: positions, wording, status, and why something follows.

use toml::Spanned;

use super::{Context, EntityKind, Evidence, Loader, PendingPassage, legal, span_of};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::model::Status;
use crate::source::EvidenceRecord;
use crate::suggest;

/// What stands behind a fact or a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated {
    /// Place in the loader's list of evidence; `None` where there is none.
    pub(super) evidence: Option<usize>,
    pub(super) status: Status,
}

impl Loader {
    /// Reads evidence. Without positions of its own a fact takes those of `inherited`, its subject.
    pub(super) fn stated(
        &mut self,
        file: FileId,
        record: EvidenceRecord,
        context: Context<'_>,
        inherited: Option<usize>,
    ) -> Stated {
        let status = record.status.and_then(|name| self.status(file, &name));
        let mut passages: Vec<PendingPassage> = Vec::new();
        for position in &record.at.0 {
            passages.extend(self.passage(file, position, context));
        }
        let wording: Vec<String> = record
            .wording
            .0
            .into_iter()
            .map(Spanned::into_inner)
            .collect();
        let inferred = self.text(file, record.inferred);
        let inferred = (!inferred.is_empty()).then_some(inferred);
        let is_own = !record.at.0.is_empty() || !wording.is_empty() || inferred.is_some();
        let evidence = if is_own {
            if record.at.0.is_empty() && inferred.is_none() {
                passages = inherited.map_or_else(Vec::new, |at| self.evidence[at].passages.clone());
            }
            self.evidence.push(Evidence {
                passages,
                wording,
                inferred,
            });
            Some(self.evidence.len() - 1)
        } else {
            inherited
        };
        Stated {
            evidence,
            status: status.unwrap_or(Status::Asserted),
        }
    }

    /// The evidence, or that of nothing, reported.
    pub(super) fn need_evidence(&mut self, stated: Stated, span: Span, what: &str) -> usize {
        match stated.evidence {
            Some(at) => at,
            None => {
                self.report(
                    Diagnostic::error(
                        Code::MissingEvidence,
                        span,
                        format!("{what} has no evidence"),
                    )
                    .with_hint("say where it stands: at = \"char=START,END\""),
                );
                self.evidence.push(Evidence::default());
                self.evidence.len() - 1
            }
        }
    }

    fn status(&mut self, file: FileId, name: &Spanned<String>) -> Option<Status> {
        let found = Status::named(name.as_ref());
        if found.is_none() {
            let known: Vec<_> = Status::ALL.iter().map(|status| status.name()).collect();
            self.report_not_permitted(span_of(file, name), name.as_ref(), "a status", &known);
        }
        found
    }

    /// Reports a word that is none of `known`.
    pub(super) fn report_not_permitted(
        &mut self,
        span: Span,
        word: &str,
        what: &str,
        known: &[&str],
    ) {
        let hint = match suggest::nearest(word, known.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("one of {}", known.join(", ")),
        };
        self.report(
            Diagnostic::error(
                Code::NotPermitted,
                span,
                format!("`{}` is not {what}", legal::shorten(word)),
            )
            .with_hint(hint),
        );
    }

    /// Reads a position: `char=START,END`, before it a source's slug and `#` where the project has
    /// several sources.
    fn passage(
        &mut self,
        file: FileId,
        position: &Spanned<String>,
        context: Context<'_>,
    ) -> Option<PendingPassage> {
        let span = span_of(file, position);
        let (named, fragment) = match position.as_ref().split_once('#') {
            Some((source, fragment)) => (Some(source), fragment),
            None => (None, position.as_ref().as_str()),
        };
        let Some((start, end)) = parse_range(fragment) else {
            self.report(
                Diagnostic::error(
                    Code::InvalidPosition,
                    span,
                    format!("`{}` is not a position", legal::shorten(position.as_ref())),
                )
                .with_hint("write char=START,END in code points from zero, START before END"),
            );
            return None;
        };
        let source = self.source_of(span, named, context)?;
        let EntityKind::Source { length, .. } = self.definitions.get(&source)?.kind else {
            return None;
        };
        if end > length {
            self.report(
                Diagnostic::error(
                    Code::InvalidPosition,
                    span,
                    format!("the position ends at {end}, the text of `{source}` at {length}"),
                )
                .with_hint("positions count Unicode code points, not bytes"),
            );
            return None;
        }
        let article = match context.article {
            Some(article) => {
                self.check_inside(article, &source, start, end, span);
                Some(article.to_owned())
            }
            None => self.article_at(&source, start, end),
        };
        Some(PendingPassage {
            source,
            article,
            start,
            end,
        })
    }

    /// The source that a position counts in: the one it names, the article's, or the only one.
    fn source_of(
        &mut self,
        span: Span,
        named: Option<&str>,
        context: Context<'_>,
    ) -> Option<String> {
        if let Some(named) = named {
            if self.sources.contains(named) {
                return Some(named.to_owned());
            }
            self.report_unknown_source(span, named);
            return None;
        }
        let article = context
            .article
            .and_then(|article| self.definitions.get(article));
        if let Some(EntityKind::Article { source, .. }) = article.map(|it| &it.kind) {
            return Some(source.clone());
        }
        let mut sources = self.sources.iter();
        match (sources.next(), sources.next()) {
            (Some(only), None) => Some(only.clone()),
            // The article is not known, which is reported already.
            _ if context.article.is_some() => None,
            // That there is no source at all is reported once.
            (None, _) if self.has_missed_source => None,
            (first, _) => {
                self.has_missed_source = first.is_none();
                let hint = if first.is_some() {
                    "name the source before the position: at = \"SOURCE#char=START,END\""
                } else {
                    "declare the source document in sources.toml under [source.SLUG]"
                };
                self.report(
                    Diagnostic::error(
                        Code::UnknownSource,
                        span,
                        "it is not clear which source the position counts in",
                    )
                    .with_hint(hint),
                );
                None
            }
        }
    }

    pub(super) fn report_unknown_source(&mut self, span: Span, name: &str) {
        let known = self.sources.iter().map(String::as_str);
        let hint = suggest::nearest(name, known).map(|name| format!("did you mean `{name}`?"));
        self.report(
            Diagnostic::error(
                Code::UnknownSource,
                span,
                format!("sources.toml declares no source `{}`", legal::shorten(name)),
            )
            .with_hint_if(hint),
        );
    }

    fn check_inside(&mut self, article: &str, source: &str, start: u32, end: u32, span: Span) {
        let Some(EntityKind::Article {
            source: own,
            ranges,
        }) = self.definitions.get(article).map(|it| &it.kind)
        else {
            return;
        };
        if own == source && ranges.iter().any(|it| it.start <= start && end <= it.end) {
            return;
        }
        let ranges: Vec<_> = ranges
            .iter()
            .map(|it| format!("char={},{}", it.start, it.end))
            .collect();
        self.report(
            Diagnostic::error(
                Code::PositionOutsideArticle,
                span,
                format!("the position lies outside the article `{article}`"),
            )
            .with_hint(format!("the article occupies {}", ranges.join(" and "))),
        );
    }

    /// The article that a stretch lies in.
    fn article_at(&self, source: &str, start: u32, end: u32) -> Option<String> {
        let holds = |slug: &&String| match self.definitions.get(*slug).map(|it| &it.kind) {
            Some(EntityKind::Article {
                source: own,
                ranges,
            }) => own == source && ranges.iter().any(|it| it.start <= start && end <= it.end),
            _ => false,
        };
        self.articles.iter().find(holds).cloned()
    }
}

/// Start and end of `char=START,END`, where they are in order.
pub(super) fn parse_range(text: &str) -> Option<(u32, u32)> {
    let (start, end) = text.strip_prefix("char=")?.split_once(',')?;
    let number = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse::<u32>().ok())
            .flatten()
    };
    let (start, end) = (number(start)?, number(end)?);
    (start < end).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::parse_range;

    #[test]
    fn positions_are_half_open_ranges() {
        assert_eq!(parse_range("char=0,1"), Some((0, 1)));
        assert_eq!(parse_range("char=592,643"), Some((592, 643)));
        for text in [
            "",
            "char=",
            "char=5",
            "char=5,5",
            "char=6,5",
            "char=-1,5",
            "char=+1,5",
            "line=1,2",
            "char=1,4294967296",
            "char=1, 2",
        ] {
            assert_eq!(parse_range(text), None, "{text}");
        }
    }
}
