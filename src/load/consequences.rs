//! Faults that only follow from others are left out, so that one mistake makes one diagnostic.

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

/// Faults after which the languages are not known; every name is read with them.
const LOSES_LANGUAGES: &[Code] = &[Code::InvalidLanguage, Code::MissingKey, Code::WrongType];

/// Faults after which classes or slots of the schema are missing, and what follows from that.
const LOSES_TERMS: &[Code] = &[
    Code::InvalidName,
    Code::MissingKey,
    Code::WrongType,
    Code::UnknownClass,
    Code::UnknownSlot,
    Code::CircularInheritance,
];
const NEEDS_TERMS: &[Code] = &[
    Code::UnknownClass,
    Code::UnknownSlot,
    Code::SlotNotAllowed,
    Code::WrongClass,
    Code::MissingSlot,
];

/// Faults after which sources or articles are missing, and what follows from that.
const LOSES_SOURCES: &[Code] = &[Code::MissingKey, Code::WrongType, Code::InvalidPosition];
const NEEDS_SOURCES: &[Code] = &[
    Code::UnknownArticle,
    Code::UnknownSource,
    Code::UnknownReference,
    Code::PositionOutsideArticle,
];

/// What follows when an entity stands in a file that cannot be read whole.
const NEEDS_ENTITIES: &[Code] = &[Code::UnknownReference, Code::MissingSlot];

/// Takes out of `diagnostics` what would go away when the others are mended.
pub(super) fn leave_out(files: &ProjectFiles, diagnostics: &mut Vec<Diagnostic>) {
    let role_of = |file: FileId| {
        files
            .files
            .get(file.0 as usize)
            .map_or(Role::Unexpected, |file| file.role)
    };
    let found: BTreeSet<(Role, Code)> = diagnostics
        .iter()
        .map(|it| (role_of(it.span.file), it.code))
        .collect();
    let has = |role: Role, codes: &[Code]| codes.iter().any(|code| found.contains(&(role, *code)));
    let files_with = |codes: &[Code]| -> BTreeSet<FileId> {
        diagnostics
            .iter()
            .filter(|it| codes.contains(&it.code))
            .map(|it| it.span.file)
            .collect()
    };
    let broken = files_with(&[Code::UnreadableFile, Code::InvalidUtf8, Code::InvalidToml]);
    let not_utf8 = files_with(&[Code::InvalidUtf8]);
    let exists = |role: Role| files.files.iter().any(|file| file.role == role);
    let is_broken = |role: Role| broken.iter().any(|file| role_of(*file) == role);

    // Project, schema and sources are what all that comes after them is read with.
    let first_lost = [
        (
            Role::Project,
            !exists(Role::Project) || has(Role::Project, LOSES_LANGUAGES),
        ),
        (Role::Schema, !exists(Role::Schema)),
        (
            Role::Sources,
            !exists(Role::Sources) && exists(Role::Article),
        ),
    ]
    .into_iter()
    .find_map(|(role, is_lost)| (is_lost || is_broken(role)).then_some(role));

    let stands_in_broken = |span: Span| {
        let file = files.files.get(span.file.0 as usize);
        file.and_then(|file| file.text.get(span.start..span.end))
            .map(|slug| slug.trim_matches(['"', '\'']))
            .is_some_and(|slug| broken.iter().any(|it| files.file(*it).text.contains(slug)))
    };

    let is_only_one = diagnostics.len() == 1;
    diagnostics.retain(|it| {
        let (code, role) = (it.code, role_of(it.span.file));
        if BREAKS_FILE.contains(&code) {
            return code != Code::InvalidToml || !not_utf8.contains(&it.span.file);
        }
        if code == Code::EmptyProject {
            return is_only_one;
        }
        if broken.contains(&it.span.file) || first_lost.is_some_and(|lost| role > lost) {
            return false;
        }
        let follows = code == Code::UnknownPrefix && has(Role::Project, &[Code::InvalidIri])
            || role > Role::Schema && NEEDS_TERMS.contains(&code) && has(Role::Schema, LOSES_TERMS)
            || NEEDS_SOURCES.contains(&code) && has(Role::Sources, LOSES_SOURCES)
            || NEEDS_ENTITIES.contains(&code) && stands_in_broken(it.span);
        !follows
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
    fn one_mistake_makes_one_diagnostic() {
        assert_eq!(codes_with("", "", ""), [""; 0]);
        for (name, old, new, expected) in [
            ("project.toml", PROJECT, "", "missing-file"),
            ("project.toml", "version", "versoin", "unknown-key"),
            ("project.toml", "\"en\"]", "\"英文\"]", "invalid-language"),
            ("project.toml", "\"zh\", \"en\"", "", "invalid-language"),
            ("project.toml", "\"zh\"", "\"zh", "invalid-toml"),
            ("schema.toml", SCHEMA, "", "missing-file"),
            ("schema.toml", "\"place\"", "place", "invalid-toml"),
            ("schema.toml", "is_a = \"Place\"", "is_a = 5", "wrong-type"),
            ("schema.toml", "City =", "\"市\" =", "invalid-name"),
            ("sources.toml", SOURCES, "", "missing-file"),
            (
                "sources.toml",
                "[source.page]",
                "[source.page",
                "invalid-toml",
            ),
            ("sources.toml", "length = 100\n", "", "missing-key"),
            ("sources.toml", "char=0,60", "char=60", "invalid-position"),
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
