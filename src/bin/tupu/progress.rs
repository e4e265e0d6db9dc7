//! Bars on the terminal that say how far something is; nothing where standard error is none.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::Target;

/// How many of `length` things are done.
pub(crate) fn progress(length: u64, what: &'static str) -> ProgressBar {
    let bar = bar(what, "{msg} {wide_bar} {human_pos}/{human_len}");
    bar.set_length(length);
    bar
}

/// The same for what is read, whether that counts in bytes or triples.
pub(crate) fn reading(what: &'static str) -> ProgressBar {
    bar(what, "{msg} {wide_bar} {percent} %, {eta} left")
}

/// The same for what is read and goes to `target`, unless that is the terminal itself.
pub(crate) fn writing(what: &'static str, target: &Target) -> ProgressBar {
    unless_terminal(target, || reading(what))
}

/// What moves where nobody knows how long it takes.
pub(crate) fn waiting(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// The same while `target` is written, unless that is the terminal itself.
pub(crate) fn waiting_for(what: &'static str, target: &Target) -> ProgressBar {
    unless_terminal(target, || waiting(what))
}

/// A bar would stand in the middle of what is written to a terminal.
fn unless_terminal(target: &Target, bar: impl FnOnce() -> ProgressBar) -> ProgressBar {
    if *target == Target::Stdout && io::stdout().is_terminal() {
        ProgressBar::hidden()
    } else {
        bar()
    }
}

fn bar(what: &'static str, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(0).with_message(what);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
