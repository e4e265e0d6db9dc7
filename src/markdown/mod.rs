//! Figures in Markdown: the fences that ask for them, and what takes their place.
//!
//! A fence is a fenced code block whose first line begins with `tupu`; what else stands in that line
//! says which figure. [`fences`] finds them, [`inline_figure`], [`image_figure`] and
//! [`mermaid_figure`] make what a reader gets, and [`replace`] or [`update`] puts it there.

mod escape;
mod fence;
mod illustration;
mod insert;

pub use self::escape::escape_markdown;
pub use self::fence::{Fence, FenceFault, Fences, fences};
pub use self::illustration::{Illustration, image_figure, inline_figure, mermaid_figure};
pub use self::insert::{replace, update};
