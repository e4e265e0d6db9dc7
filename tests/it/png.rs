//! Pictures of SVG, with fonts of the tests' own.

use std::collections::BTreeSet;

use resvg::tiny_skia::Pixmap;
use tupu::diagram::{Fonts, MAX_PIXELS, PngError, write_png};

/// A font without Chinese.
fn latin() -> Fonts {
    let mut fonts = Fonts::default();
    assert_eq!(fonts.add(epaint_default_fonts::UBUNTU_LIGHT.to_vec()), 1);
    fonts
}

fn svg(inside: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">{inside}</svg>"#
    )
}

fn png(svg: &str, scale: f32, fonts: &Fonts) -> Result<Pixmap, PngError> {
    let mut bytes = Vec::new();
    write_png(svg, scale, fonts, &mut bytes)?;
    Ok(Pixmap::decode_png(&bytes).unwrap())
}

/// Red, green, blue and opacity of a pixel.
fn pixel(picture: &Pixmap, x: u32, y: u32) -> [u8; 4] {
    let colour = picture.pixel(x, y).unwrap();
    [colour.red(), colour.green(), colour.blue(), colour.alpha()]
}

/// How many pixels are not of the background.
fn inked(picture: &Pixmap) -> usize {
    let pixels = picture.pixels().iter();
    pixels.filter(|pixel| pixel.alpha() > 0).count()
}

#[test]
fn the_scale_says_how_many_pixels_there_are() {
    for (scale, width, height) in [(1.0, 40, 20), (2.0, 80, 40), (0.5, 20, 10), (0.001, 1, 1)] {
        let picture = png(&svg(""), scale, &Fonts::default()).unwrap();
        assert_eq!((picture.width(), picture.height()), (width, height));
    }
    for scale in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        let error = png(&svg(""), scale, &Fonts::default()).unwrap_err();
        assert!(matches!(error, PngError::Scale(_)), "{error}");
    }
}

#[test]
fn pictures_are_in_light_colours() {
    let text = svg(r#"<style>
            .a { fill: #ff0000 }
            @media (prefers-color-scheme: dark) { .a { fill: #0000ff } .b { fill: #0000ff } }
            .b { fill: #00ff00 }
        </style>
        <rect class="a" width="20" height="20"/><rect class="b" x="20" width="20" height="20"/>"#);
    let picture = png(&text, 1.0, &Fonts::default()).unwrap();
    assert_eq!(pixel(&picture, 5, 5), [255, 0, 0, 255]);
    assert_eq!(pixel(&picture, 25, 5), [0, 255, 0, 255]);
}

#[test]
fn text_is_drawn_also_when_no_font_has_the_name_that_is_asked_for() {
    for family in ["Ubuntu", "No Such Font", "No Such Font, sans-serif"] {
        let text = svg(&format!(
            r#"<text x="2" y="15" font-family="{family}" font-weight="bold">City</text>"#
        ));
        assert!(inked(&png(&text, 1.0, &latin()).unwrap()) > 20, "{family}");
    }
}

#[test]
fn characters_that_no_font_has_are_an_error_rather_than_boxes() {
    let text = svg("<text y=\"15\">City 甲<tspan>市 &#x4E59;</tspan>\u{200B}\n</text>");
    let missing = |fonts: &Fonts| match png(&text, 1.0, fonts) {
        Err(PngError::Glyphs(missing)) => missing.into_iter().collect::<String>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(missing(&latin()), "乙市甲");
    assert_eq!(missing(&Fonts::default()), "City乙市甲");

    let error = png(&text, 1.0, &latin()).unwrap_err().to_string();
    let expected = "no font on this machine has 乙市甲: install one that does (Debian: apt install fonts-noto-cjk) or name its file";
    assert_eq!(error, expected);
    let many: BTreeSet<char> = ('一'..='丏').collect();
    let error = PngError::Glyphs(many).to_string();
    assert!(error.contains("一丁丂七丄丅丆万丈三上下…:"), "{error}");
}

#[test]
fn names_and_titles_need_no_font() {
    let text = svg("<title>甲市</title><desc>乙市</desc><rect width=\"9\" height=\"9\"/>");
    assert_eq!(inked(&png(&text, 1.0, &Fonts::default()).unwrap()), 81);
}

#[test]
fn a_file_that_is_no_font_adds_nothing() {
    assert_eq!(Fonts::default().add(b"no font".to_vec()), 0);
    assert_eq!(Fonts::default().add(Vec::new()), 0);
}

#[test]
fn absurd_sizes_are_refused_with_advice() {
    for scale in [1000.0, 1e30] {
        let error = png(&svg(""), scale, &Fonts::default()).unwrap_err();
        let PngError::Size { width, height } = error else {
            panic!("{error}");
        };
        assert!(width.saturating_mul(height) > MAX_PIXELS);
        assert!(error.to_string().contains("smaller scale"), "{error}");
    }
}

#[test]
fn what_is_no_svg_is_refused() {
    for text in [
        "",
        "<svg",
        "no",
        "<html/>",
        "<svg xmlns='http://www.w3.org/2000/svg' width='0'/>",
    ] {
        let error = png(text, 1.0, &Fonts::default()).unwrap_err();
        assert!(matches!(error, PngError::Svg(_)), "{text}: {error}");
    }
}

#[test]
fn files_that_the_svg_names_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.svg");
    std::fs::write(&other, svg("<rect width=\"40\" height=\"20\"/>")).unwrap();
    let text = svg(&format!(
        r#"<image href="{}" width="40" height="20"/>"#,
        other.display()
    ));
    assert_eq!(inked(&png(&text, 1.0, &Fonts::default()).unwrap()), 0);
}
