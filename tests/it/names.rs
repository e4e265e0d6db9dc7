//! Which entity, class or slot a name means, on the data of the repository.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value;
use tupu::load::load_project;
use tupu::model::{KnowledgeGraph, NameKind};
use tupu::query::{Matched, NameIndex, Resolution, Scope, class_named, slot_named};

use crate::support::{Run, Sandbox, in_repository};

static GRAPH: LazyLock<KnowledgeGraph> =
    LazyLock::new(|| load_project(&in_repository("data")).unwrap().graph);
static NAMES: LazyLock<NameIndex> = LazyLock::new(|| NameIndex::new(&GRAPH));

fn resolve(text: &str) -> Resolution<'static> {
    NAMES.resolve(&GRAPH, text, Scope::default())
}

/// Slug of the one entity that `text` means, and how it names it.
#[track_caller]
fn found(text: &str, scope: Scope) -> (&'static str, Matched) {
    match NAMES.resolve(&GRAPH, text, scope) {
        Resolution::Found(hit) => (GRAPH.slug(hit.node), hit.matched),
        other => panic!("`{text}`: {other:?}"),
    }
}

#[track_caller]
fn assert_found(text: &str, slug: &str, matched: Matched) {
    assert_eq!(found(text, Scope::default()), (slug, matched), "{text}");
}

/// Slugs of the entities that `text` means equally well.
#[track_caller]
fn ambiguous(text: &str, scope: Scope) -> Vec<&'static str> {
    match NAMES.resolve(&GRAPH, text, scope) {
        Resolution::Ambiguous(hits) => hits.iter().map(|hit| GRAPH.slug(hit.node)).collect(),
        other => panic!("`{text}`: {other:?}"),
    }
}

/// Slugs of the entities that are offered in place of `text`.
#[track_caller]
fn offered(text: &str) -> Vec<&'static str> {
    match resolve(text) {
        Resolution::Unknown(hits) => hits.iter().map(|hit| GRAPH.slug(hit.node)).collect(),
        other => panic!("`{text}`: {other:?}"),
    }
}

#[test]
fn every_printed_name_is_found_as_it_stands() {
    for node in GRAPH.nodes() {
        assert_found(GRAPH.slug(node), GRAPH.slug(node), Matched::Identifier);
        assert_found(&GRAPH.iri(node), GRAPH.slug(node), Matched::Identifier);
        for name in GRAPH.names(node) {
            let in_article = Scope {
                article: name.article,
                ..Scope::default()
            };
            match NAMES.resolve(&GRAPH, name.text, in_article) {
                Resolution::Found(hit) => assert_eq!(hit.node, node, "{}", name.text),
                Resolution::Ambiguous(hits) => {
                    assert!(hits.iter().any(|hit| hit.node == node), "{}", name.text);
                    assert!(name.kind != NameKind::Short, "{}", name.text);
                    let same = hits.iter().all(|hit| hit.name == name.text);
                    assert!(same, "{}: {hits:?}", name.text);
                }
                Resolution::Unknown(_) => panic!("{}", name.text),
            }
        }
    }
}

#[test]
fn a_name_is_found_in_every_spelling() {
    for text in [
        "金凤 实验室",
        "金凤\u{3000}实验室",
        "JINFENG LABORATORY",
        "Jinfeng-Laboratory",
        "JinfengLaboratory",
        "Ｊｉｎｆｅｎｇ　Laboratory",
        "“金凤”实验室",
    ] {
        let (slug, matched) = found(text, Scope::default());
        assert_eq!(slug, "jinfeng-laboratory", "{text}");
        assert_eq!(matched, Matched::Canonical, "{text}");
    }
    for text in [
        "天府锦城实验室(未来医学城)",
        "天府锦城实验室 （未来医学城）",
        "天府锦城实验室未来医学城",
    ] {
        assert_found(text, "tianfu-jincheng-laboratory", Matched::Canonical);
    }
    assert_found(
        "cy:jinfeng-laboratory",
        "jinfeng-laboratory",
        Matched::Identifier,
    );
    assert_found("CD-DRC", "cd-drc", Matched::Alias);
}

#[test]
fn pinyin_knows_every_reading() {
    for (text, slug) in [
        ("chongqingshi", "chongqing"),
        ("zhongqingshi", "chongqing"),
        ("Chóngqìng Shì", "chongqing"),
        ("chong2 qing4 shi4", "chongqing"),
        ("chengdushi", "chengdu"),
        ("chéng dū shì", "chengdu"),
        ("cheng2du1", "chengdu"),
        ("jinfengshiyanshi", "jinfeng-laboratory"),
        ("jīn fèng shí yàn shì", "jinfeng-laboratory"),
        ("tianfushiyanshi", "tianfu-laboratory"),
        ("chongqingyinhang", "bank-of-chongqing"),
        ("chengduyinhang", "bank-of-chengdu"),
        ("chengdushizhishichanquanju", "cd-ip-administration"),
        ("chongqing shi fazhan he gaige weiyuanhui", "cq-drc"),
        ("chongqingjiaotongdaxue", "chongqing-jiaotong-university"),
        ("chengduribao", "chengdu-daily"),
        ("重庆shi", "chongqing"),
    ] {
        assert_found(text, slug, Matched::Pinyin);
    }
    // The English name is the pinyin.
    assert_found("chéngdū", "chengdu", Matched::Canonical);
}

#[test]
fn initials_are_those_of_a_name() {
    for (text, slug) in [
        ("cdsfzhggwyh", "cd-drc"),
        ("cqsfzhggwyh", "cq-drc"),
        ("CQSFZGGW", "cq-drc"),
        ("jfsys", "jinfeng-laboratory"),
        ("cqjtdx", "chongqing-jiaotong-university"),
        ("cqs", "chongqing"),
    ] {
        assert_found(text, slug, Matched::Initials);
    }
}

#[test]
fn a_part_is_enough_if_only_one_name_has_it() {
    for (text, slug) in [
        ("Jinfeng Lab", "jinfeng-laboratory"),
        ("chengdu reform commission", "cd-drc"),
        ("交通大学", "chongqing-jiaotong-university"),
        ("重庆 交通", "chongqing-jiaotong-university"),
        ("jiaotongdaxue", "chongqing-jiaotong-university"),
    ] {
        let in_organizations = Scope {
            class: class_named(GRAPH.schema(), "Organization").ok(),
            ..Scope::default()
        };
        assert_eq!(found(text, in_organizations), (slug, Matched::Partial));
    }
    // A word that is not Chinese begins where a word does.
    let hits = NAMES.search(&GRAPH, "eform", 50, Scope::default());
    assert!(
        hits.iter().all(|hit| hit.matched == Matched::Similar),
        "{hits:?}"
    );
}

#[test]
fn abbreviations_keep_the_order_and_half_of_the_name() {
    for text in ["成都发改委", "cdfgw", "成都市发改委员会"] {
        assert_found(text, "cd-drc", Matched::Abbreviation);
    }
    assert_found("重庆发改委", "cq-drc", Matched::Abbreviation);
    assert!(matches!(resolve("委改发成都"), Resolution::Unknown(_)));
}

#[test]
fn words_are_abbreviated_by_their_first_letters() {
    for (text, slug) in [
        ("Chengdu DRC", "cd-drc"),
        ("chongqing drc", "cq-drc"),
        ("Chongqing IPO", "cq-ip-administration"),
    ] {
        assert_found(text, slug, Matched::Abbreviation);
    }
    assert_eq!(ambiguous("CDRC", Scope::default()), ["cd-drc", "cq-drc"]);
    // The last word counts too, and their order.
    for text in ["Chengdu DR", "Chengdu RDC", "Chengdu DRCX"] {
        assert!(matches!(resolve(text), Resolution::Unknown(_)), "{text}");
    }
}

#[test]
fn a_short_form_means_its_entity_in_its_article() {
    assert_found("实施方案", "finance-plan", Matched::Short);
    assert_found("党组", "cppcc-party-group", Matched::Short);
    assert_eq!(
        ambiguous("合作协议", Scope::default()),
        ["bid-agreement", "dual-hub-agreement", "lab-agreement"]
    );
    for (article, slug) in [
        ("remote-bid-evaluation", "bid-agreement"),
        ("laboratories", "lab-agreement"),
        ("dual-hub", "dual-hub-agreement"),
    ] {
        let scope = Scope {
            article: GRAPH.node(article),
            ..Scope::default()
        };
        assert_eq!(found("合作协议", scope), (slug, Matched::Short));
        // Other names mean what they always do.
        assert_eq!(found("成都", scope), ("chengdu", Matched::Alias));
    }
    let elsewhere = Scope {
        article: GRAPH.node("credit-reports"),
        ..Scope::default()
    };
    let hits = NAMES.search(&GRAPH, "合作协议", 50, elsewhere);
    assert!(hits.iter().all(|hit| hit.article.is_none()), "{hits:?}");
}

#[test]
fn a_class_narrows() {
    let of = |class: &str| Scope {
        class: class_named(GRAPH.schema(), class).ok(),
        ..Scope::default()
    };
    assert_eq!(
        ambiguous("知识产权局", of("Organization")),
        ["cd-ip-administration", "cq-ip-administration"]
    );
    assert_eq!(found("金凤", of("实验室")).0, "jinfeng-laboratory");
    assert_eq!(found("chengdu", of("Place")).0, "chengdu");
    assert!(matches!(
        NAMES.resolve(&GRAPH, "chengdu", of("Person")),
        Resolution::Unknown(_)
    ));
}

#[test]
fn what_is_misspelt_is_offered_and_not_taken() {
    for (text, slug) in [
        ("天府锦成实验室", "tianfu-jincheng-laboratory"),
        ("金风实验室", "jinfeng-laboratory"),
        ("重庆市发展与改革委员会", "cq-drc"),
        ("Jinfeng Labratory", "jinfeng-laboratory"),
        ("Chongqing Devlopment and Reform", "cq-drc"),
        (
            "Chongqing Muncipal Intelectual Property Office",
            "cq-ip-administration",
        ),
        ("chegndu", "chengdu"),
        ("tianfu-jinhceng-laboratory", "tianfu-jincheng-laboratory"),
    ] {
        assert_eq!(offered(text).first(), Some(&slug), "{text}");
        let hits = NAMES.search(&GRAPH, text, 10, Scope::default());
        assert_eq!(GRAPH.slug(hits[0].node), slug, "{text}");
        assert_eq!(hits[0].matched, Matched::Similar);
    }
}

#[test]
fn what_is_no_name_means_nothing() {
    let long = "成".repeat(10_000);
    let long_letters = "chengdu ".repeat(1_250);
    for text in [
        "",
        " \t\n\u{3000}",
        "\u{0}",
        "\u{7}\u{1B}[31m",
        ".*",
        "[",
        "\\",
        "🌉",
        "\u{301}",
        "\u{202E}\u{200F}",
        "שלום",
        "مرحبا",
        "xyzzy",
        ":",
        "foo:bar",
        "cy:",
        "cy:jinfeng",
        "https://",
        "cy:a b",
        &long,
        &long_letters,
    ] {
        assert_eq!(resolve(text), Resolution::Unknown(Vec::new()), "{text:?}");
        assert_eq!(
            NAMES.search(&GRAPH, text, 10, Scope::default()),
            [],
            "{text:?}"
        );
    }
    assert_eq!(NAMES.search(&GRAPH, "成都", 0, Scope::default()), []);
}

#[test]
fn hits_come_surest_first_and_each_entity_once() {
    let hits = NAMES.search(&GRAPH, "重庆", usize::MAX, Scope::default());
    assert_eq!(GRAPH.slug(hits[0].node), "chongqing");
    assert!(hits.is_sorted_by_key(|hit| hit.matched));
    let mut nodes: Vec<_> = hits.iter().map(|hit| hit.node).collect();
    nodes.sort_unstable();
    nodes.dedup();
    assert_eq!(nodes.len(), hits.len());
    let first = NAMES.search(&GRAPH, "重庆", 3, Scope::default());
    assert_eq!(first, hits[..3]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_answered(text in "\\PC{0,40}|[a-z0-9 ]{0,60}|[金凤实验室成都chengdu 12]{0,30}") {
        let hits = NAMES.search(&GRAPH, &text, usize::MAX, Scope::default());
        match resolve(&text) {
            Resolution::Found(hit) => prop_assert_eq!(hit.node, hits[0].node),
            Resolution::Ambiguous(same) => prop_assert_eq!(&same[..], &hits[..same.len()]),
            Resolution::Unknown(near) => {
                prop_assert!(hits.iter().all(|hit| hit.matched >= Matched::Abbreviation));
                prop_assert_eq!(&near[..], &hits[..near.len()]);
            }
        }
    }

    #[test]
    fn white_space_makes_no_difference(at in any::<prop::sample::Index>()) {
        let node = tupu::model::NodeId(u32::try_from(at.index(GRAPH.node_count())).unwrap());
        for name in GRAPH.names(node) {
            let letters = name.text.chars().flat_map(|c| [c, ' ']);
            let spaced: String = letters.filter(|c| name.language == "zh" || *c != ' ').collect();
            let is_there = match resolve(&spaced) {
                Resolution::Found(hit) => hit.node == node,
                Resolution::Ambiguous(hits) => hits.iter().any(|hit| hit.node == node),
                Resolution::Unknown(_) => false,
            };
            prop_assert!(is_there, "{}", spaced);
        }
    }
}

fn ask(arguments: &[&str]) -> Run {
    let data = in_repository("data");
    let mut all = vec!["--project", data.to_str().unwrap()];
    all.extend(arguments);
    Sandbox::new().run(&all)
}

#[test]
fn what_was_typed_otherwise_is_told() {
    let run = ask(&["show", "cdfgw"]).expect(0);
    assert_eq!(
        run.stderr(),
        "`cdfgw` is taken as 成都市发展和改革委员会 (cd-drc)\n"
    );
    assert_eq!(ask(&["show", "成都市发展改革委"]).expect(0).stderr(), "");
}

#[test]
fn an_ambiguous_name_lists_class_and_article() {
    let run = ask(&["show", "合作协议"]).expect(1);
    assert!(
        run.stderr()
            .contains("lab-agreement  金凤实验室—天府锦城实验室（未来医学城）合作协议 (协议), 合作协议 in laboratories"),
        "{}",
        run.stderr()
    );
    for (arguments, slug) in [
        (["--article", "laboratories"], "cy:lab-agreement"),
        (["--article", "dual-hub"], "cy:dual-hub-agreement"),
    ] {
        let run = ask(&[["show", "合作协议"], arguments].concat()).expect(0);
        assert!(run.stdout().contains(slug), "{}", run.stdout());
    }
    ask(&["why", "合作协议", "金凤实验室", "--article", "laboratories"]).expect(0);
    let run = ask(&["show", "a"]).expect(1);
    assert!(run.stderr().contains("more, which `tupu search` lists"));
}

#[test]
fn wrong_classes_and_articles_are_named() {
    let run = ask(&["show", "成都", "--class", "Citty"]).expect(2);
    assert!(
        run.stderr().contains("did you mean `City`?"),
        "{}",
        run.stderr()
    );
    let run = ask(&["show", "成都", "--article", "chengdu"]).expect(2);
    assert!(
        run.stderr().contains("`成都市` is no article"),
        "{}",
        run.stderr()
    );
    let run = ask(&["show", "foo:bar"]).expect(1);
    assert_eq!(
        run.stderr(),
        "no entity is called `foo:bar`: unknown prefix `foo`\n"
    );
    let run = ask(&["search", "成都", "--article", "xyzzy"]).expect(1);
    assert!(run.stderr().contains("no entity is called `xyzzy`"));
}

#[test]
fn search_lists_hits_and_says_if_there_are_none() {
    let run = ask(&["search", "合作协议", "--format", "json", "--limit", "4"]).expect(0);
    let hits: Value = serde_json::from_str(&run.stdout()).unwrap();
    assert_eq!(hits.as_array().unwrap().len(), 4);
    assert_eq!(hits[0]["entity"]["id"], "bid-agreement");
    assert_eq!(hits[0]["name"], "合作协议");
    assert_eq!(hits[0]["matched"], "short");
    assert_eq!(hits[0]["article"], "remote-bid-evaluation");
    assert_eq!(hits[3]["matched"], "partial");
    assert!(run.stderr().contains("the first 4; --limit lists more"));

    let run = ask(&["search", "xyzzy", "--format", "json"]).expect(1);
    assert_eq!(run.stdout(), "[]\n");
    assert_eq!(run.stderr(), "no name is like `xyzzy`\n");
    let run = ask(&["search", " "]).expect(1);
    assert_eq!(run.stderr(), "the text to look for is empty\n");
    let run = ask(&["search", "lab", "--class", "Laboratory"]).expect(0);
    assert!(
        run.stdout().contains("jinfeng-laboratory"),
        "{}",
        run.stdout()
    );
}

#[test]
fn classes_and_slots_go_by_name_label_and_iri() {
    let schema = GRAPH.schema();
    for (text, name) in [
        ("GovernmentBody", "GovernmentBody"),
        ("governmentbody", "GovernmentBody"),
        ("government body", "GovernmentBody"),
        ("Government-Body", "GovernmentBody"),
        ("政府机构", "GovernmentBody"),
        ("计划(PROV)", "ProvPlan"),
        ("https://schema.org/City", "City"),
    ] {
        let found = class_named(schema, text).unwrap();
        assert_eq!(schema.class(found).name, name, "{text}");
    }
    for (text, name) in [
        ("located_in", "located_in"),
        ("located in", "located_in"),
        ("位于", "located_in"),
        ("SIGNATORY", "signatory"),
        ("地点", "location"),
    ] {
        let found = slot_named(schema, text).unwrap();
        assert_eq!(schema.slot(found).name, name, "{text}");
    }
}

#[test]
fn unknown_and_ambiguous_classes_and_slots_say_what_could_be_meant() {
    let schema = GRAPH.schema();
    let unknown = class_named(schema, "goverment body").unwrap_err();
    assert!(!unknown.is_ambiguous);
    assert!(
        unknown.candidates.contains(&"government body".to_owned()),
        "{unknown}"
    );
    assert_eq!(
        slot_named(schema, "签署方").unwrap_err().to_string(),
        "`签署方` is more than one slot: `signer`, `signatory`"
    );
    for text in ["", " ", "xyzzy", "\u{0}", ".*", "\u{301}"] {
        let error = class_named(schema, text).unwrap_err();
        assert!(error.candidates.is_empty(), "{error}");
    }
    let long = class_named(schema, &"机".repeat(10_000)).unwrap_err();
    assert!(long.to_string().chars().count() < 120, "{long}");
}

#[test]
fn search_finds_characters_that_stand_close_together() {
    let slugs = |text: &str| -> Vec<&str> {
        let hits = NAMES.search(&GRAPH, text, 10, Scope::default());
        hits.iter().map(|hit| GRAPH.slug(hit.node)).collect()
    };
    let found = slugs("发改委");
    assert!(
        found.contains(&"cq-drc") && found.contains(&"cd-drc"),
        "{found:?}"
    );
    assert!(
        matches!(resolve("发改委"), Resolution::Unknown(_)),
        "it could be either"
    );
    let sandbox = Sandbox::new();
    let data = in_repository("data");
    let run = sandbox.run(&[
        "--project",
        data.to_str().unwrap(),
        "search",
        "intellectual",
        "property",
    ]);
    assert!(run.expect(0).stdout().contains("cd-ip-administration"));
}
