//! `tupu export`: the graph as files.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context as _, bail};
use tupu::diagram;
use tupu::model::KnowledgeGraph;
use tupu::rdf::{self, ProvenanceProfile};

use super::{Outcome, load_sound};
use crate::args::{Export, ExportFormat, Provenance};
use crate::output::{self, Target};
use crate::report;

impl ExportFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Turtle => "ttl",
            Self::Ntriples => "nt",
            Self::Dot => "dot",
        }
    }

    fn of_file(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        [
            (Self::Turtle, "ttl"),
            (Self::Ntriples, "nt"),
            (Self::Dot, "dot"),
            (Self::Dot, "gv"),
        ]
        .into_iter()
        .find_map(|(format, known)| (known == extension).then_some(format))
    }

    fn write(
        self,
        graph: &KnowledgeGraph,
        profile: ProvenanceProfile,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Turtle => rdf::write_turtle(graph, profile, out).map(drop),
            Self::Ntriples => rdf::write_ntriples(graph, profile, out).map(drop),
            Self::Dot => diagram::write_dot(graph, out),
        }
    }

    /// What was written, in numbers.
    fn measure(self, graph: &KnowledgeGraph, profile: ProvenanceProfile) -> String {
        match self {
            Self::Turtle | Self::Ntriples => {
                format!("{} triples", rdf::triple_count(graph, profile))
            }
            Self::Dot => format!("{} nodes, {} edges", graph.node_count(), graph.edge_count()),
        }
    }
}

pub(crate) fn run(project: &Path, options: Export) -> anyhow::Result<Outcome> {
    let single = options.file.map(|path| -> anyhow::Result<_> {
        let format = options.format.or_else(|| ExportFormat::of_file(&path));
        let Some(format) = format else {
            bail!(
                "the extension of `{}` names no format; give one with --format turtle, ntriples or dot",
                path.display()
            );
        };
        Ok((format, Target::named(path)))
    });
    let single = single.transpose()?;

    let Some(loaded) = load_sound(project)? else {
        return Ok(Outcome::No);
    };
    let graph = &loaded.graph;
    let profile = match options.provenance {
        Provenance::None => ProvenanceProfile::None,
        Provenance::Reified => ProvenanceProfile::Reified,
    };
    let targets = match single {
        Some(target) => vec![target],
        None => {
            fs::create_dir_all(&options.output).with_context(|| {
                format!("cannot make the folder `{}`", options.output.display())
            })?;
            let formats = match options.format {
                Some(format) => vec![format],
                None => vec![ExportFormat::Turtle, ExportFormat::Dot],
            };
            let name = &graph.project().name;
            let in_folder = |format: ExportFormat| {
                let path = options
                    .output
                    .join(format!("{name}.{}", format.extension()));
                (format, Target::File(path))
            };
            formats.into_iter().map(in_folder).collect()
        }
    };

    let mut written = Vec::new();
    for (format, target) in &targets {
        let output = output::write(target, |out| format.write(graph, profile, out))?;
        written.push(output);
    }
    for output in written {
        output.publish()?;
    }
    for (format, target) in &targets {
        if let Target::File(path) = target {
            report::note(&format!(
                "{}: {}",
                path.display(),
                format.measure(graph, profile)
            ));
        }
    }
    Ok(Outcome::Fine)
}
