//! Names that tables use.

/// Namespace of the [Biolink Model](https://biolink.github.io/biolink-model/), which KGX's columns are of.
pub const BIOLINK: &str = "https://w3id.org/biolink/vocab/";

/// Where the IRIs of statements begin that no mapping names a place for.
pub const STATEMENTS: &str = "urn:tupu:";

/// Prefixes that tables may use without declaring them, beside the
/// [well-known ones](crate::vocab::WELL_KNOWN_PREFIXES): those of the Biolink Model that KGX's tables
/// use most.
pub const KGX_PREFIXES: &[(&str, &str)] = &[
    ("BIOGRID", "http://identifiers.org/biogrid/"),
    ("CHEBI", "http://purl.obolibrary.org/obo/CHEBI_"),
    ("CHEMBL.COMPOUND", "http://identifiers.org/chembl.compound/"),
    ("CL", "http://purl.obolibrary.org/obo/CL_"),
    ("CLINICALTRIALS", "http://purl.org/ctgov/"),
    ("DOI", "https://doi.org/"),
    ("DOID", "http://purl.obolibrary.org/obo/DOID_"),
    ("DRUGBANK", "http://identifiers.org/drugbank/"),
    ("ECO", "http://purl.obolibrary.org/obo/ECO_"),
    ("ENSEMBL", "http://identifiers.org/ensembl/"),
    ("FBbt", "http://purl.obolibrary.org/obo/FBbt_"),
    ("FlyBase", "http://identifiers.org/fb/"),
    ("GO", "http://purl.obolibrary.org/obo/GO_"),
    ("HGNC", "http://identifiers.org/hgnc/"),
    ("HP", "http://purl.obolibrary.org/obo/HP_"),
    ("KEGG", "http://identifiers.org/kegg/"),
    ("MESH", "http://id.nlm.nih.gov/mesh/"),
    ("MGI", "http://identifiers.org/mgi/"),
    ("MONDO", "http://purl.obolibrary.org/obo/MONDO_"),
    ("MP", "http://purl.obolibrary.org/obo/MP_"),
    ("NCBIGene", "http://identifiers.org/ncbigene/"),
    ("NCBITaxon", "http://purl.obolibrary.org/obo/NCBITaxon_"),
    ("NCIT", "http://purl.obolibrary.org/obo/NCIT_"),
    ("OBO", "http://purl.obolibrary.org/obo/"),
    ("OMIM", "http://purl.obolibrary.org/obo/OMIM_"),
    ("PANTHER.FAMILY", "http://identifiers.org/panther.family/"),
    ("PMID", "http://www.ncbi.nlm.nih.gov/pubmed/"),
    ("PR", "http://purl.obolibrary.org/obo/PR_"),
    ("REACT", "http://identifiers.org/reactome/"),
    ("RO", "http://purl.obolibrary.org/obo/RO_"),
    (
        "RXCUI",
        "https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm=",
    ),
    ("SO", "http://purl.obolibrary.org/obo/SO_"),
    ("STRING", "http://identifiers.org/string/"),
    ("UBERON", "http://purl.obolibrary.org/obo/UBERON_"),
    ("UMLS", "http://identifiers.org/umls/"),
    ("UniProtKB", "http://purl.uniprot.org/uniprot/"),
    ("WB", "http://identifiers.org/wb/"),
    ("ZFIN", "http://identifiers.org/zfin/"),
    ("biolink", BIOLINK),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("dct", "http://purl.org/dc/terms/"),
    ("infores", "https://w3id.org/biolink/infores/"),
];
