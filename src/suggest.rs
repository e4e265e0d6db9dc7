//! "Did you mean": the known name nearest to one that is not known.

/// The candidate that `wanted` was probably meant to be, if one is near enough.
///
/// Upper and lower case are one. Names of equal nearness are taken in alphabetical order, so that
/// the answer does not depend on the order of `candidates`.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    ranked(wanted, candidates, 1).into_iter().next()
}

/// Up to `limit` candidates that `wanted` was probably meant to be, nearest first.
pub fn ranked<'a>(
    wanted: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    limit: usize,
) -> Vec<&'a str> {
    const NEAR_ENOUGH: f64 = 0.6;
    const LONGEST: usize = 200;
    if wanted.len() > LONGEST {
        return Vec::new();
    }
    let wanted = wanted.to_lowercase();
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .filter(|name| name.len() <= LONGEST)
        .map(|name| (similarity(&wanted, &name.to_lowercase()), name))
        .filter(|(score, _)| *score >= NEAR_ENOUGH)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by_key(|(_, name)| *name);
    scored.truncate(limit);
    scored.into_iter().map(|(_, name)| name).collect()
}

/// Likeness from 0 to 1: of spelling, or 0.8 and more where one contains the other.
fn similarity(wanted: &str, name: &str) -> f64 {
    let spelling = strsim::normalized_damerau_levenshtein(wanted, name);
    let (short, long) = if wanted.len() < name.len() {
        (wanted, name)
    } else {
        (name, wanted)
    };
    // Two Chinese characters are a word, two letters are not.
    let is_word = short.len() >= 4;
    if is_word && long.contains(short) {
        #[expect(clippy::cast_precision_loss, reason = "lengths of names are small")]
        let share = short.len() as f64 / long.len() as f64;
        spelling.max(0.2f64.mul_add(share, 0.8))
    } else {
        spelling
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        let known = ["signatory", "signer", "location", "成都市知识产权局"];
        assert_eq!(nearest("signatry", known), Some("signatory"));
        assert_eq!(nearest("Location", known), Some("location"));
        assert_eq!(nearest("成都知识产权局", known), Some("成都市知识产权局"));
        assert_eq!(nearest("知识产权局", known), Some("成都市知识产权局"));
        assert_eq!(nearest("measuer", ["as", "measure"]), Some("measure"));
        assert_eq!(nearest("xyzzy", known), None);
        assert_eq!(nearest("", known), None);
    }

    #[test]
    fn order_of_candidates_does_not_matter() {
        assert_eq!(ranked("ab-c", ["ab-d", "ab-e"], 2), ["ab-d", "ab-e"]);
        assert_eq!(ranked("ab-c", ["ab-e", "ab-d"], 2), ["ab-d", "ab-e"]);
    }
}
