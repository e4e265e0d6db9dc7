//! Where a file cannot be read, what follows from that alone is left out.
//!
//! Without the project's languages every name would be wrong, and without the schema every fact. Such
//! faults say nothing; all others are reported, whatever else is wrong.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::source::{ProjectFiles, Role};

/// What is wrong with a file itself; what it says is then not known, or not all of it.
const BREAKS_FILE: &[Code] = &[
    Code::UnreadableFile,
    Code::InvalidUtf8,
    Code::InvalidToml,
    Code::MissingFile,
    Code::UnexpectedFile,
];

/// Takes out of `diagnostics` what only follows from a file that is missing or broken, or from the
/// lack of any language to read names in.
pub(super) fn leave_out(
    files: &ProjectFiles,
    knows_languages: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let role_of = |file: FileId| {
        let file = files.files.get(file.0 as usize);
        file.map_or(Role::Unexpected, |file| file.role)
    };
    let broken: BTreeSet<FileId> = diagnostics
        .iter()
        .filter(|it| {
            matches!(
                it.code,
                Code::UnreadableFile | Code::InvalidUtf8 | Code::InvalidToml
            )
        })
        .map(|it| it.span.file)
        .collect();
    let exists = |role: Role| files.files.iter().any(|file| file.role == role);
    let is_broken = |role: Role| broken.iter().any(|file| role_of(*file) == role);
    let is_needed = |role: Role| role != Role::Sources || exists(Role::Article);
    // Project, schema and sources are what all that comes after them is read with.
    let lost = [Role::Project, Role::Schema, Role::Sources]
        .into_iter()
        .find(|role| {
            is_broken(*role)
                || (is_needed(*role) && !exists(*role))
                || (*role == Role::Project && !knows_languages)
        });
    let names_something_in_broken = |span: Span| {
        let file = files.files.get(span.file.0 as usize);
        file.and_then(|file| file.text.get(span.start..span.end))
            .map(|slug| slug.trim_matches(['"', '\'']))
            .is_some_and(|slug| broken.iter().any(|it| files.file(*it).text.contains(slug)))
    };
    let not_utf8: BTreeSet<FileId> = diagnostics
        .iter()
        .filter(|it| it.code == Code::InvalidUtf8)
        .map(|it| it.span.file)
        .collect();

    let is_only_one = diagnostics.len() == 1;
    diagnostics.retain(|it| {
        let file = it.span.file;
        match it.code {
            Code::InvalidToml => !not_utf8.contains(&file),
            Code::UnexpectedFile => !broken.contains(&file),
            Code::EmptyProject => is_only_one,
            code if BREAKS_FILE.contains(&code) => true,
            _ if broken.contains(&file) || lost.is_some_and(|lost| role_of(file) > lost) => false,
            Code::UnknownReference | Code::MissingSlot => !names_something_in_broken(it.span),
            _ => true,
        }
    });
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::load::load;
    use crate::source::SourceFile;

    const PROJECT: &str = r#"
name = "fiction"
version = "0.1.0"
base = "https://kg.example/fiction/"
terms = "https://kg.example/fiction/terms#"
languages = ["zh", "en"]
license = "https://creativecommons.org/licenses/by/4.0/"
title = { zh = "虚构图谱", en = "Fictional graph" }
"#;
    const SCHEMA: &str = r#"
[classes]
Place = { zh = "地点", en = "place", slots = ["part_of"] }
City = { zh = "城市", en = "city", is_a = "Place" }
[slots]
part_of = { zh = "属于", en = "part of", range = "Place" }
"#;
    const SOURCES: &str = r#"
[source.page]
is = "Place"
zh = "版面"
en = "page"
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
length = 100
[article.news]
is = "Place"
zh = "报道"
en = "news"
source = "page"
range = "char=0,60"
"#;
    const ARTICLE: &str = r#"
article = "news"
[city-a]
is = "City"
zh = "甲市"
en = "City A"
at = "char=0,2"
part_of = { to = "region", at = "char=0,2" }
"#;
    const ENTITIES: &str = r#"
[region]
is = "Place"
zh = "甲区域"
en = "Region A"
at = "char=3,6"
"#;

    /// The codes that are found when in the file `name` `old` becomes `new`.
    fn codes_with(name: &str, old: &str, new: &str) -> Vec<&'static str> {
        let files = [
            ("articles/a.toml", Role::Article, ARTICLE),
            ("entities/a.toml", Role::Entities, ENTITIES),
            ("project.toml", Role::Project, PROJECT),
            ("schema.toml", Role::Schema, SCHEMA),
            ("sources.toml", Role::Sources, SOURCES),
        ];
        let files = files
            .into_iter()
            .map(|(file, role, text)| SourceFile {
                name: file.to_owned(),
                role,
                text: if file == name {
                    assert!(text.contains(old), "{old}");
                    text.replacen(old, new, 1)
                } else {
                    text.to_owned()
                },
            })
            // A file without text is left out.
            .filter(|file| !file.text.is_empty())
            .collect();
        let root = PathBuf::from("data");
        let loaded = load(ProjectFiles { root, files }, Vec::new(), &[]);
        loaded.diagnostics.iter().map(|it| it.code.name()).collect()
    }

    #[test]
    fn a_broken_file_makes_no_further_faults() {
        assert_eq!(codes_with("", "", ""), [""; 0]);
        for (name, old, new, expected) in [
            ("project.toml", PROJECT, "", "missing-file"),
            ("project.toml", "version", "versoin", "unknown-key"),
            ("project.toml", "\"en\"]", "\"英文\"]", "invalid-language"),
            ("project.toml", "\"zh\", \"en\"", "", "invalid-language"),
            ("project.toml", "\"zh\"", "\"zh", "invalid-toml"),
            ("schema.toml", SCHEMA, "", "missing-file"),
            ("schema.toml", "\"place\"", "place", "invalid-toml"),
            ("sources.toml", SOURCES, "", "missing-file"),
            (
                "sources.toml",
                "[source.page]",
                "[source.page",
                "invalid-toml",
            ),
            ("entities/a.toml", "[region]", "[region", "invalid-toml"),
            (
                "articles/a.toml",
                "zh = \"甲市\"",
                "zh = \"\"",
                "invalid-name",
            ),
            ("articles/a.toml", "\"news\"", "\"nwes\"", "unknown-article"),
            ("articles/a.toml", "part_of = {", "part = {", "unknown-slot"),
        ] {
            let found = codes_with(name, old, new);
            assert!(
                found.contains(&expected)
                    && found
                        .iter()
                        .all(|code| *code == expected || *code == "missing-key"),
                "{name}: {old} → {new}: {found:?}"
            );
        }
    }
}
