//! `tupu check --source`: facts are held against the text, strictly enough to catch slips.

use std::fs;

use crate::support::Sandbox;

/// The project that `tupu init` makes, with its text.
fn new_project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.run(&["init", "."]).expect(0);
    sandbox.run(&["check", "--source", "page.txt"]).expect(0);
    sandbox
}

/// Whether the check finds a fault once `from` is replaced by `to`, where it stands first.
fn is_caught(from: &str, to: &str) -> bool {
    let sandbox = new_project();
    let file = sandbox.path("data/articles/01-twin-cities.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{from} does not stand in the file");
    fs::write(&file, text.replacen(from, to, 1)).unwrap();
    let run = sandbox.run(&["check", "--source", "page.txt"]);
    if run.code() == 1 {
        assert!(
            run.stderr().contains("error[words-not-found]"),
            "{}",
            run.stderr()
        );
        assert!(
            run.stderr().contains("01-twin-cities.toml:"),
            "{}",
            run.stderr()
        );
    }
    run.code() == 1
}

#[test]
fn a_changed_number_is_caught() {
    assert!(is_caught("number = 38", "number = 83"));
    assert!(is_caught("number = 38", "number = 3"));
    assert!(is_caught("number = 38", "number = 8"));
    assert!(is_caught("number = 1.2", "number = 1"));
    assert!(is_caught("number = 1.2", "number = 2"));
    assert!(is_caught("number = 1.2", "number = 12"));
    assert!(is_caught("unit = \"人\"", "unit = \"户\""));
}

#[test]
fn a_swapped_body_is_caught() {
    assert!(is_caught(
        "[development-bureau-a]\nis = \"Organization\"\nzh = \"甲市发展局\"",
        "[development-bureau-a]\nis = \"Organization\"\nzh = \"丙市发展局\"",
    ));
    assert!(is_caught(
        "area_served = { to = \"city-a\"",
        "area_served = { to = \"city-b\"",
    ));
}

#[test]
fn a_wrong_wording_is_caught() {
    assert!(is_caught("as = \"3月4日\"", "as = \"4月3日\""));
    assert!(is_caught("as = \"在乙市签署\"", "as = \"在甲市签署\""));
}

#[test]
fn every_range_that_is_shifted_by_ten_characters_is_caught() {
    let sandbox = new_project();
    let file = sandbox.path("data/articles/01-twin-cities.toml");
    let text = fs::read_to_string(&file).unwrap();
    let mut shifted = 0;
    for (at, _) in text.match_indices("char=") {
        let rest = &text[at..];
        let range = &rest[..rest.find('"').unwrap()];
        let (start, end) = range["char=".len()..].split_once(',').unwrap();
        let (start, end): (i64, i64) = (start.parse().unwrap(), end.parse().unwrap());
        for by in [10, -10] {
            if start + by < 0 || end + by > 125 {
                continue;
            }
            let moved = format!("char={},{}", start + by, end + by);
            let changed = format!("{}{moved}{}", &text[..at], &rest[range.len()..]);
            fs::write(&file, changed).unwrap();
            let run = sandbox.run(&["check", "--source", "page.txt"]);
            assert_eq!(run.code(), 1, "{range} moved to {moved} is not caught");
            shifted += 1;
        }
    }
    assert!(shifted > 20);
}

#[test]
fn a_text_that_differs_by_one_character_is_refused_with_what_differs() {
    let sandbox = new_project();
    let text = fs::read_to_string(sandbox.path("page.txt")).unwrap();
    for (changed, said) in [
        (text.replacen("38", "39", 1), "not all of them are the same"),
        (format!("{text}。"), "126 characters, not 125"),
        (text.replace('\n', "\r\n"), "CR LF"),
    ] {
        sandbox.write("other.txt", &changed);
        let run = sandbox.run(&["check", "--source", "other.txt"]).expect(1);
        assert!(
            run.stderr().contains("error[wrong-source]"),
            "{}",
            run.stderr()
        );
        assert!(run.stderr().contains(said), "{}", run.stderr());
    }
    let run = sandbox.run(&["check", "--source", "nowhere.txt"]).expect(2);
    assert!(run.stderr().contains("nowhere.txt"), "{}", run.stderr());
}

#[test]
fn locate_finds_words_across_line_breaks() {
    let sandbox = new_project();
    let run = sandbox
        .run(&["locate", "--source", "page.txt", "乙市发展局", "互派学徒"])
        .expect(0);
    let text = run.stdout();
    assert!(text.contains("char=39,45"), "{text}");
    assert_eq!(text.matches("[互派学徒]").count(), 2, "{text}");
    assert!(text.contains("twin-cities"), "{text}");
    let run = sandbox
        .run(&["locate", "--source", "page.txt", "丙市", "乙市"])
        .expect(1);
    assert!(
        run.stderr().contains("`丙市` does not stand"),
        "{}",
        run.stderr()
    );
    assert!(run.stdout().contains("[乙市]"));
}

#[test]
fn coverage_says_what_no_fact_uses() {
    let sandbox = new_project();
    let run = sandbox
        .run(&["coverage", "--source", "page.txt", "--format", "json"])
        .expect(0);
    let report: serde_json::Value = serde_json::from_str(&run.stdout()).unwrap();
    let article = &report["articles"][0];
    assert_eq!(article["article"]["id"], "twin-cities");
    let unused: Vec<&str> = article["unused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stretch| stretch["text"].as_str().unwrap())
        .collect();
    assert!(unused.contains(&"本报讯"), "{unused:?}");
    let characters = article["characters"].as_u64().unwrap();
    let words = |text: &&str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let left: usize = unused.iter().map(words).sum();
    assert_eq!(article["used"].as_u64().unwrap() + left as u64, characters);
    assert_eq!(
        report["entities_without_facts"].as_array().unwrap().len(),
        0
    );
}

#[test]
fn why_shows_the_words_when_the_text_is_at_hand() {
    let sandbox = new_project();
    let run = sandbox
        .run(&["why", "甲市发展局", "乙市发展局", "--source", "page.txt"])
        .expect(0);
    let lines: Vec<String> = run.stdout().lines().map(str::to_owned).collect();
    assert!(lines[0].ends_with("WORDS"), "{lines:?}");
    for line in &lines[1..] {
        assert!(line.ends_with("  甲市发展局与乙市发展局"), "{lines:?}");
    }
}

#[test]
fn init_does_not_touch_a_folder_that_is_in_use() {
    let sandbox = Sandbox::new();
    sandbox.write("used/file", "mine");
    let run = sandbox.run(&["init", "used"]).expect(2);
    assert!(run.stderr().contains("not empty"), "{}", run.stderr());
    assert_eq!(fs::read_dir(sandbox.path("used")).unwrap().count(), 1);
}
