//! Ctrl-C in a session: it ends the query that runs, and not the program.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use tupu::sparql::CancellationToken;

/// What Ctrl-C cancels.
static RUNNING: Mutex<Option<CancellationToken>> = Mutex::new(None);

static IS_CAUGHT: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C cancels the query that runs, if one does, and nothing else.
pub(crate) fn catch() -> anyhow::Result<()> {
    IS_CAUGHT.store(true, Ordering::Relaxed);
    ctrlc::set_handler(|| {
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = &*running {
            token.cancel();
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Whether Ctrl-C leaves the program running, so that what it cancels must end by itself.
pub(crate) fn is_caught() -> bool {
    IS_CAUGHT.load(Ordering::Relaxed)
}

/// Lets Ctrl-C cancel the query that begins now.
pub(crate) fn cancels(token: &CancellationToken) {
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    *running = Some(token.clone());
}
