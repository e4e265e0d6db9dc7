//! What a row cannot say by itself: whether its id stood before, and whether its ends have rows.

use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use super::fault::Fault;
use super::identifier::Identifier;
use super::mapping::Mapping;
use super::reader::{Counts, Report, TableError, TableReader, TableSource, each_row, read_error};
use super::row::{Head, Term};
use crate::rdf::ProvenanceProfile;

/// Reads `tables` once, and gives them as tables in which a row is faulty too if a row before it, in any of
/// them, has the same id, or if an end of its edge has no row. `provenance` is the one with which they will
/// be written, since only sound rows count.
///
/// Memory is 20 to 40 bytes for each node and for each edge with an id: a digest of 16 bytes, and free places.
/// That two of a billion ids are taken for one has a chance of less than one in 10²⁰.
///
/// # Errors
///
/// When a table cannot be read or has no usable header. A table that has another length when it is read
/// again gives an error then.
pub fn strict<'t>(
    tables: &[&'t dyn TableSource],
    mapping: &Mapping,
    provenance: ProvenanceProfile,
) -> Result<Vec<StrictTable<'t>>, TableError> {
    let (mut nodes, mut edges) = (Ids::default(), Ids::default());
    let mut read = Vec::new();
    for table in tables {
        let length = Arc::new(AtomicU64::new(0));
        let bytes = Counted {
            bytes: table.open().map_err(|error| read_error(*table, error))?,
            length: Arc::clone(&length),
        };
        let bytes: Box<dyn Read + Send> = Box::new(bytes);
        let mut reader = TableReader::open(table.name(), bytes, mapping)?;
        if provenance == ProvenanceProfile::None {
            reader.layout = reader.layout.with_edge_ids_only();
        }
        let mut repeated = Vec::new();
        let mut counts = Counts::default();
        each_row(*table, reader, &mut Unsaid, &mut counts, |row, _| {
            let is_new = match row.head {
                Head::Node(node) => nodes.insert(digest(node)),
                Head::Edge { .. } => {
                    let mut ids = row.values.iter().filter(|it| it.column == mapping.edges.id);
                    ids.all(|id| match &id.term {
                        Term::Text(text) => edges.insert(digest_of([text, ""])),
                        Term::Iri(iri) => edges.insert(digest(iri)),
                    })
                }
            };
            if !is_new {
                repeated.push(row.line);
            }
            Ok(())
        })?;
        read.push((*table, length.load(Ordering::Relaxed), repeated));
    }
    let nodes = Arc::new(nodes);
    let strict = read.into_iter().map(|(table, length, repeated)| {
        let nodes = Arc::clone(&nodes);
        StrictTable {
            table,
            length,
            others: Arc::new(Others { nodes, repeated }),
        }
    });
    Ok(strict.collect())
}

/// A table whose rows are held against all others.
pub struct StrictTable<'t> {
    table: &'t dyn TableSource,
    /// In bytes.
    length: u64,
    others: Arc<Others>,
}

impl TableSource for StrictTable<'_> {
    fn name(&self) -> &str {
        self.table.name()
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(OfLength {
            bytes: self.table.open()?,
            left: self.length,
        }))
    }

    fn others(&self) -> Option<Arc<Others>> {
        Some(Arc::clone(&self.others))
    }
}

type Ids = HashSet<u128, FxBuildHasher>;

/// What is known of the other rows when the rows of a table are read.
#[derive(Debug)]
pub struct Others {
    nodes: Arc<Ids>,
    /// Lines of the rows whose id a row before has.
    repeated: Vec<u64>,
}

impl Others {
    /// Whether a row before that on `line` has its id.
    pub(super) fn have_id_of(&self, line: u64) -> bool {
        self.repeated.binary_search(&line).is_ok()
    }

    /// Whether a row has the node.
    pub(super) fn have(&self, node: &Identifier<'_>) -> bool {
        self.nodes.contains(&digest(node))
    }
}

/// The digest of an IRI, however it is spelt.
fn digest(identifier: &Identifier<'_>) -> u128 {
    digest_of(identifier.parts())
}

/// Of two texts that follow each other.
fn digest_of(parts: [&str; 2]) -> u128 {
    let half = |first: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(first);
        for part in parts {
            hasher.write(part.as_bytes());
        }
        hasher.finish()
    };
    u128::from(half(0)) << u64::BITS | u128::from(half(1))
}

/// Takes no notice of faults, which the second reading finds again.
struct Unsaid;

impl Report for Unsaid {
    fn fault(&mut self, _: &str, _: &Fault) -> io::Result<ControlFlow<()>> {
        Ok(ControlFlow::Continue(()))
    }
}

/// Counts the bytes that are read.
struct Counted {
    bytes: Box<dyn Read + Send>,
    length: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.length.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Bytes of which it is known how many there are.
struct OfLength {
    bytes: Box<dyn Read + Send>,
    left: u64,
}

impl Read for OfLength {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        let is_end = count == 0 && !buffer.is_empty();
        match self.left.checked_sub(count as u64) {
            Some(left) if left == 0 || !is_end => {
                self.left = left;
                Ok(count)
            }
            _ => Err(io::Error::other("it changed while it was read")),
        }
    }
}
