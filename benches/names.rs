//! Looking names up: in the project of this repository, and in a graph with a million names.
//!
//! `cargo bench --bench names`

use std::path::Path;
use std::sync::LazyLock;

use divan::{AllocProfiler, Bencher, black_box};
use tupu::load::load_project;
use tupu::model::{GraphBuilder, KnowledgeGraph, NameKind, Project};
use tupu::query::{NameIndex, Resolution, Scope};
use tupu::schema::{Class, ClassId, Schema};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

static PAGE: LazyLock<KnowledgeGraph> = LazyLock::new(|| {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    load_project(&data).map_or_else(|error| panic!("{error}"), |loaded| loaded.graph)
});
static MILLION: LazyLock<KnowledgeGraph> = LazyLock::new(|| generated(500_000));
static MILLION_NAMES: LazyLock<NameIndex> = LazyLock::new(|| NameIndex::new(&MILLION));

fn main() {
    divan::main();
}

/// One text for each way to be found, and one that is only like a name.
const ON_THE_PAGE: [&str; 8] = [
    "jinfeng-laboratory",
    "成都市发展和改革委员会",
    "成都",
    "chongqingshi",
    "cdsfzhggwyh",
    "Jinfeng Lab",
    "成都发改委",
    "Chongqing Devlopment and Reform",
];

#[divan::bench(args = ON_THE_PAGE)]
fn page_with_index(bencher: Bencher<'_, '_>, text: &str) {
    bencher.bench(|| {
        let names = NameIndex::new(&PAGE);
        matches!(
            names.resolve(&PAGE, black_box(text), Scope::default()),
            Resolution::Found(_)
        )
    });
}

#[divan::bench]
fn page_index() -> NameIndex {
    NameIndex::new(&PAGE)
}

#[divan::bench(sample_count = 5)]
fn million_index(bencher: Bencher<'_, '_>) {
    LazyLock::force(&MILLION);
    bencher.bench(|| NameIndex::new(&MILLION));
}

/// The same for the generated graph; the second has hits in every tenth entity.
const IN_A_MILLION: [&str; 10] = [
    "body-123456",
    "知识产权局",
    "name 0",
    "name 0 in pinyin",
    "name 0 in initials",
    "Bureau 123456",
    "shiyanshi",
    "abbreviation of name 0",
    "name 0 misspelt",
    "English name 0 misspelt",
];

#[divan::bench(args = IN_A_MILLION, sample_count = 20)]
fn million_resolve(bencher: Bencher<'_, '_>, text: &str) {
    let text = match text {
        "name 0" => chinese_name(0),
        "name 0 in pinyin" => "chengdushizhishichanquanju".to_owned(),
        "name 0 in initials" => "cdszscqj".to_owned(),
        "abbreviation of name 0" => "成都知产局".to_owned(),
        "name 0 misspelt" => "成都市知只产权局".to_owned(),
        "English name 0 misspelt" => english_name(0).replace('u', "o"),
        text => text.to_owned(),
    };
    LazyLock::force(&MILLION_NAMES);
    bencher.bench(|| {
        MILLION_NAMES.resolve(&MILLION, black_box(&text), Scope::default())
            == Resolution::Unknown(Vec::new())
    });
}

/// A graph of so many entities, each with a Chinese and an English name.
fn generated(entities: u64) -> KnowledgeGraph {
    let mut schema = Schema::default();
    schema.classes.push(Class {
        name: "Body".to_owned(),
        iri: "https://kg.example/terms#Body".to_owned(),
        label: [].into(),
        description: [].into(),
        parent: None,
        mixins: Vec::new(),
        is_abstract: false,
        represents_relationship: false,
        own_slots: Vec::new(),
        required_slots: Vec::new(),
        mappings: Vec::new(),
        style: tupu::schema::Style::default(),
    });
    let project = Project {
        base: "https://kg.example/".to_owned(),
        languages: vec!["zh".to_owned(), "en".to_owned()],
        ..Project::default()
    };
    let mut builder = GraphBuilder::new(project, schema);
    for number in 0..entities {
        let node = builder.add_node(&format!("body-{number}"), ClassId(0), None);
        let names = [("zh", chinese_name(number)), ("en", english_name(number))];
        for (language, name) in names {
            builder.add_name(node, NameKind::Canonical, language, &name, None, None);
        }
    }
    builder.finish()
}

/// A place of four characters out of three thousand and a kind of body; the first is one that
/// exists.
fn chinese_name(number: u64) -> String {
    const KINDS: [&str; 10] = [
        "知识产权局",
        "实验室",
        "发展和改革委员会",
        "公共资源交易中心",
        "交通大学",
        "科学技术局",
        "高新技术产业开发区管委会",
        "人民医院",
        "国际铁路港",
        "银行",
    ];
    let mut random = Random(number);
    let place = (0..4).filter_map(|_| char::from_u32(0x4E00 + random.below(3000)));
    let mut name = match number {
        0 => "成都市".to_owned(),
        _ => place.collect(),
    };
    name.push_str(KINDS[(number % 10) as usize]);
    name
}

fn english_name(number: u64) -> String {
    const SYLLABLES: [&str; 12] = [
        "chong", "qing", "cheng", "du", "jin", "feng", "tian", "fu", "lu", "zhou", "an", "xi",
    ];
    let mut random = Random(number);
    let place: String = (0..4)
        .map(|_| SYLLABLES[random.below(12) as usize])
        .collect();
    format!("{place} Municipal Development and Reform Bureau {number}")
}

/// Knuth's linear congruential numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        for _ in 0..2 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
        }
        ((self.0 >> 33) % u64::from(end)) as u32
    }
}
