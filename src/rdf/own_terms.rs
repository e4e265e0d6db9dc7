//! What the program's own terms mean, in the namespace [`TUPU`](crate::vocab::TUPU).

use oxrdf::NamedNodeRef;

use crate::vocab::{TUPU, rdf, xsd};

/// What kind of term an [`OwnTerm`] is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum OwnTermKind {
    /// A class.
    Class,
    /// A property whose values are nodes, and the local name of their class among the own terms.
    Relation(Option<&'static str>),
    /// A property whose values are literals, and their datatype where there is one only.
    Attribute(Option<NamedNodeRef<'static>>),
    /// An individual, and the local name of its class.
    Individual(&'static str),
}

/// A term that the program itself writes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct OwnTerm {
    /// Last part of the IRI.
    pub name: &'static str,
    /// What it is.
    pub kind: OwnTermKind,
    /// Name in Chinese and in English.
    pub label: (&'static str, &'static str),
    /// Meaning in Chinese and in English.
    pub definition: (&'static str, &'static str),
}

impl OwnTerm {
    /// Its IRI.
    pub fn iri(&self) -> String {
        format!("{TUPU}{}", self.name)
    }
}

const fn term(
    name: &'static str,
    kind: OwnTermKind,
    label: (&'static str, &'static str),
    definition: (&'static str, &'static str),
) -> OwnTerm {
    OwnTerm {
        name,
        kind,
        label,
        definition,
    }
}

const STATUS: OwnTermKind = OwnTermKind::Individual("Status");
const COMPARATOR: OwnTermKind = OwnTermKind::Individual("Comparator");
const DAY: OwnTermKind = OwnTermKind::Attribute(Some(xsd::DATE));
const DATE: OwnTermKind = OwnTermKind::Attribute(None);
const TEXT: OwnTermKind = OwnTermKind::Attribute(Some(rdf::LANG_STRING));
const STRING: OwnTermKind = OwnTermKind::Attribute(Some(xsd::STRING));

/// Every term that the program itself writes.
pub const OWN_TERMS: &[OwnTerm] = &[
    term(
        "Status",
        OwnTermKind::Class,
        ("事实状态", "status of a fact"),
        (
            "一条事实离直接断言有多远。",
            "How far a fact is from being plainly asserted.",
        ),
    ),
    term(
        "status",
        OwnTermKind::Relation(Some("Status")),
        ("状态", "status"),
        (
            "陈述的状态；直接断言的事实不写。",
            "Status of a statement; left out where the fact is plainly asserted.",
        ),
    ),
    term(
        "asserted",
        STATUS,
        ("断言", "asserted"),
        ("来源直接说是如此。", "The source says that it is so."),
    ),
    term(
        "planned",
        STATUS,
        ("计划", "planned"),
        ("打算使之如此。", "It is meant to become so."),
    ),
    term(
        "target",
        STATUS,
        ("目标", "target"),
        ("要达到的数值。", "A value to be reached."),
    ),
    term(
        "required",
        STATUS,
        ("要求", "required"),
        ("有人有义务使之如此。", "Somebody is obliged to make it so."),
    ),
    term(
        "ongoing",
        STATUS,
        ("进行中", "ongoing"),
        ("正在进行。", "It is under way."),
    ),
    term(
        "reported",
        STATUS,
        ("转述", "reported"),
        (
            "某人如此说，来源转述。",
            "Somebody says so, and the source passes it on.",
        ),
    ),
    term(
        "wording",
        STRING,
        ("原文用语", "wording"),
        (
            "原文中代表该事实客体的用语。",
            "The printed words that stand for the object of a fact.",
        ),
    ),
    term(
        "inferenceReason",
        TEXT,
        ("推断理由", "reason of the inference"),
        (
            "未印出的事实何以从印出的内容得出。",
            "Why a fact that is not printed follows from what is.",
        ),
    ),
    term(
        "Comparator",
        OwnTermKind::Class,
        ("比较方式", "comparator"),
        (
            "印出的数字与实际数量的关系。",
            "How a printed number relates to the quantity itself.",
        ),
    ),
    term(
        "comparator",
        OwnTermKind::Relation(Some("Comparator")),
        ("比较方式", "comparator"),
        (
            "该数值的数字与实际数量的关系；没有则为等于。",
            "How the number of a value relates to the quantity; equal where there is none.",
        ),
    ),
    term(
        "about",
        COMPARATOR,
        ("约", "about"),
        ("大约是这个数。", "The quantity is near the number."),
    ),
    term(
        "almost",
        COMPARATOR,
        ("近", "almost"),
        (
            "接近而略少于这个数。",
            "The quantity is near the number, and a little less.",
        ),
    ),
    term(
        "at-least",
        COMPARATOR,
        ("不低于", "at least"),
        ("等于或多于这个数。", "The quantity is the number or more."),
    ),
    term(
        "at-most",
        COMPARATOR,
        ("不超过", "at most"),
        ("等于或少于这个数。", "The quantity is the number or less."),
    ),
    term(
        "more-than",
        COMPARATOR,
        ("超过", "more than"),
        ("多于这个数。", "The quantity is more than the number."),
    ),
    term(
        "reach",
        COMPARATOR,
        ("达到", "reaches"),
        ("达到这个数。", "The quantity comes up to the number."),
    ),
    term(
        "increase-to",
        COMPARATOR,
        ("增至", "increases to"),
        (
            "由较少增加到这个数。",
            "The quantity grows from less to the number.",
        ),
    ),
    term(
        "absoluteValue",
        OwnTermKind::Attribute(Some(xsd::DECIMAL)),
        ("绝对值", "absolute value"),
        (
            "把万、亿等数位乘进去之后的数。",
            "The number with its scale worked in, such as 10,000 for one 万.",
        ),
    ),
    term(
        "baseUnit",
        STRING,
        ("基本单位", "base unit"),
        ("不含万、亿等数位的单位。", "The unit without its scale."),
    ),
    term(
        "by",
        DATE,
        ("截至", "by"),
        ("应在何时达到该数值。", "When the value is to be reached."),
    ),
    term(
        "byEarliest",
        DAY,
        ("截至（最早）", "by, at the earliest"),
        (
            "截至时间可能指的第一天。",
            "The first day that the time by which it is to be reached can mean.",
        ),
    ),
    term(
        "byLatest",
        DAY,
        ("截至（最晚）", "by, at the latest"),
        (
            "截至时间可能指的最后一天。",
            "The last day that the time by which it is to be reached can mean.",
        ),
    ),
    term(
        "asOf",
        DATE,
        ("数据时点", "as of"),
        ("该数值在何时成立。", "When the value held."),
    ),
    term(
        "asOfEarliest",
        DAY,
        ("数据时点（最早）", "as of, at the earliest"),
        (
            "数据时点可能指的第一天。",
            "The first day that the time at which it held can mean.",
        ),
    ),
    term(
        "asOfLatest",
        DAY,
        ("数据时点（最晚）", "as of, at the latest"),
        (
            "数据时点可能指的最后一天。",
            "The last day that the time at which it held can mean.",
        ),
    ),
    term(
        "since",
        DATE,
        ("起算于", "since"),
        ("该数值从何时起算。", "From when on the value counts."),
    ),
    term(
        "sinceEarliest",
        DAY,
        ("起算于（最早）", "since, at the earliest"),
        (
            "起算时间可能指的第一天。",
            "The first day that the time from which it counts can mean.",
        ),
    ),
    term(
        "sinceLatest",
        DAY,
        ("起算于（最晚）", "since, at the latest"),
        (
            "起算时间可能指的最后一天。",
            "The last day that the time from which it counts can mean.",
        ),
    ),
    term(
        "period",
        DATE,
        ("统计期间", "period"),
        ("该数值所涵盖的时间。", "The time that the value covers."),
    ),
    term(
        "periodEarliest",
        DAY,
        ("统计期间（最早）", "period, at the earliest"),
        (
            "统计期间的第一天。",
            "The first day of the time that the value covers.",
        ),
    ),
    term(
        "periodLatest",
        DAY,
        ("统计期间（最晚）", "period, at the latest"),
        (
            "统计期间的最后一天。",
            "The last day of the time that the value covers.",
        ),
    ),
    term(
        "sha256",
        STRING,
        ("SHA-256 摘要", "SHA-256"),
        (
            "来源文献纯文本（UTF-8）的 SHA-256 摘要，64 位小写十六进制。",
            "SHA-256 of the plain text of a source document in UTF-8, as 64 lower-case hexadecimal digits.",
        ),
    ),
    term(
        "codePoints",
        OwnTermKind::Attribute(Some(xsd::INTEGER)),
        ("码位数", "code points"),
        (
            "该纯文本有多少个 Unicode 码位。",
            "Length of that plain text in Unicode code points.",
        ),
    ),
    term(
        "occupies",
        OwnTermKind::Relation(None),
        ("占据", "occupies"),
        (
            "报道在来源文献中占据的一段。",
            "A stretch of the source document that an article occupies.",
        ),
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::{Comparator, Status};

    #[test]
    fn every_status_and_comparator_is_a_term() {
        let individuals = |class| {
            OWN_TERMS
                .iter()
                .filter(|it| it.kind == OwnTermKind::Individual(class))
                .map(|it| it.name)
                .collect::<Vec<_>>()
        };
        let statuses: Vec<_> = Status::ALL.iter().map(|it| it.name()).collect();
        assert_eq!(individuals("Status"), statuses);
        let comparators: Vec<_> = Comparator::ALL.iter().map(|it| it.name()).collect();
        assert_eq!(individuals("Comparator"), comparators);
    }

    #[test]
    fn names_are_unique_and_texts_are_there() {
        let names: BTreeSet<_> = OWN_TERMS.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), OWN_TERMS.len());
        for it in OWN_TERMS {
            assert!(it.definition.0.ends_with('。'), "{}", it.name);
            assert!(it.definition.1.ends_with('.'), "{}", it.name);
        }
    }
}
