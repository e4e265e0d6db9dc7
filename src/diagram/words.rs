//! The few words that a figure has of its own.

/// Words of one language.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) legend: &'static str,
    pub(super) so: &'static str,
    pub(super) planned: &'static str,
    pub(super) inferred: &'static str,
    pub(super) entities: &'static str,
    pub(super) facts: &'static str,
    pub(super) date: &'static str,
    pub(super) evidence: &'static str,
    pub(super) status: &'static str,
    pub(super) is_a: &'static str,
    pub(super) in_box: &'static str,
    /// Heads of a table of facts.
    pub(super) heads: [&'static str; 5],
    /// Between the parts of a list.
    pub(super) comma: &'static str,
}

const ENGLISH: Words = Words {
    legend: "Legend",
    so: "is so",
    planned: "planned, target or required",
    inferred: "inferred, not printed",
    entities: "entities",
    facts: "facts",
    date: "date",
    evidence: "evidence",
    status: "status",
    is_a: "is a",
    in_box: "in the box",
    heads: ["subject", "slot", "object", "status", "evidence"],
    comma: ", ",
};

const CHINESE: Words = Words {
    legend: "图例",
    so: "已然",
    planned: "拟议、目标或要求",
    inferred: "推断，未印出",
    entities: "实体",
    facts: "事实",
    date: "日期",
    evidence: "依据",
    status: "状态",
    is_a: "属于",
    in_box: "所在框",
    heads: ["主体", "属性", "客体", "状态", "依据"],
    comma: "、",
};

/// Words of `language`; English ones where it has none here.
pub(super) fn words(language: &str) -> &'static Words {
    if language == "zh" || language.starts_with("zh-") {
        &CHINESE
    } else {
        &ENGLISH
    }
}
