//! `tupu targets`, `timeline` and `numbers`: exact answers.

use serde_json::Value;

use crate::support::{ask, ask_json};

fn items(arguments: &[&str]) -> Vec<Value> {
    ask_json(arguments).as_array().unwrap().clone()
}

fn ids(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|it| it["entity"]["id"].as_str().unwrap())
        .collect()
}

#[test]
fn targets_are_what_the_page_says_is_to_be_reached() {
    let targets = items(&[
        "targets",
        "--status",
        "target",
        "--due-before",
        "2027-12-31",
    ]);
    assert_eq!(
        ids(&targets),
        [
            "tt-aim-innovation-system",
            "tt-aim-transfer-efficiency",
            "tt-target-contracts",
            "tt-target-high-tech-firms",
            "tt-target-rd-spending",
        ]
    );
    let spending = &targets[4];
    assert_eq!(
        spending["indicators"][0]["label"]["zh"],
        "全社会研发投入总额"
    );
    assert_eq!(spending["value"]["quantity"]["number"], "1800");
    assert_eq!(spending["value"]["quantity"]["absolute"], "180000000000");
    assert_eq!(spending["value"]["quantity"]["comparator"], "increase-to");
    assert_eq!(spending["due"]["precision"], "year");
    assert_eq!(spending["due"]["latest"], "2027-12-31");
    assert_eq!(
        spending["value"]["evidence"][0]["article"],
        "technology-transfer"
    );
    assert!(targets[0]["value"].is_null());
    assert_eq!(targets[0]["deadline"]["date"]["value"], "2027");
}

#[test]
fn targets_are_filtered_by_when_they_are_due() {
    let all = items(&["targets"]);
    let dated = items(&["targets", "--due-after", "2000"]);
    let undated: Vec<&Value> = all.iter().filter(|it| it["due"].is_null()).collect();
    assert_eq!(dated.len() + undated.len(), all.len());
    assert!(!undated.is_empty());
    let by_2025 = items(&["targets", "--due-before", "2025"]);
    assert_eq!(ids(&by_2025), ["ps-goals", "public-services-plan"]);
    ask(&["targets", "--due-before", "2025-12-30"]).expect(1);
    assert_eq!(items(&["targets", "--due-after", "2026"]).len(), 5);
    let run = ask(&["targets", "--status", "目标", "--limit", "1"]).expect(0);
    assert!(
        run.stdout().contains("tt-aim-innovation-system"),
        "{}",
        run.stdout()
    );
}

#[test]
fn a_target_is_said_in_words() {
    let run = ask(&["targets", "--class", "Target"]).expect(0);
    let text = run.stdout();
    let line = text
        .lines()
        .find(|line| line.contains("tt-target-rd-spending"));
    let line = line.unwrap();
    for words in ["增至1800亿元", "2027", "目标"] {
        assert!(line.contains(words), "{line}");
    }
    let run = ask(&["targets", "--class", "Target", "--lang", "en"]).expect(0);
    assert!(
        run.stdout()
            .contains("increase to 180 billion yuan, by 2027"),
        "{}",
        run.stdout()
    );
}

#[test]
fn a_unit_goes_by_its_name_in_each_language() {
    let csv = |more: &[&str]| {
        let arguments = [&["numbers", "--format", "csv"], more].concat();
        ask(&arguments).expect(0).stdout()
    };
    let english = csv(&["--unit", "yuan", "--lang", "en"]);
    let spending = "tt-target-rd-spending";
    let row = english
        .lines()
        .find(|line| line.contains(spending))
        .unwrap();
    assert!(row.contains(",180000000000,yuan,"), "{row}");
    assert_eq!(english.lines().count(), 4, "{english}");
    assert_eq!(csv(&["--unit", "元", "--lang", "en"]), english);

    let chinese = csv(&["--unit", "yuan", "--lang", "zh"]);
    let row = chinese
        .lines()
        .find(|line| line.contains(spending))
        .unwrap();
    assert!(row.contains(",1800,亿元,"), "{row}");
    // A measure word without a name in English is still a unit.
    assert!(!csv(&["--unit", "", "--lang", "en"]).contains("tt-target-key-laboratories"));
}

#[test]
fn the_timeline_runs_from_the_first_day_a_date_can_mean() {
    let dates = items(&["timeline"]);
    let first_days: Vec<&str> = dates
        .iter()
        .map(|it| it["date"]["earliest"].as_str().unwrap())
        .collect();
    assert!(first_days.is_sorted(), "{first_days:?}");
    assert_eq!(dates[0]["date"]["precision"], "year");
    let kinds: Vec<&str> = dates
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"event") && kinds.contains(&"deadline"),
        "{kinds:?}"
    );
}

#[test]
fn the_timeline_has_what_can_lie_between() {
    let november = items(&["timeline", "--from", "2024-11-25", "--to", "2024-11-25"]);
    for dated in &november {
        let (earliest, latest) = (&dated["date"]["earliest"], &dated["date"]["latest"]);
        assert!(earliest.as_str().unwrap() <= "2024-11-25", "{dated}");
        assert!(latest.as_str().unwrap() >= "2024-11-25", "{dated}");
    }
    assert!(
        ids(&november).contains(&"finance-plan"),
        "a period that the day lies in"
    );
    assert!(!ids(&november).contains(&"page"));
    let meetings = items(&["timeline", "--class", "Meeting"]);
    assert_eq!(
        ids(&meetings),
        ["cppcc-party-group-meeting", "dual-core-meeting-3"]
    );
    // The number has the deadline, so it does not stand twice.
    let spending = items(&["timeline", "--from", "2027", "--class", "Target"]);
    let count = ids(&spending)
        .iter()
        .filter(|it| **it == "tt-target-rd-spending")
        .count();
    assert_eq!(count, 1);
    ask(&["timeline", "--to", "1999"]).expect(1);
}

#[test]
fn wrong_dates_are_refused() {
    for arguments in [
        ["timeline", "--from", "2024-13"],
        ["timeline", "--from", "yesterday"],
        ["timeline", "--to", "2024-02-30"],
        ["targets", "--due-before", "31.12.2027"],
    ] {
        let run = ask(&arguments).expect(2);
        assert!(run.stderr().contains("2024-11-25"), "{}", run.stderr());
    }
    let run = ask(&["timeline", "--from", "2025", "--to", "2024"]).expect(2);
    assert!(
        run.stderr().contains("ends before it begins"),
        "{}",
        run.stderr()
    );
    ask(&["targets", "--due-after", "2028", "--due-before", "2027"]).expect(2);
}

#[test]
fn numbers_are_found_by_unit_and_class() {
    let spending = items(&["numbers", "--unit", "亿元"]);
    assert_eq!(
        ids(&spending),
        [
            "sub-funds-size",
            "tt-target-contracts",
            "tt-target-rd-spending"
        ]
    );
    let with_any_scale = items(&["numbers", "--unit", "元"]);
    assert!(with_any_scale.len() >= spending.len());
    let flow = items(&["numbers", "--unit", "万人次"]);
    assert_eq!(flow[0]["number"], "18.9");
    assert_eq!(flow[0]["absolute"], "189000");
    assert_eq!(flow[0]["indicators"][0]["label"]["zh"], "日均客流量");
    let groups = items(&["numbers", "--class", "OrganizationGroup"]);
    assert!(ids(&groups).contains(&"five-task-forces"));
    let run = ask(&["numbers", "--unit", "光年"]).expect(1);
    assert!(run.stderr().contains("亿元"), "{}", run.stderr());
}
