//! `manifest.json`: what an export into a folder holds, for whoever checks that it arrived.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};
use tupu::model::KnowledgeGraph;
use tupu::rdf::{ProvenanceProfile, counts};

#[derive(Debug, Serialize)]
pub(crate) struct Manifest {
    name: String,
    version: String,
    dataset: String,
    license: String,
    provenance: &'static str,
    entities: usize,
    facts: usize,
    triples: u64,
    subjects: u64,
    /// Instances by class IRI.
    classes: BTreeMap<String, u64>,
    /// Triples by property IRI.
    properties: BTreeMap<String, u64>,
    sources: Vec<SourceEntry>,
    pub(crate) files: Vec<FileEntry>,
}

#[derive(Debug, Serialize)]
struct SourceEntry {
    id: String,
    sha256: String,
    code_points: u32,
}

#[derive(Debug, Serialize)]
pub(crate) struct FileEntry {
    path: String,
    bytes: u64,
    sha256: String,
}

impl Manifest {
    pub(crate) fn new(graph: &KnowledgeGraph, profile: ProvenanceProfile) -> Self {
        let project = graph.project();
        let counts = counts(graph, profile);
        Self {
            name: project.name.clone(),
            version: project.version.clone(),
            dataset: project.base.clone(),
            license: project.license.clone(),
            provenance: match profile {
                ProvenanceProfile::None => "none",
                ProvenanceProfile::Graphs => "graphs",
                ProvenanceProfile::Rdf12 => "rdf12",
                _ => "reified",
            },
            entities: graph.node_count(),
            facts: graph.edge_count() + graph.literal_count(),
            triples: counts.triples,
            subjects: counts.subjects(),
            classes: counts.classes(),
            properties: counts.properties(),
            sources: graph
                .sources()
                .iter()
                .map(|(node, document)| SourceEntry {
                    id: graph.slug(*node).to_owned(),
                    sha256: document.sha256.clone(),
                    code_points: document.length,
                })
                .collect(),
            files: Vec::new(),
        }
    }

    pub(crate) fn write(&self, mut out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        out.write_all(b"\n")
    }
}

impl FileEntry {
    pub(crate) fn new(path: String) -> Self {
        Self {
            path,
            bytes: 0,
            sha256: String::new(),
        }
    }

    /// Writes with `write` and notes how much it was and its digest.
    pub(crate) fn measure(
        &mut self,
        out: &mut dyn Write,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut measuring = Measuring {
            out,
            bytes: 0,
            digest: Sha256::new(),
        };
        write(&mut measuring)?;
        self.bytes = measuring.bytes;
        self.sha256 = measuring
            .digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(())
    }
}

struct Measuring<'o> {
    out: &'o mut dyn Write,
    bytes: u64,
    digest: Sha256,
}

impl Write for Measuring<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let length = self.out.write(data)?;
        self.bytes += length as u64;
        self.digest.update(&data[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
