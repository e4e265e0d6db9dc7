//! What stores have in common, and what each does in its own way.

/// What is known of one kind of triple store: its addresses below the one that a user gives, and how
/// it departs from the standards. [`PROFILES`] is the table of all.
#[derive(Debug)]
#[non_exhaustive]
pub struct Profile {
    /// Name on the command line.
    pub name: &'static str,
    /// What the user's address is the address of.
    pub base: &'static str,
    /// Where it speaks the
    /// [Graph Store Protocol](https://www.w3.org/TR/sparql11-http-rdf-update/), if it does.
    pub graph_store: Option<&'static str>,
    /// The parameter of that protocol that names a graph.
    pub graph_parameter: &'static str,
    /// Where it takes queries.
    pub query: &'static str,
    /// Where it takes updates.
    pub update: &'static str,
    /// How updates go.
    pub update_body: UpdateBody,
    /// What its default graph is.
    pub default_graph: DefaultGraph,
    /// Whether bodies may come as gzip.
    pub takes_gzip: bool,
    /// Whether language tags come back in lower case.
    pub lowers_tags: bool,
    /// How other literals come back.
    pub values: Values,
    /// What else to know.
    pub quirk: &'static str,
}

/// What a query without FROM asks, and where triples without a graph go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DefaultGraph {
    /// A graph of its own, the same for both.
    Own,
    /// Queries ask all graphs together; by this name only the default graph.
    Named(&'static str),
    /// There is none: every triple is in a named graph, and queries ask all of them.
    Missing,
}

/// The two ways in which the [SPARQL Protocol](https://www.w3.org/TR/sparql11-protocol/) sends updates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UpdateBody {
    /// As `application/sparql-update`.
    Direct,
    /// As the parameter of a form.
    Form,
}

/// What becomes of literals in a store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Values {
    /// They come back as they were written.
    Kept,
    /// Numbers and dates come back in the canonical form of their value, `1.50` as `1.5`.
    Canonical,
    /// The same, and integers of more than 32 bits may come back as decimals.
    IntegersAsDecimals,
}

/// Every kind of store that is known.
pub const PROFILES: &[Profile] = &[
    OXIGRAPH,
    Profile {
        name: "fuseki",
        base: "dataset",
        graph_store: Some("/data"),
        graph_parameter: "graph",
        query: "/sparql",
        update: "/update",
        update_body: UpdateBody::Direct,
        default_graph: DefaultGraph::Own,
        takes_gzip: false,
        lowers_tags: false,
        values: Values::Canonical,
        quirk: "TDB gives numbers and dates back in canonical form; with tdb2:unionDefaultGraph the default graph is not what was loaded into it",
    },
    Profile {
        name: "graphdb",
        base: "repository",
        graph_store: Some("/rdf-graphs/service"),
        graph_parameter: "graph",
        query: "",
        update: "/statements",
        update_body: UpdateBody::Direct,
        default_graph: DefaultGraph::Named(RDF4J_DEFAULT),
        takes_gzip: false,
        lowers_tags: false,
        values: Values::Kept,
        quirk: "a repository with inference answers with what follows as well",
    },
    Profile {
        name: "rdf4j",
        base: "repository",
        graph_store: Some("/rdf-graphs/service"),
        graph_parameter: "graph",
        query: "",
        update: "/statements",
        update_body: UpdateBody::Direct,
        default_graph: DefaultGraph::Named(RDF4J_DEFAULT),
        takes_gzip: false,
        lowers_tags: false,
        values: Values::Kept,
        quirk: "queries without FROM ask all graphs together",
    },
    Profile {
        name: "virtuoso",
        base: "server",
        graph_store: Some("/sparql-graph-crud-auth"),
        graph_parameter: "graph-uri",
        query: "/sparql",
        update: "/sparql-auth",
        update_body: UpdateBody::Form,
        default_graph: DefaultGraph::Missing,
        takes_gzip: false,
        lowers_tags: true,
        values: Values::IntegersAsDecimals,
        quirk: "digest authentication; no default graph; integers of more than 32 bits become decimals",
    },
    Profile {
        name: "qlever",
        base: "server",
        graph_store: Some(""),
        graph_parameter: "graph",
        query: "",
        update: "",
        update_body: UpdateBody::Direct,
        default_graph: DefaultGraph::Named(
            "http://qlever.cs.uni-freiburg.de/builtin-functions/default-graph",
        ),
        takes_gzip: false,
        lowers_tags: false,
        values: Values::Kept,
        quirk: "writing needs the server's access token, as bearer, and a version of 2025 or later",
    },
    Profile {
        name: "blazegraph",
        base: "SPARQL endpoint",
        graph_store: None,
        graph_parameter: "graph",
        query: "",
        update: "",
        update_body: UpdateBody::Form,
        default_graph: DefaultGraph::Named("http://www.bigdata.com/rdf#nullGraph"),
        takes_gzip: false,
        lowers_tags: false,
        values: Values::Kept,
        quirk: "a namespace without quads has no named graphs",
    },
    Profile {
        name: "neptune",
        base: "server",
        graph_store: Some("/sparql/gsp/"),
        graph_parameter: "graph",
        query: "/sparql",
        update: "/sparql",
        update_body: UpdateBody::Form,
        default_graph: DefaultGraph::Named(
            "http://aws.amazon.com/neptune/vocab/v01/DefaultNamedGraph",
        ),
        takes_gzip: false,
        lowers_tags: false,
        values: Values::Kept,
        quirk: "IAM authentication is not spoken",
    },
    Profile {
        name: "sparql",
        base: "SPARQL endpoint",
        graph_store: None,
        graph_parameter: "graph",
        query: "",
        update: "",
        update_body: UpdateBody::Direct,
        default_graph: DefaultGraph::Own,
        takes_gzip: false,
        lowers_tags: false,
        values: Values::Kept,
        quirk: "any store that takes queries and updates at one address, such as rdflib-endpoint",
    },
];

/// Oxigraph, by HTTP or in a folder.
pub(super) const OXIGRAPH: Profile = Profile {
    name: "oxigraph",
    base: "server",
    graph_store: Some("/store"),
    graph_parameter: "graph",
    query: "/query",
    update: "/update",
    update_body: UpdateBody::Direct,
    default_graph: DefaultGraph::Own,
    takes_gzip: true,
    lowers_tags: true,
    values: Values::Canonical,
    quirk: "numbers and dates come back in canonical form",
};

/// A graph in memory, whose documents may have been read by a parser that lowers tags.
pub(super) const MEMORY: Profile = Profile {
    name: "file",
    base: "file",
    graph_store: None,
    graph_parameter: "graph",
    query: "",
    update: "",
    update_body: UpdateBody::Direct,
    default_graph: DefaultGraph::Own,
    takes_gzip: false,
    lowers_tags: true,
    values: Values::Kept,
    quirk: "it is asked in memory",
};

const RDF4J_DEFAULT: &str = "http://www.openrdf.org/schema/sesame#nil";

impl Profile {
    /// The profile of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.name == name)
    }
}
