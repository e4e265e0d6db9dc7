//! Outlines of nodes.

use super::number;
use crate::diagram::figure::Shape;
use crate::diagram::layout::Rect;
use crate::diagram::layout::measure::{COMPONENT_BAR, NOTE_FOLD, TAB, hexagon_slope, tab_width};

/// The elements that draw `shape` in `rect`, with `attributes` on each; those behind the first have
/// no fill of their own.
pub(super) fn elements(shape: Shape, rect: Rect, attributes: &str) -> String {
    let path = |data: &str| format!("<path d=\"{data}\"{attributes}/>");
    let (x, y) = (number(rect.x), number(rect.y));
    let (right, bottom) = (number(rect.right()), number(rect.bottom()));
    let centre = rect.centre();
    match shape {
        Shape::Box => rounded(rect, 6.0, attributes),
        Shape::Ellipse => format!(
            "<ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\"{attributes}/>",
            number(centre.x),
            number(centre.y),
            number(rect.width / 2.0),
            number(rect.height / 2.0),
        ),
        Shape::Hexagon => {
            let slope = hexagon_slope(rect.height);
            let middle = number(centre.y);
            let (left, far) = (number(rect.x + slope), number(rect.right() - slope));
            path(&format!(
                "M{x} {middle}L{left} {y}H{far}L{right} {middle}L{far} {bottom}H{left}Z"
            ))
        }
        Shape::Note => {
            let fold = number(rect.right() - NOTE_FOLD);
            let below = number(rect.y + NOTE_FOLD);
            path(&format!("M{x} {y}H{fold}L{right} {below}V{bottom}H{x}Z"))
                + &path(&format!("M{fold} {y}V{below}H{right}"))
        }
        Shape::Folder => {
            let tab = rect.x + tab_width(rect.width);
            let (tab, slant) = (number(tab), number(tab - TAB));
            let below = number(rect.y + TAB);
            path(&format!(
                "M{x} {bottom}V{y}H{slant}L{tab} {below}H{right}V{bottom}Z"
            ))
        }
        Shape::Tab => {
            let tab = number(rect.x + tab_width(rect.width));
            let below = number(rect.y + TAB);
            path(&format!(
                "M{x} {bottom}V{y}H{tab}V{below}H{right}V{bottom}Z"
            )) + &path(&format!("M{x} {below}H{tab}"))
        }
        Shape::Component => {
            let bar = |share: f64| Rect {
                x: rect.x,
                y: rect.y + rect.height * share - 3.0,
                width: COMPONENT_BAR - 3.0,
                height: 6.0,
            };
            rounded(rect, 3.0, attributes)
                + &rounded(bar(0.3), 1.0, attributes)
                + &rounded(bar(0.7), 1.0, attributes)
        }
    }
}

/// A rectangle with round corners.
pub(super) fn rounded(rect: Rect, radius: f64, attributes: &str) -> String {
    format!(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"{attributes}/>",
        number(rect.x),
        number(rect.y),
        number(rect.width),
        number(rect.height),
        number(radius),
    )
}
