//! An installed Graphviz, for those who want its layout.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, anyhow, bail};

/// What Graphviz makes of a text in DOT, in one of its output formats (`svg`, `png`, `pdf`).
pub(crate) fn render(dot: &[u8], format: &str) -> anyhow::Result<Vec<u8>> {
    let mut child = Command::new("dot")
        .arg(format!("-T{format}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => anyhow!(
                "Graphviz is not installed (no program `dot` is found); leave --engine out, or install it, on Debian with `apt install graphviz`"
            ),
            _ => anyhow::Error::new(error).context("cannot start Graphviz' `dot`"),
        })?;
    let mut input = child.stdin.take().context("`dot` has no input")?;
    // Written beside reading, so that neither waits for the other.
    let output = thread::scope(|scope| {
        let writer = scope.spawn(move || input.write_all(dot));
        let output = child.wait_with_output();
        drop(writer.join());
        output
    })
    .context("cannot read what `dot` draws")?;
    if !output.status.success() {
        bail!(
            "Graphviz' `dot` failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(output.stdout)
}
