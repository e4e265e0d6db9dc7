//! `tupu export`: the graph as files.

mod analysis;
mod tables;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use tupu::diagram;
use tupu::model::KnowledgeGraph;
use tupu::property_graph::TableFormat;
use tupu::rdf::{self, JsonLdProfileSet, ProvenanceProfile, RdfFormat};

use self::analysis::Destination;
use super::{Outcome, load_sound};
use crate::args::Origin;
use crate::manifest::{FileEntry, Manifest};
use crate::output::{self, Compression, Target, Written};
use crate::report;
use crate::sorting::SortOptions;

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// RDF Turtle, made for people
    Turtle,
    /// RDF N-Triples
    Ntriples,
    /// RDF N-Quads
    Nquads,
    /// RDF TriG, made for people
    Trig,
    /// RDF/XML
    Rdfxml,
    /// JSON-LD with its context, made for people
    Jsonld,
    /// Graphviz DOT
    Dot,
    /// OWL ontology of the schema, in Turtle
    Ontology,
    /// SHACL shapes of the schema, in Turtle
    Shapes,
    /// JSON-LD context of the schema
    Context,
    /// LinkML schema, in YAML
    Linkml,
    /// KGX tables, tab-separated: nodes and edges
    KgxTsv,
    /// KGX tables as JSON Lines: nodes and edges
    KgxJsonl,
    /// CSV for `neo4j-admin database import`: nodes and relationships
    Neo4j,
    /// CSV of the edges
    EdgeList,
    /// GraphML of the whole graph
    Graphml,
    /// Parquet: nodes, edges and triples (a build with the feature `parquet`)
    Parquet,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Provenance {
    /// No evidence; what is only planned is left out
    None,
    /// An rdf:Statement for each fact, with its evidence and status
    Reified,
    /// The same, and the facts of each article in a named graph (TriG, N-Quads)
    Graphs,
    /// A reifier for each fact, as RDF 1.2 has it (not RDF/XML, JSON-LD)
    Rdf12,
}

#[derive(Debug, Args)]
#[command(
    mut_arg("memory", |it| it.requires("tables")),
    mut_arg("temp_dir", |it| it.requires("tables")),
    after_help = "Examples:
  tupu export                                everything into out/, with a manifest
  tupu export --output build                 the same into build/
  tupu export -o graph.nt.gz                 N-Triples, compressed, by the file's extension
  tupu export --format turtle -o -           Turtle to standard output
  tupu export --provenance graphs -o g.trig  each article's facts in a graph of its own
  tupu export nodes.tsv edges.tsv --prefix EX=https://kg.example/ -o graph.nt.zst
                                             tables of KGX, without holding a graph
  tupu export n.csv e.csv --mapping columns.toml --rejects faulty.tsv -o graph.ttl
                                             other tables, faulty rows set aside
  tupu export --format kgx-tsv               out/NAME_nodes.tsv and out/NAME_edges.tsv, for KGX
  tupu export --format neo4j --output import  CSV for neo4j-admin database import
  tupu export -o graph.graphml               the whole graph, for networkx or igraph
  tupu export --format edge-list --graph other.ttl -o edges.csv
                                             the edges of any RDF file"
)]
pub(crate) struct Export {
    /// Folder to write into, made if it does not exist
    #[arg(
        long,
        value_name = "DIR",
        default_value = "out",
        conflicts_with_all = ["file", "tables"]
    )]
    output: PathBuf,

    /// One file to write instead (- is standard output); .gz and .zst compress
    #[arg(short = 'o', value_name = "FILE")]
    file: Option<PathBuf>,

    /// Format; for a folder everything where not given, for a file what its extension says
    #[arg(long, short, value_enum)]
    format: Option<ExportFormat>,

    /// How the evidence of facts is written (reified; of tables none)
    #[arg(long, value_enum)]
    provenance: Option<Provenance>,

    /// Tables of nodes and edges to export in place of a project: KGX as TSV or JSON Lines, CSV; plain,
    /// gzip or zstd; Parquet (a build with the feature `parquet`); - is standard input
    #[arg(value_name = "TABLE")]
    tables: Vec<PathBuf>,

    #[command(flatten)]
    sorting: SortOptions,
}

impl Export {
    /// Whether it is tables that are exported.
    pub(crate) fn has_tables(&self) -> bool {
        !self.tables.is_empty()
    }
}

/// The file that says what an export into a folder holds.
const MANIFEST: &str = "manifest.json";

impl From<Provenance> for ProvenanceProfile {
    fn from(provenance: Provenance) -> Self {
        match provenance {
            Provenance::None => Self::None,
            Provenance::Reified => Self::Reified,
            Provenance::Graphs => Self::Graphs,
            Provenance::Rdf12 => Self::Rdf12,
        }
    }
}

impl ExportFormat {
    /// What an export into a folder writes.
    const ALL_FILES: &[Self] = &[
        Self::Turtle,
        Self::Dot,
        Self::Ontology,
        Self::Shapes,
        Self::Context,
        Self::Linkml,
    ];

    /// The format of RDF that it is.
    pub(crate) fn rdf(self) -> Option<RdfFormat> {
        match self {
            Self::Turtle => Some(RdfFormat::Turtle),
            Self::Ntriples => Some(RdfFormat::NTriples),
            Self::Nquads => Some(RdfFormat::NQuads),
            Self::Trig => Some(RdfFormat::TriG),
            Self::Rdfxml => Some(RdfFormat::RdfXml),
            Self::Jsonld => Some(RdfFormat::JsonLd {
                profile: JsonLdProfileSet::empty(),
            }),
            _ => None,
        }
    }

    /// What `format` is here.
    pub(crate) fn of_rdf(format: RdfFormat) -> Option<Self> {
        let mut all = Self::value_variants().iter();
        all.find(|it| it.rdf() == Some(format)).copied()
    }

    /// The format of tables that it is.
    fn tables(self) -> Option<TableFormat> {
        match self {
            Self::KgxTsv => Some(TableFormat::KgxTsv),
            Self::KgxJsonl => Some(TableFormat::KgxJsonLines),
            Self::Neo4j => Some(TableFormat::Neo4j),
            Self::EdgeList => Some(TableFormat::EdgeList),
            Self::Graphml => Some(TableFormat::GraphMl),
            #[cfg(feature = "parquet")]
            Self::Parquet => Some(TableFormat::Parquet),
            _ => None,
        }
    }

    /// Name of the file in a folder.
    fn file_name(self, project: &str) -> String {
        match self {
            Self::Ontology => "ontology.ttl".to_owned(),
            Self::Shapes => "shapes.ttl".to_owned(),
            Self::Context => "context.jsonld".to_owned(),
            Self::Linkml => "schema.yaml".to_owned(),
            Self::Dot => format!("{project}.dot"),
            _ => {
                let extension = self.rdf().map_or("", |format| format.file_extension());
                format!("{project}.{extension}")
            }
        }
    }

    /// The format that a file's extension names, before one of a compression.
    pub(crate) fn of_file(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = Compression::strip_extension(&name);
        let extension = Path::new(name).extension()?.to_str()?;
        [
            ("ttl", Self::Turtle),
            ("nt", Self::Ntriples),
            ("nq", Self::Nquads),
            ("trig", Self::Trig),
            ("rdf", Self::Rdfxml),
            ("owl", Self::Rdfxml),
            ("jsonld", Self::Jsonld),
            ("dot", Self::Dot),
            ("gv", Self::Dot),
            ("graphml", Self::Graphml),
        ]
        .into_iter()
        .find_map(|(known, format)| (known == extension).then_some(format))
    }

    /// The format that a file's extension names, which must be there.
    fn named_by(path: &Path) -> anyhow::Result<Self> {
        match Self::of_file(path) {
            Some(format) => Ok(format),
            None => bail!(
                "the extension of `{}` names no format; give one with --format (turtle, ntriples, …)",
                path.display()
            ),
        }
    }

    /// Says why the format cannot hold the profile, if it cannot.
    fn check(self, profile: ProvenanceProfile) -> anyhow::Result<()> {
        let Some(format) = self.rdf() else {
            return Ok(());
        };
        if profile == ProvenanceProfile::Graphs && !format.supports_datasets() {
            bail!(
                "{} has no named graphs; take --format trig or nquads",
                format.name()
            );
        }
        let has_reifiers = !matches!(format, RdfFormat::RdfXml | RdfFormat::JsonLd { .. });
        if profile == ProvenanceProfile::Rdf12 && !has_reifiers {
            bail!(
                "{} has no reifiers here; take --format turtle, trig, ntriples or nquads",
                format.name()
            );
        }
        Ok(())
    }

    fn write(
        self,
        graph: &KnowledgeGraph,
        profile: ProvenanceProfile,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Dot => diagram::write_dot(graph, out),
            Self::Ontology => rdf::write_ontology(graph, out).map(drop),
            Self::Shapes => rdf::write_shapes(graph, out).map(drop),
            Self::Context => rdf::write_context(graph, out).map(drop),
            Self::Linkml => rdf::write_linkml(graph, out).map(drop),
            _ => match self.rdf() {
                Some(format) => rdf::write(graph, format, profile, out).map(drop),
                None => Ok(()),
            },
        }
    }

    /// What was written, in numbers.
    fn measure(self, graph: &KnowledgeGraph, profile: ProvenanceProfile) -> String {
        let schema = graph.schema();
        match self {
            Self::Dot => format!("{} nodes, {} edges", graph.node_count(), graph.edge_count()),
            Self::Ontology | Self::Shapes | Self::Context | Self::Linkml => {
                format!(
                    "{} classes, {} slots",
                    schema.classes.len(),
                    schema.slots.len()
                )
            }
            _ => format!("{} triples", rdf::counts(graph, profile).triples),
        }
    }
}

pub(crate) fn run(origin: &Origin, options: Export) -> anyhow::Result<Outcome> {
    if options.has_tables() {
        origin.project()?;
        return export_tables(origin, options);
    }
    let provenance = options.provenance.unwrap_or(Provenance::Reified);
    let by_name = options.file.as_deref().and_then(ExportFormat::of_file);
    if let Some(format) = options.format.or(by_name).and_then(ExportFormat::tables) {
        let destination = match options.file {
            Some(path) => Destination::One(Target::named(path)),
            None => Destination::Folder(options.output),
        };
        return analysis::run(origin, format, provenance, &destination);
    }
    if options.format == Some(ExportFormat::Parquet) {
        bail!("this tupu is built without Parquet; build it with the feature `parquet`");
    }
    let project = origin.project()?;
    let profile = ProvenanceProfile::from(provenance);
    let formats = match (&options.file, options.format) {
        (_, Some(format)) => vec![format],
        (Some(path), None) => vec![ExportFormat::named_by(path)?],
        (None, None) => ExportFormat::ALL_FILES
            .iter()
            .map(|format| match format {
                ExportFormat::Turtle if profile == ProvenanceProfile::Graphs => ExportFormat::Trig,
                other => *other,
            })
            .collect(),
    };
    for format in &formats {
        format.check(profile)?;
    }
    let Some(loaded) = load_sound(project)? else {
        return Ok(Outcome::No);
    };
    let graph = &loaded.graph;

    if let (Some(path), [format]) = (options.file, formats.as_slice()) {
        let target = Target::named(path);
        let written = output::write(&target, |out| format.write(graph, profile, out))?;
        written.publish()?;
        say(*format, graph, profile, &target);
        return Ok(Outcome::Fine);
    }
    let folder = &options.output;
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let mut manifest = Manifest::new(graph, profile);
    let mut outputs: Vec<Written> = Vec::new();
    let mut said = Vec::new();
    for format in formats {
        let name = format.file_name(&graph.project().name);
        let target = Target::File(folder.join(&name));
        let mut entry = FileEntry::new(name);
        outputs.push(output::write(&target, |out| {
            entry.measure(out, |out| format.write(graph, profile, out))
        })?);
        manifest.files.push(entry);
        said.push((format, target));
    }
    if options.format.is_none() {
        let target = Target::File(folder.join(MANIFEST));
        outputs.push(output::write(&target, |out| manifest.write(out))?);
    }
    for output in outputs {
        output.publish()?;
    }
    for (format, target) in said {
        say(format, graph, profile, &target);
    }
    Ok(Outcome::Fine)
}

fn export_tables(origin: &Origin, options: Export) -> anyhow::Result<Outcome> {
    let profile = ProvenanceProfile::from(options.provenance.unwrap_or(Provenance::None));
    let path = options.file.unwrap_or_else(|| PathBuf::from("-"));
    let target = Target::named(path.clone());
    let format = match (options.format, &target) {
        (Some(format), _) => format,
        (None, Target::Stdout) => {
            bail!("give --format ntriples, nquads, turtle or trig, or -o FILE")
        }
        (None, Target::File(path)) => ExportFormat::named_by(path)?,
    };
    format.check(profile)?;
    tables::run(
        &options.tables,
        &origin.tables,
        &options.sorting,
        format,
        profile,
        &target,
    )
}

fn say(format: ExportFormat, graph: &KnowledgeGraph, profile: ProvenanceProfile, target: &Target) {
    if let Target::File(path) = target {
        report::note(&format!(
            "{}: {}",
            path.display(),
            format.measure(graph, profile)
        ));
    }
}
