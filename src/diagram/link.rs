//! Where a click leads.

/// `link` as a URI of [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986): what a URI cannot hold is
/// percent-encoded, what is encoded already stays.
pub(super) fn address(link: &str) -> String {
    let mut address = String::with_capacity(link.len());
    for (at, byte) in link.bytes().enumerate() {
        let is_plain = match byte {
            b'%' => link.as_bytes()[at + 1..]
                .get(..2)
                .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if is_plain {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_no_mark_of_a_syntax() {
        let link = "https://a.example/甲?a=1&b=%41;#c";
        assert_eq!(address(link), "https://a.example/%E7%94%B2?a=1&b=%41;#c");
        assert_eq!(address("x%%{y}\"<%4\n"), "x%25%25%7By%7D%22%3C%254%0A");
        assert_eq!(address(""), "");
    }
}
