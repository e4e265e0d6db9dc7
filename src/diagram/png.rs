//! PNG, drawn from an SVG by resvg.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, FaceInfo, ID, Source, Style, Weight};
use resvg::usvg::roxmltree::{Document, ParsingOptions};
use resvg::usvg::{FontResolver, FontSelectionFn, Group, ImageHrefResolver, Node, Options, Tree};
use unicode_width::UnicodeWidthChar;

/// Most pixels of a picture, 400 megabytes while it is drawn.
pub const MAX_PIXELS: u64 = 100_000_000;

/// Why a picture is not drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PngError {
    /// The SVG cannot be read.
    #[error("not an SVG that can be drawn")]
    Svg(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The scale is not a number above 0.
    #[error("the scale {0} is not a number above 0")]
    Scale(f32),
    /// The picture would be too large, in pixels.
    #[error(
        "the picture would be {width} × {height} pixels, more than {} million: take a smaller scale", MAX_PIXELS / 1_000_000
    )]
    Size {
        /// Its width.
        width: u64,
        /// Its height.
        height: u64,
    },
    /// No font has these characters, and they would be missing from the picture.
    #[error(
        "no font on this machine has {}{}: install one that does (Debian: apt install fonts-noto-cjk) or name its file",
        .0.iter().take(12).collect::<String>(), if .0.len() > 12 { "…" } else { "" }
    )]
    Glyphs(BTreeSet<char>),
    /// The picture cannot be encoded.
    #[error("cannot encode the picture")]
    Encode(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The bytes cannot be written.
    #[error("cannot write the picture")]
    Io(#[from] io::Error),
}

/// The fonts that text is drawn with.
#[derive(Clone, Debug, Default)]
pub struct Fonts(Arc<Database>);

impl Fonts {
    /// The fonts of this machine, found where its system keeps them.
    pub fn system() -> Self {
        let mut database = Database::new();
        database.load_system_fonts();
        Self(Arc::new(database))
    }

    /// Adds the faces of a font file (TrueType, OpenType or a collection of them), and says how many
    /// there were; none in a file of another kind.
    pub fn add(&mut self, file: Vec<u8>) -> usize {
        let database = Arc::make_mut(&mut self.0);
        let source = Source::Binary(Arc::new(file));
        database.load_font_source(source).len()
    }
}

/// Draws an SVG as PNG with `scale` pixels for each of its own, in its light colours.
///
/// Files and addresses that the SVG refers to are not read.
///
/// # Errors
///
/// When `svg` is none, when a character is in no font, when the picture would have more than
/// [`MAX_PIXELS`], and when `writer` fails.
pub fn write_png<W: Write>(
    svg: &str,
    scale: f32,
    fonts: &Fonts,
    mut writer: W,
) -> Result<(), PngError> {
    if !(scale.is_finite() && scale > 0.0) {
        return Err(PngError::Scale(scale));
    }
    let tree = read(svg, fonts)?;
    let size = tree.size();
    let mut pixmap = canvas(size.width() * scale, size.height() * scale)?;
    let transform = Transform::from_scale(scale, scale);
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    let png = pixmap
        .encode_png()
        .map_err(|error| PngError::Encode(error.into()))?;
    Ok(writer.write_all(&png)?)
}

/// The SVG with its text laid out, every character of which some font has.
fn read(svg: &str, fonts: &Fonts) -> Result<Tree, PngError> {
    let characters = characters(svg)?;
    if fonts.0.is_empty() && !characters.is_empty() {
        return Err(PngError::Glyphs(characters));
    }
    let options = Options {
        fontdb: Arc::clone(&fonts.0),
        font_resolver: FontResolver {
            select_font: select_font(),
            select_fallback: FontResolver::default_fallback_selector(),
        },
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| PngError::Svg(error.into()))?;
    let mut missing = BTreeSet::new();
    collect_missing(tree.root(), &mut missing);
    if missing.is_empty() {
        Ok(tree)
    } else {
        Err(PngError::Glyphs(missing))
    }
}

/// The visible characters in text of the SVG.
fn characters(svg: &str) -> Result<BTreeSet<char>, PngError> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    let document =
        Document::parse_with_options(svg, options).map_err(|error| PngError::Svg(error.into()))?;
    let texts = document
        .descendants()
        .filter(|node| node.tag_name().name() == "text");
    Ok(texts
        .flat_map(|text| text.descendants())
        .filter_map(|node| node.is_text().then(|| node.text()).flatten())
        .flat_map(str::chars)
        .filter(|c| is_visible(*c))
        .collect())
}

fn is_visible(c: char) -> bool {
    !c.is_whitespace() && c.width().is_some_and(|width| width > 0)
}

/// The font that is asked for, else an upright one of the usual weight, so that no text goes missing.
fn select_font() -> FontSelectionFn<'static> {
    let asked_for = FontResolver::default_font_selector();
    Box::new(move |font, database| asked_for(font, database).or_else(|| usual_font(database)))
}

fn usual_font(database: &Database) -> Option<ID> {
    let mut faces = database.faces();
    let is_usual = |face: &&FaceInfo| face.style == Style::Normal && face.weight == Weight::NORMAL;
    let usual = faces.find(is_usual).or_else(|| database.faces().next());
    usual.map(|face| face.id)
}

/// Adds the characters that are laid out as a box for a missing one.
fn collect_missing(group: &Group, missing: &mut BTreeSet<char>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect_missing(group, missing),
            Node::Text(text) => {
                let spans = text.layouted().iter();
                let glyphs = spans.flat_map(|span| &span.positioned_glyphs);
                for glyph in glyphs.filter(|glyph| glyph.id.0 == 0) {
                    missing.extend(glyph.text.chars().filter(|c| is_visible(*c)));
                }
            }
            Node::Path(_) | Node::Image(_) => {}
        }
    }
}

/// An empty picture of this many pixels.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a size is above 0, and a float becomes the nearest integer there is"
)]
fn canvas(width: f32, height: f32) -> Result<Pixmap, PngError> {
    let [width, height] = [width, height].map(|length| length.ceil().max(1.0) as u64);
    let too_large = PngError::Size { width, height };
    if width.saturating_mul(height) > MAX_PIXELS {
        return Err(too_large);
    }
    let sides = (u32::try_from(width).ok(), u32::try_from(height).ok());
    let (Some(width), Some(height)) = sides else {
        return Err(too_large);
    };
    Pixmap::new(width, height).ok_or(too_large)
}
