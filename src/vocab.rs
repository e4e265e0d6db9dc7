//! IRIs that the program itself writes, and the prefixes that every project may use.
//!
//! Classes and slots are not here: they belong to a project's `schema.toml`.

use oxrdf::NamedNodeRef;

/// Namespaces that every project may use in CURIEs without declaring them.
pub const WELL_KNOWN_PREFIXES: &[(&str, &str)] = &[
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("oa", "http://www.w3.org/ns/oa#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("schema", "https://schema.org/"),
    ("sdgo", "http://metadata.un.org/sdg/ontology#"),
    ("sh", "http://www.w3.org/ns/shacl#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("time", "http://www.w3.org/2006/time#"),
    ("tupu", TUPU),
    ("void", "http://rdfs.org/ns/void#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// Namespace of the terms that tupu itself defines.
pub const TUPU: &str = "https://w3id.org/tupu/ns#";

macro_rules! terms {
    ($($(#[doc = $doc:literal])+ $name:ident = $iri:expr;)+) => {
        $($(#[doc = $doc])+ pub const $name: NamedNodeRef<'static> = NamedNodeRef::new_unchecked($iri);)+
    };
}

/// [RDF 1.1](https://www.w3.org/TR/rdf11-schema/).
pub mod rdf {
    use super::NamedNodeRef;
    terms! {
        /// `rdf:type`
        TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
        /// `rdf:Statement`
        STATEMENT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement";
        /// `rdf:subject`
        SUBJECT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject";
        /// `rdf:predicate`
        PREDICATE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate";
        /// `rdf:object`
        OBJECT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#object";
        /// `rdf:reifies`, of [RDF 1.2](https://www.w3.org/TR/rdf12-schema/)
        REIFIES = "http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies";
        /// `rdf:Property`
        PROPERTY = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property";
        /// `rdf:langString`
        LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";
        /// `rdf:dirLangString`, of [RDF 1.2](https://www.w3.org/TR/rdf12-schema/)
        DIR_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#dirLangString";
        /// `rdf:first`
        FIRST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
        /// `rdf:rest`
        REST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
        /// `rdf:nil`
        NIL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";
    }
}

/// [RDF Schema 1.1](https://www.w3.org/TR/rdf11-schema/).
pub mod rdfs {
    use super::NamedNodeRef;
    terms! {
        /// `rdfs:label`
        LABEL = "http://www.w3.org/2000/01/rdf-schema#label";
        /// `rdfs:comment`
        COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment";
        /// `rdfs:subClassOf`
        SUB_CLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf";
        /// `rdfs:subPropertyOf`
        SUB_PROPERTY_OF = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf";
        /// `rdfs:domain`
        DOMAIN = "http://www.w3.org/2000/01/rdf-schema#domain";
        /// `rdfs:range`
        RANGE = "http://www.w3.org/2000/01/rdf-schema#range";
        /// `rdfs:isDefinedBy`
        IS_DEFINED_BY = "http://www.w3.org/2000/01/rdf-schema#isDefinedBy";
    }
}

/// [OWL 2](https://www.w3.org/TR/owl2-syntax/).
pub mod owl {
    use super::NamedNodeRef;
    terms! {
        /// `owl:Ontology`
        ONTOLOGY = "http://www.w3.org/2002/07/owl#Ontology";
        /// `owl:versionInfo`
        VERSION_INFO = "http://www.w3.org/2002/07/owl#versionInfo";
        /// `owl:Class`
        CLASS = "http://www.w3.org/2002/07/owl#Class";
        /// `owl:NamedIndividual`
        NAMED_INDIVIDUAL = "http://www.w3.org/2002/07/owl#NamedIndividual";
        /// `owl:ObjectProperty`
        OBJECT_PROPERTY = "http://www.w3.org/2002/07/owl#ObjectProperty";
        /// `owl:DatatypeProperty`
        DATATYPE_PROPERTY = "http://www.w3.org/2002/07/owl#DatatypeProperty";
        /// `owl:AnnotationProperty`
        ANNOTATION_PROPERTY = "http://www.w3.org/2002/07/owl#AnnotationProperty";
        /// `owl:FunctionalProperty`
        FUNCTIONAL_PROPERTY = "http://www.w3.org/2002/07/owl#FunctionalProperty";
        /// `owl:SymmetricProperty`
        SYMMETRIC_PROPERTY = "http://www.w3.org/2002/07/owl#SymmetricProperty";
    }
}

/// [SHACL](https://www.w3.org/TR/shacl/).
pub mod sh {
    use super::NamedNodeRef;
    terms! {
        /// `sh:NodeShape`
        NODE_SHAPE = "http://www.w3.org/ns/shacl#NodeShape";
        /// `sh:PropertyShape`
        PROPERTY_SHAPE = "http://www.w3.org/ns/shacl#PropertyShape";
        /// `sh:targetClass`
        TARGET_CLASS = "http://www.w3.org/ns/shacl#targetClass";
        /// `sh:targetSubjectsOf`
        TARGET_SUBJECTS_OF = "http://www.w3.org/ns/shacl#targetSubjectsOf";
        /// `sh:property`
        PROPERTY = "http://www.w3.org/ns/shacl#property";
        /// `sh:path`
        PATH = "http://www.w3.org/ns/shacl#path";
        /// `sh:name`
        NAME = "http://www.w3.org/ns/shacl#name";
        /// `sh:message`
        MESSAGE = "http://www.w3.org/ns/shacl#message";
        /// `sh:severity`
        SEVERITY = "http://www.w3.org/ns/shacl#severity";
        /// `sh:Violation`
        VIOLATION = "http://www.w3.org/ns/shacl#Violation";
        /// `sh:class`
        CLASS = "http://www.w3.org/ns/shacl#class";
        /// `sh:datatype`
        DATATYPE = "http://www.w3.org/ns/shacl#datatype";
        /// `sh:nodeKind`
        NODE_KIND = "http://www.w3.org/ns/shacl#nodeKind";
        /// `sh:IRI`
        IRI = "http://www.w3.org/ns/shacl#IRI";
        /// `sh:in`
        IN = "http://www.w3.org/ns/shacl#in";
        /// `sh:or`
        OR = "http://www.w3.org/ns/shacl#or";
        /// `sh:node`
        NODE = "http://www.w3.org/ns/shacl#node";
        /// `sh:minCount`
        MIN_COUNT = "http://www.w3.org/ns/shacl#minCount";
        /// `sh:maxCount`
        MAX_COUNT = "http://www.w3.org/ns/shacl#maxCount";
        /// `sh:uniqueLang`
        UNIQUE_LANG = "http://www.w3.org/ns/shacl#uniqueLang";
        /// `sh:languageIn`
        LANGUAGE_IN = "http://www.w3.org/ns/shacl#languageIn";
        /// `sh:qualifiedValueShape`
        QUALIFIED_VALUE_SHAPE = "http://www.w3.org/ns/shacl#qualifiedValueShape";
        /// `sh:qualifiedMinCount`
        QUALIFIED_MIN_COUNT = "http://www.w3.org/ns/shacl#qualifiedMinCount";
        /// `sh:minInclusive`
        MIN_INCLUSIVE = "http://www.w3.org/ns/shacl#minInclusive";
        /// `sh:lessThan`
        LESS_THAN = "http://www.w3.org/ns/shacl#lessThan";
        /// `sh:lessThanOrEquals`
        LESS_THAN_OR_EQUALS = "http://www.w3.org/ns/shacl#lessThanOrEquals";
        /// `sh:pattern`
        PATTERN = "http://www.w3.org/ns/shacl#pattern";
    }
}

/// [SKOS](https://www.w3.org/TR/skos-reference/).
pub mod skos {
    use super::NamedNodeRef;
    terms! {
        /// `skos:prefLabel`
        PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel";
        /// `skos:altLabel`
        ALT_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel";
        /// `skos:exactMatch`
        EXACT_MATCH = "http://www.w3.org/2004/02/skos/core#exactMatch";
        /// `skos:closeMatch`
        CLOSE_MATCH = "http://www.w3.org/2004/02/skos/core#closeMatch";
        /// `skos:broadMatch`
        BROAD_MATCH = "http://www.w3.org/2004/02/skos/core#broadMatch";
        /// `skos:narrowMatch`
        NARROW_MATCH = "http://www.w3.org/2004/02/skos/core#narrowMatch";
        /// `skos:relatedMatch`
        RELATED_MATCH = "http://www.w3.org/2004/02/skos/core#relatedMatch";
    }
}

/// [XML Schema datatypes](https://www.w3.org/TR/xmlschema11-2/).
pub mod xsd {
    use super::NamedNodeRef;
    terms! {
        /// `xsd:string`
        STRING = "http://www.w3.org/2001/XMLSchema#string";
        /// `xsd:boolean`
        BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean";
        /// `xsd:integer`
        INTEGER = "http://www.w3.org/2001/XMLSchema#integer";
        /// `xsd:double`
        DOUBLE = "http://www.w3.org/2001/XMLSchema#double";
        /// `xsd:decimal`
        DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal";
        /// `xsd:date`
        DATE = "http://www.w3.org/2001/XMLSchema#date";
        /// `xsd:gYear`
        G_YEAR = "http://www.w3.org/2001/XMLSchema#gYear";
        /// `xsd:gYearMonth`
        G_YEAR_MONTH = "http://www.w3.org/2001/XMLSchema#gYearMonth";
        /// `xsd:anyURI`
        ANY_URI = "http://www.w3.org/2001/XMLSchema#anyURI";
    }
}

/// [PROV-O](https://www.w3.org/TR/prov-o/).
pub mod prov {
    use super::NamedNodeRef;
    terms! {
        /// `prov:wasDerivedFrom`
        WAS_DERIVED_FROM = "http://www.w3.org/ns/prov#wasDerivedFrom";
    }
}

/// [Web Annotation Vocabulary](https://www.w3.org/TR/annotation-vocab/).
pub mod oa {
    use super::NamedNodeRef;
    terms! {
        /// `oa:SpecificResource`
        SPECIFIC_RESOURCE = "http://www.w3.org/ns/oa#SpecificResource";
        /// `oa:TextPositionSelector`; its offsets are code points
        TEXT_POSITION_SELECTOR = "http://www.w3.org/ns/oa#TextPositionSelector";
        /// `oa:hasSource`
        HAS_SOURCE = "http://www.w3.org/ns/oa#hasSource";
        /// `oa:hasSelector`
        HAS_SELECTOR = "http://www.w3.org/ns/oa#hasSelector";
        /// `oa:start`
        START = "http://www.w3.org/ns/oa#start";
        /// `oa:end`
        END = "http://www.w3.org/ns/oa#end";
    }
}

/// [DCMI Metadata Terms](https://www.dublincore.org/specifications/dublin-core/dcmi-terms/).
pub mod dcterms {
    use super::NamedNodeRef;
    terms! {
        /// `dcterms:title`
        TITLE = "http://purl.org/dc/terms/title";
        /// `dcterms:identifier`
        IDENTIFIER = "http://purl.org/dc/terms/identifier";
        /// `dcterms:description`
        DESCRIPTION = "http://purl.org/dc/terms/description";
        /// `dcterms:license`
        LICENSE = "http://purl.org/dc/terms/license";
        /// `dcterms:source`
        SOURCE = "http://purl.org/dc/terms/source";
        /// `dcterms:isPartOf`
        IS_PART_OF = "http://purl.org/dc/terms/isPartOf";
        /// `dcterms:extent`
        EXTENT = "http://purl.org/dc/terms/extent";
    }
}

/// [DCAT 3](https://www.w3.org/TR/vocab-dcat-3/).
pub mod dcat {
    use super::NamedNodeRef;
    terms! {
        /// `dcat:Dataset`
        DATASET = "http://www.w3.org/ns/dcat#Dataset";
        /// `dcat:version`
        VERSION = "http://www.w3.org/ns/dcat#version";
    }
}

/// [VoID](https://www.w3.org/TR/void/).
pub mod void {
    use super::NamedNodeRef;
    terms! {
        /// `void:Dataset`
        DATASET = "http://rdfs.org/ns/void#Dataset";
        /// `void:triples`
        TRIPLES = "http://rdfs.org/ns/void#triples";
        /// `void:entities`
        ENTITIES = "http://rdfs.org/ns/void#entities";
        /// `void:distinctSubjects`
        DISTINCT_SUBJECTS = "http://rdfs.org/ns/void#distinctSubjects";
        /// `void:uriSpace`
        URI_SPACE = "http://rdfs.org/ns/void#uriSpace";
        /// `void:classPartition`
        CLASS_PARTITION = "http://rdfs.org/ns/void#classPartition";
        /// `void:class`
        CLASS = "http://rdfs.org/ns/void#class";
        /// `void:propertyPartition`
        PROPERTY_PARTITION = "http://rdfs.org/ns/void#propertyPartition";
        /// `void:property`
        PROPERTY = "http://rdfs.org/ns/void#property";
    }
}

/// [FOAF](http://xmlns.com/foaf/spec/).
pub mod foaf {
    use super::NamedNodeRef;
    terms! {
        /// `foaf:name`
        NAME = "http://xmlns.com/foaf/0.1/name";
        /// `foaf:nick`
        NICK = "http://xmlns.com/foaf/0.1/nick";
    }
}

/// [schema.org](https://schema.org/).
pub mod schema {
    use super::NamedNodeRef;
    terms! {
        /// `schema:QuantitativeValue`
        QUANTITATIVE_VALUE = "https://schema.org/QuantitativeValue";
        /// `schema:value`
        VALUE = "https://schema.org/value";
        /// `schema:unitText`
        UNIT_TEXT = "https://schema.org/unitText";
        /// `schema:position`
        POSITION = "https://schema.org/position";
        /// `schema:measuredProperty`
        MEASURED_PROPERTY = "https://schema.org/measuredProperty";
        /// `schema:observationAbout`
        OBSERVATION_ABOUT = "https://schema.org/observationAbout";
        /// `schema:name`
        NAME = "https://schema.org/name";
        /// `schema:alternateName`
        ALTERNATE_NAME = "https://schema.org/alternateName";
    }
}

/// [Extended Date/Time Format](https://www.loc.gov/standards/datetime/) datatypes.
pub mod edtf {
    use super::NamedNodeRef;
    terms! {
        /// Any expression of the format; intervals are written so.
        EDTF = "http://id.loc.gov/datatypes/edtf/EDTF";
    }
}

/// Terms of tupu's own, in the namespace [`TUPU`].
pub mod tupu {
    use super::NamedNodeRef;
    terms! {
        /// How far a fact is from being plainly asserted: planned, target, required, ongoing, reported.
        STATUS = "https://w3id.org/tupu/ns#status";
        /// Why a fact that is not printed follows from what is.
        INFERENCE_REASON = "https://w3id.org/tupu/ns#inferenceReason";
        /// The printed wording that stands for the object of a fact.
        WORDING = "https://w3id.org/tupu/ns#wording";
        /// How a printed number relates to the quantity: about, at least, more than, …
        COMPARATOR = "https://w3id.org/tupu/ns#comparator";
        /// The number with its scale worked in: 1800 亿 is 180000000000.
        ABSOLUTE_VALUE = "https://w3id.org/tupu/ns#absoluteValue";
        /// The unit without its scale.
        BASE_UNIT = "https://w3id.org/tupu/ns#baseUnit";
        /// When a value is to be reached.
        BY = "https://w3id.org/tupu/ns#by";
        /// The day on which a value held.
        AS_OF = "https://w3id.org/tupu/ns#asOf";
        /// From when on a value counts.
        SINCE = "https://w3id.org/tupu/ns#since";
        /// The time that a value covers.
        PERIOD = "https://w3id.org/tupu/ns#period";
        /// SHA-256 of the plain text of a source document.
        SHA256 = "https://w3id.org/tupu/ns#sha256";
        /// Length of that text in Unicode code points.
        CODE_POINTS = "https://w3id.org/tupu/ns#codePoints";
        /// A stretch of the source document that an article occupies.
        OCCUPIES = "https://w3id.org/tupu/ns#occupies";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_prefixes_are_sorted_and_unique() {
        assert!(WELL_KNOWN_PREFIXES.is_sorted_by(|a, b| a.0 < b.0));
    }
}
