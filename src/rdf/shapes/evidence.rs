//! Shapes of what the program writes whatever the schema: quantities and evidence.

use std::collections::BTreeSet;

use oxrdf::{Literal, NamedNode, Term};

use super::rule::Alternative;
use super::{DATES, Message, NUMBERS, Shapes};
use crate::model::{Comparator, Status};
use crate::vocab::{TUPU, dcterms, oa, prov, rdf, schema, sh, tupu, xsd};

impl Shapes<'_> {
    pub(super) fn add_quantity(&mut self) {
        self.sheet.section("Numbers with their units");
        let class = schema::QUANTITATIVE_VALUE.as_str();
        let shape = self.target_shape("quantity", sh::TARGET_CLASS, class);
        let numbers: BTreeSet<_> = NUMBERS.into_iter().map(Alternative::Datatype).collect();
        let dates: BTreeSet<_> = DATES.into_iter().map(Alternative::Datatype).collect();
        let message = Message::new("数值须有一个数字。", "A quantity has one number.");
        let iri = self.property(&shape, "value", schema::VALUE, &message);
        self.exactly_one(&iri);
        self.put_alternatives(&iri, &numbers);
        let message = Message::new(
            "数值须有一个乘入数位之后的数字。",
            "A quantity has one number with its scale worked in.",
        );
        let iri = self.property(&shape, "absoluteValue", tupu::ABSOLUTE_VALUE, &message);
        self.exactly_one(&iri);
        self.put_alternatives(&iri, &numbers);
        for (name, path) in [
            ("unitText", schema::UNIT_TEXT),
            ("baseUnit", tupu::BASE_UNIT),
        ] {
            let message = Message::new("单位是一个字符串。", "The unit is one string.");
            let iri = self.property(&shape, name, path, &message);
            self.put_count(&iri, sh::MAX_COUNT, 1);
            self.sheet.put(&iri, sh::DATATYPE, xsd::STRING.into_owned());
        }
        let message = Message::new(
            "比较方式只能取所列的一个。",
            "The comparator is one of those listed.",
        );
        let iri = self.property(&shape, "comparator", tupu::COMPARATOR, &message);
        self.put_count(&iri, sh::MAX_COUNT, 1);
        let names = Comparator::ALL.iter().map(|it| it.name());
        self.put_list(&iri, sh::IN, &format!("{iri}.list"), own_terms(names));
        for (name, path) in [
            ("by", tupu::BY),
            ("asOf", tupu::AS_OF),
            ("since", tupu::SINCE),
            ("period", tupu::PERIOD),
        ] {
            let message = Message::new("时间最多一个。", "There is one such date at most.");
            let iri = self.property(&shape, name, path, &message);
            self.put_count(&iri, sh::MAX_COUNT, 1);
            self.put_alternatives(&iri, &dates);
        }
    }

    /// Statements, the stretches of text that they come from, and the documents these are of.
    pub(super) fn add_evidence(&mut self) {
        self.sheet.section("Evidence");
        if !self.is_class(rdf::STATEMENT) {
            self.add_statement();
        }
        if !self.is_class(oa::SPECIFIC_RESOURCE) {
            self.add_passage();
        }
        if !self.is_class(oa::TEXT_POSITION_SELECTOR) {
            self.add_selector();
        }
        let shape = self.target_shape("source", sh::TARGET_SUBJECTS_OF, tupu::SHA256.as_str());
        let message = Message::new(
            "来源文献须有其纯文本的 SHA-256 摘要。",
            "A source document has the SHA-256 of its plain text.",
        );
        let iri = self.property(&shape, "sha256", tupu::SHA256, &message);
        self.exactly_one(&iri);
        let pattern = Literal::new_simple_literal("^[0-9a-f]{64}$");
        self.sheet.put(&iri, sh::PATTERN, pattern);
        let message = Message::new(
            "来源文献须有其纯文本的码位数。",
            "A source document has the length of its plain text in code points.",
        );
        let iri = self.property(&shape, "codePoints", tupu::CODE_POINTS, &message);
        self.exactly_one(&iri);
        self.sheet
            .put(&iri, sh::DATATYPE, xsd::INTEGER.into_owned());
    }

    fn add_statement(&mut self) {
        let shape = self.target_shape("statement", sh::TARGET_CLASS, rdf::STATEMENT.as_str());
        for (name, path, zh, en) in [
            ("subject", rdf::SUBJECT, "主体", "subject"),
            ("predicate", rdf::PREDICATE, "谓词", "predicate"),
            ("object", rdf::OBJECT, "客体", "object"),
        ] {
            let message = Message::new(
                format!("陈述须有一个{zh}。"),
                format!("A statement has one {en}."),
            );
            let iri = self.property(&shape, name, path, &message);
            self.exactly_one(&iri);
            if path != rdf::OBJECT {
                self.put_alternative(&iri, &Alternative::Node);
            }
        }
        let message = Message::new(
            "陈述所出自的须是文中的一段，或一篇报道。",
            "What a statement comes from is a stretch of a source, or an article.",
        );
        let iri = self.property(&shape, "wasDerivedFrom", prov::WAS_DERIVED_FROM, &message);
        let (stretch, article) = (self.general("stretch"), self.general("article"));
        let members = [&stretch, &article].map(|it| NamedNode::new_unchecked(it).into());
        self.put_list(&iri, sh::OR, &format!("{iri}.or"), members.into());
        self.node_shape(&stretch);
        self.sheet
            .put(&stretch, sh::CLASS, oa::SPECIFIC_RESOURCE.into_owned());
        self.node_shape(&article);
        let message = Message::new(
            "报道须属于一份来源文献。",
            "An article is part of a source document.",
        );
        let part = self.property(&article, "isPartOf", dcterms::IS_PART_OF, &message);
        self.put_count(&part, sh::MIN_COUNT, 1);

        let message = Message::new(
            "陈述须注明出处，或说明由什么推断而来。",
            "A statement says where it comes from, or why it follows.",
        );
        self.put_message(&shape, &message);
        let one_of = [
            ("derived", prov::WAS_DERIVED_FROM),
            ("inferred", tupu::INFERENCE_REASON),
        ]
        .map(|(name, path)| {
            let alternative = self.general(name);
            self.node_shape(&alternative);
            let iri = self.property(&alternative, "any", path, &message);
            self.put_count(&iri, sh::MIN_COUNT, 1);
            NamedNode::new_unchecked(alternative).into()
        });
        let list = format!("{shape}.or");
        self.put_list(&shape, sh::OR, &list, one_of.into());

        let message = Message::new(
            "状态只能取所列的一个。",
            "The status is one of those listed.",
        );
        let iri = self.property(&shape, "status", tupu::STATUS, &message);
        self.put_count(&iri, sh::MAX_COUNT, 1);
        let names = Status::ALL.iter().map(|it| it.name());
        self.put_list(&iri, sh::IN, &format!("{iri}.list"), own_terms(names));
        let message = Message::new(
            "推断理由须注明语言，每种语言只有一个。",
            "The reason of an inference has a language, and there is one in each.",
        );
        let iri = self.property(&shape, "inferenceReason", tupu::INFERENCE_REASON, &message);
        self.sheet
            .put(&iri, sh::DATATYPE, rdf::LANG_STRING.into_owned());
        self.sheet.put(&iri, sh::UNIQUE_LANG, Literal::from(true));
    }

    fn add_passage(&mut self) {
        let class = oa::SPECIFIC_RESOURCE.as_str();
        let shape = self.target_shape("passage", sh::TARGET_CLASS, class);
        let message = Message::new(
            "文中的一段须属于一份有摘要的来源文献。",
            "A stretch is of one source document, whose digest is known.",
        );
        let iri = self.property(&shape, "hasSource", oa::HAS_SOURCE, &message);
        self.exactly_one(&iri);
        let known = self.general("known-source");
        self.sheet.put_node(&iri, sh::NODE, &known);
        self.node_shape(&known);
        let message = Message::new("来源文献缺少摘要。", "The source document has no digest.");
        let digest = self.property(&known, "sha256", tupu::SHA256, &message);
        self.put_count(&digest, sh::MIN_COUNT, 1);
        let message = Message::new(
            "文中的一段须有一个位置。",
            "A stretch has one selector that says where it is.",
        );
        let iri = self.property(&shape, "hasSelector", oa::HAS_SELECTOR, &message);
        self.exactly_one(&iri);
        self.sheet
            .put(&iri, sh::CLASS, oa::TEXT_POSITION_SELECTOR.into_owned());
    }

    fn add_selector(&mut self) {
        let class = oa::TEXT_POSITION_SELECTOR.as_str();
        let shape = self.target_shape("selector", sh::TARGET_CLASS, class);
        let message = Message::new(
            "起点是从 0 起的整数，须在终点之前。",
            "The start is a whole number from 0 on, before the end.",
        );
        let iri = self.property(&shape, "start", oa::START, &message);
        self.exactly_one(&iri);
        self.sheet
            .put(&iri, sh::DATATYPE, xsd::INTEGER.into_owned());
        self.sheet.put(&iri, sh::MIN_INCLUSIVE, Literal::from(0));
        self.sheet.put(&iri, sh::LESS_THAN, oa::END.into_owned());
        let message = Message::new("终点是一个整数。", "The end is one whole number.");
        let iri = self.property(&shape, "end", oa::END, &message);
        self.exactly_one(&iri);
        self.sheet
            .put(&iri, sh::DATATYPE, xsd::INTEGER.into_owned());
    }
}

/// IRIs of the program's own terms.
fn own_terms(names: impl Iterator<Item = &'static str>) -> Vec<Term> {
    names
        .map(|name| NamedNode::new_unchecked(format!("{TUPU}{name}")).into())
        .collect()
}
