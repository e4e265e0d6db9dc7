//! The style sheet of a figure: all of it below the figure's own id.

use super::colour::{CHALK, Colour, DARK, INK, LIGHT};
use crate::diagram::layout::Role;

/// Fonts whose widths are those that we reckon with, then fonts that have Chinese.
const FONTS: &str = "'Helvetica Neue',Helvetica,Arial,'Liberation Sans','Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Hiragino Sans GB','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif";

/// Every role, with the class of its texts.
pub(super) const ROLES: &[(Role, &str)] = &[
    (Role::Title, "title"),
    (Role::Subtitle, "subtitle"),
    (Role::Heading, "heading"),
    (Role::Subheading, "subheading"),
    (Role::Name, "name"),
    (Role::OtherName, "other-name"),
    (Role::DetailLabel, "detail-label"),
    (Role::DetailValue, "detail-value"),
    (Role::EdgeLabel, "edge-label"),
    (Role::Entry, "entry"),
];

/// The colours of one theme that no class of nodes decides.
struct Theme {
    canvas: Colour,
    text: Colour,
    muted: Colour,
    line: Colour,
    /// Fill of the outermost clusters, of those in them, and so on in turn.
    clusters: [Colour; 3],
    cluster_outline: Colour,
}

const LIGHT_THEME: Theme = Theme {
    canvas: LIGHT,
    text: INK,
    muted: Colour::new(0x47, 0x55, 0x69),
    line: Colour::new(0x64, 0x74, 0x8b),
    clusters: [
        Colour::new(0xf6, 0xf8, 0xfb),
        Colour::new(0xec, 0xf0, 0xf6),
        Colour::new(0xe2, 0xe8, 0xf0),
    ],
    cluster_outline: Colour::new(0xcb, 0xd5, 0xe1),
};

const DARK_THEME: Theme = Theme {
    canvas: DARK,
    text: CHALK,
    muted: Colour::new(0xb6, 0xc2, 0xd2),
    line: Colour::new(0x94, 0xa3, 0xb8),
    clusters: [
        Colour::new(0x16, 0x20, 0x36),
        Colour::new(0x1d, 0x29, 0x42),
        Colour::new(0x25, 0x33, 0x4f),
    ],
    cluster_outline: Colour::new(0x3b, 0x4a, 0x63),
};

/// How many fills there are for clusters, by how deep they are nested.
pub(super) const CLUSTER_FILLS: usize = LIGHT_THEME.clusters.len();

/// The style sheet of the figure whose id is `id`; the nodes of class `fill-N` have the `N`th fill.
pub(super) fn sheet(id: &str, fills: &[Colour]) -> String {
    let mut css = format!("#{id}{{font-family:{FONTS}}}");
    let mut rule = |selector: &str, declarations: &str| {
        css.push_str(&format!("#{id} {selector}{{{declarations}}}"));
    };
    rule("text", "direction:ltr;unicode-bidi:isolate;white-space:pre");
    for (role, class) in ROLES {
        let weight = if role.is_bold() {
            ";font-weight:600"
        } else {
            ""
        };
        rule(
            &format!(".{class}"),
            &format!("font-size:{}px{weight}", role.size()),
        );
    }
    rule(".rule", "stroke-opacity:.35");
    rule(".edge path", "fill:none;stroke-width:1.3");
    rule(".outline", "stroke-width:1.1;stroke-linejoin:round");
    rule(".dashed path", "stroke-dasharray:6 4");
    rule(
        ".dotted path",
        "stroke-dasharray:.1 4;stroke-linecap:round;stroke-width:1.9",
    );
    rule("a", "text-decoration:none;cursor:pointer");
    rule(
        "a:hover .outline,#ID a:focus .outline"
            .replace("ID", id)
            .as_str(),
        "stroke-width:2.2",
    );
    css.push_str(&theme(id, fills, &LIGHT_THEME, false));
    css.push_str("@media (prefers-color-scheme:dark){");
    css.push_str(&theme(id, fills, &DARK_THEME, true));
    css.push('}');
    css
}

/// The rules that differ between the themes.
fn theme(id: &str, fills: &[Colour], theme: &Theme, is_dark: bool) -> String {
    let mut css = String::new();
    let mut rule = |selector: &str, declarations: String| {
        css.push_str(&format!("#{id} {selector}{{{declarations}}}"));
    };
    let fill = |colour: Colour| format!("fill:{}", colour.hex());
    let stroke = |colour: Colour| format!("stroke:{}", colour.hex());
    rule(".canvas", fill(theme.canvas));
    rule("text", fill(theme.text));
    for class in ["subtitle", "subheading", "edge-label"] {
        rule(&format!(".{class}"), fill(theme.muted));
    }
    rule(".edge path", stroke(theme.line));
    rule(".arrow", fill(theme.line));
    for (depth, colour) in theme.clusters.iter().enumerate() {
        rule(
            &format!(".level-{depth} .box"),
            format!("{};{}", fill(*colour), stroke(theme.cluster_outline)),
        );
        rule(
            &format!(".level-{depth} text"),
            format!("{};stroke-width:3;paint-order:stroke", stroke(*colour)),
        );
    }
    rule(
        ".legend .box",
        format!("fill:none;{}", stroke(theme.cluster_outline)),
    );
    for (at, colour) in fills.iter().enumerate() {
        let (box_fill, outline) = if is_dark {
            (colour.in_the_dark(), colour.outline(DARK))
        } else {
            (*colour, colour.outline(Colour::new(0x33, 0x41, 0x55)))
        };
        rule(
            &format!(".fill-{at} .outline"),
            format!("{};{}", fill(box_fill), stroke(outline)),
        );
        rule(&format!(".fill-{at} .rule"), stroke(box_fill.text()));
        rule(&format!(".fill-{at} text"), fill(box_fill.text()));
        for class in ["other-name", "detail-label"] {
            rule(&format!(".fill-{at} .{class}"), fill(box_fill.muted_text()));
        }
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::svg::colour::LEAST_CONTRAST;

    #[test]
    fn texts_outside_of_nodes_can_be_read() {
        for theme in [&LIGHT_THEME, &DARK_THEME] {
            for ground in theme.clusters.iter().chain([&theme.canvas]) {
                for text in [theme.text, theme.muted] {
                    assert!(text.contrast(*ground) >= LEAST_CONTRAST);
                }
                assert!(theme.line.contrast(*ground) >= 3.0);
            }
        }
    }

    #[test]
    fn every_rule_is_of_this_figure() {
        let css = sheet("figure", &[INK, LIGHT]);
        let inside = css.replace("@media (prefers-color-scheme:dark){", "");
        let rules = inside.split('}').filter(|rule| !rule.is_empty());
        for selector in rules.filter_map(|rule| rule.split('{').next()) {
            assert!(
                selector.split(',').all(|part| part.starts_with("#figure")),
                "{selector}"
            );
        }
    }
}
