//! What a reader of a document gets for a fence.

use super::escape::escape_markdown;
use crate::diagram::figure::Fact;
use crate::diagram::{Figure, escape_xml, facts};

/// A figure that is wider than the page is scrolled.
const FIGURE: &str = "<figure class=\"tupu\" style=\"margin: 1.5em 0; overflow-x: auto\">";

/// A figure and what is written around it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Illustration {
    /// The figure.
    pub figure: Figure,
    /// What the caption begins with, in bold; may be empty.
    pub title: String,
    /// The rest of the caption; may be empty.
    pub caption: String,
    /// What an image of it is described with.
    pub alt: String,
}

/// The figure as HTML for a Markdown document: the SVG itself with its caption, and a table of its
/// facts that can be opened. `svg` is what the figure was drawn as.
pub fn inline_figure(illustration: &Illustration, svg: &str) -> String {
    // A blank line would end the HTML, and mdBook would follow an include.
    let lines = svg.lines().filter(|line| !line.trim().is_empty());
    let svg = lines
        .collect::<Vec<_>>()
        .join("\n")
        .replace("{{", "{&#123;");
    let caption = html_caption(illustration);
    let table = fact_table(&illustration.figure);
    format!("{FIGURE}\n{svg}\n{caption}</figure>\n\n{table}")
}

/// The figure as an image in a Markdown document, with its caption, and a table of its facts that can
/// be opened. `path` leads from the document to the image.
pub fn image_figure(illustration: &Illustration, path: &str) -> String {
    let alt = escape_markdown(&illustration.alt);
    let path = escape_path(path);
    let caption = markdown_caption(illustration);
    let table = fact_table(&illustration.figure);
    format!("![{alt}]({path})\n\n{caption}{table}")
}

/// The figure as a Mermaid block in a Markdown document, with its caption, and a table of its facts
/// that can be opened. `mermaid` is what the figure was written as.
pub fn mermaid_figure(illustration: &Illustration, mermaid: &str) -> String {
    let caption = markdown_caption(illustration);
    let table = fact_table(&illustration.figure);
    format!(
        "```mermaid\n{}\n```\n\n{caption}{table}",
        mermaid.trim_end()
    )
}

fn html_caption(illustration: &Illustration) -> String {
    let mut parts = Vec::new();
    if !illustration.title.is_empty() {
        parts.push(format!(
            "<strong>{}</strong>",
            escape_html(&illustration.title)
        ));
    }
    if !illustration.caption.is_empty() {
        parts.push(escape_html(&illustration.caption));
    }
    if parts.is_empty() {
        return String::new();
    }
    format!("<figcaption>{}</figcaption>\n", parts.join(" "))
}

fn markdown_caption(illustration: &Illustration) -> String {
    let mut parts = Vec::new();
    if !illustration.title.is_empty() {
        parts.push(format!("**{}**", escape_markdown(&illustration.title)));
    }
    if !illustration.caption.is_empty() {
        parts.push(escape_markdown(&illustration.caption));
    }
    if parts.is_empty() {
        return String::new();
    }
    format!("{}\n\n", parts.join(" "))
}

/// Everything that the figure says, folded up.
fn fact_table(figure: &Figure) -> String {
    let table = facts(figure);
    let mut text = format!(
        "<details class=\"tupu\">\n<summary>{} ({})</summary>\n\n",
        escape_html(table.title),
        table.rows.len()
    );
    text.push_str(&row(&table.heads.map(str::to_owned)));
    text.push_str(&row(&table.heads.map(|_| "---".to_owned())));
    for fact in &table.rows {
        text.push_str(&row(&cells(fact)));
    }
    text.push_str("\n</details>");
    text
}

fn cells(fact: &Fact) -> [String; 5] {
    let evidence = fact.evidence.join("; ");
    [
        &fact.subject,
        &fact.slot,
        &fact.object,
        &fact.status,
        &evidence,
    ]
    .map(|text| escape_markdown(text))
}

fn row(cells: &[String; 5]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// `text` between tags of HTML in a Markdown document, in one line and never an include of mdBook.
fn escape_html(text: &str) -> String {
    escape_xml(text).replace('{', "&#123;")
}

/// A relative path as the target of a link: of ASCII, only what no syntax gives a meaning stays.
fn escape_path(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for c in path.chars() {
        if !c.is_ascii() || c.is_ascii_alphanumeric() || "-._~/".contains(c) {
            escaped.push(c);
        } else {
            escaped.push_str(&format!("%{:02X}", u32::from(c)));
        }
    }
    escaped
}
