"""Reads what is generated from the schema of data/ with rdflib, pySHACL, rudof and LinkML.

schema_judges.py DATA.ttl ONTOLOGY.ttl SHAPES.ttl CONTEXT.jsonld SCHEMA.yaml

All is well if our data conform to our shapes, if each fault that is seeded here is found, if no term
of the data is undeclared, and if a document in our JSON-LD context is the triples that it should be.
"""

import json
import pathlib
import sys

import pyrudof
import pyshacl
import rdflib
from linkml_runtime.utils.schemaview import SchemaView
from rdflib.namespace import OWL, PROV, RDF, RDFS, SH, SKOS, XSD

DATA, ONTOLOGY, SHAPES, CONTEXT, SCHEMA_YAML = sys.argv[1:]

CY = rdflib.Namespace("https://w3id.org/tupu/chengyu/")
CYO = rdflib.Namespace("https://w3id.org/tupu/chengyu/terms#")
OA = rdflib.Namespace("http://www.w3.org/ns/oa#")
ORG = rdflib.Namespace("http://www.w3.org/ns/org#")
SCHEMA = rdflib.Namespace("https://schema.org/")
TUPU = rdflib.Namespace("https://w3id.org/tupu/ns#")
DCTERMS = rdflib.Namespace("http://purl.org/dc/terms/")


def read(path):
    graph = rdflib.Graph().parse(path, format="turtle")
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple), path
    return graph


data, ontology, shapes = read(DATA), read(ONTOLOGY), read(SHAPES)
print(f"rdflib reads {len(data)} triples of data, {len(ontology)} of ontology, {len(shapes)} of shapes")

used = set(data.predicates()) | set(data.objects(predicate=RDF.type))
used |= {it for it in data.objects() if isinstance(it, rdflib.URIRef) and str(it).startswith((TUPU, CYO))}
built_in = ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2000/01/rdf-schema#")
undeclared = sorted(it for it in used if not str(it).startswith(built_in) and (it, RDF.type, None) not in ontology)
assert not undeclared, f"not declared: {undeclared}"
for term in set(ontology.subjects(RDF.type)):
    if str(term).startswith((CYO, TUPU)):
        for language in ("zh", "en"):
            assert any(it.language == language for it in ontology.objects(term, RDFS.label)), (term, language)
            assert any(it.language == language for it in ontology.objects(term, RDFS.comment)), (term, language)
print(f"rdflib: {len(used)} classes and properties are used, all are declared")


def violations(graph):
    """The nodes at fault with the shapes that pySHACL finds violated there, and its report."""
    conforms, report, text = pyshacl.validate(
        graph, shacl_graph=shapes, ont_graph=ontology, inference="none", meta_shacl=False
    )
    results = report.subjects(RDF.type, SH.ValidationResult)
    found = {(report.value(it, SH.focusNode), report.value(it, SH.sourceShape)) for it in results}
    assert conforms == (not found), text
    return found, text


def shape(name):
    return CYO["shapes." + name]


def with_value(predicate, of=None):
    """A subject and its value, always the same: a class may be asked for."""
    pairs = sorted(data.subject_objects(predicate))
    return next((s, o) for s, o in pairs if of is None or (s, RDF.type, of) in data)


# Each fault: what is wrong, the shape that must say so, and the change of the graph.
FAULTS = []


def fault(what, *names):
    def note(change):
        FAULTS.append((what, {shape(name) for name in names}, change))
        return change

    return note


@fault("an agreement without signatory", "Agreement.signatory")
def _(graph):
    subject, _ = with_value(CYO.signatory, CYO.Agreement)
    graph.remove((subject, CYO.signatory, None))


@fault("a second role in a membership", "Membership.role")
def _(graph):
    subject, one = with_value(ORG.role)
    other = next(o for o in sorted(data.objects(None, ORG.role)) if o != one)
    graph.add((subject, ORG.role, other))


@fault("a membership without a member", "Membership.member")
def _(graph):
    subject, one = with_value(ORG.member)
    graph.remove((subject, ORG.member, one))


@fault("a person as signatory", "Agreement.signatory")
def _(graph):
    subject, _ = with_value(CYO.signatory, CYO.Agreement)
    graph.add((subject, CYO.signatory, with_value(RDF.type, SCHEMA.Person)[0]))


@fault("an entity that is not there as signatory", "Agreement.signatory")
def _(graph):
    subject, _ = with_value(CYO.signatory, CYO.Agreement)
    graph.add((subject, CYO.signatory, CY["nobody-knows"]))


@fault("a string as location", "Event.location")
def _(graph):
    subject, one = with_value(SCHEMA.location, SCHEMA.Event)
    graph.remove((subject, SCHEMA.location, one))
    graph.add((subject, SCHEMA.location, rdflib.Literal("somewhere")))


@fault("a date that is a string", "Event.start_date")
def _(graph):
    subject, one = with_value(SCHEMA.startDate)
    graph.set((subject, SCHEMA.startDate, rdflib.Literal(str(one))))


@fault("a day that is none", "Event.start_date.Earliest")
def _(graph):
    subject, _ = with_value(CYO.startDateEarliest)
    graph.set((subject, CYO.startDateEarliest, rdflib.Literal("2024", datatype=XSD.gYear)))


@fault("a first day after the last", "Event.start_date.Earliest")
def _(graph):
    subject, _ = with_value(CYO.startDateEarliest)
    graph.set((subject, CYO.startDateEarliest, rdflib.Literal("2999-01-01", datatype=XSD.date)))


@fault("a value outside the enum", "Attendance.attendance_kind")
def _(graph):
    subject, _ = with_value(CYO.attendanceKind)
    graph.set((subject, CYO.attendanceKind, CYO["AttendanceKind.slept"]))


@fault("no name in English", "tupu-entity.label.en")
def _(graph):
    label = next(it for it in data.objects(CY.china, RDFS.label) if it.language == "en")
    graph.remove((CY.china, RDFS.label, label))


@fault("two names in Chinese", "tupu-entity.label")
def _(graph):
    graph.add((CY.china, RDFS.label, rdflib.Literal("中华", lang="zh")))


@fault("a name without language", "tupu-entity.prefLabel")
def _(graph):
    graph.add((CY.china, SKOS.prefLabel, rdflib.Literal("China")))


@fault("a statement without object", "tupu-statement.object")
def _(graph):
    subject, one = with_value(RDF.object)
    graph.remove((subject, RDF.object, one))


@fault("a statement without subject", "tupu-statement.subject")
def _(graph):
    subject, one = with_value(RDF.subject)
    graph.remove((subject, RDF.subject, one))


@fault("a statement that comes from nowhere", "tupu-statement")
def _(graph):
    subject, _ = with_value(PROV.wasDerivedFrom, RDF.Statement)
    graph.remove((subject, PROV.wasDerivedFrom, None))


@fault("a statement from a passage that is not there", "tupu-statement.wasDerivedFrom")
def _(graph):
    subject, _ = with_value(PROV.wasDerivedFrom, RDF.Statement)
    graph.add((subject, PROV.wasDerivedFrom, CY["page.c1-2"]))


@fault("a status that is none", "tupu-statement.status")
def _(graph):
    subject, _ = with_value(TUPU.status)
    graph.set((subject, TUPU.status, TUPU.rumoured))


@fault("a passage without selector", "tupu-passage.hasSelector")
def _(graph):
    subject, one = with_value(OA.hasSelector)
    graph.remove((subject, OA.hasSelector, one))


@fault("a passage of a document without digest", "tupu-passage.hasSource")
def _(graph):
    subject, _ = with_value(OA.hasSource)
    graph.set((subject, OA.hasSource, CY.china))


@fault("a selector that ends before it starts", "tupu-selector.start")
def _(graph):
    subject, start = with_value(OA.start)
    graph.set((subject, OA.end, rdflib.Literal(int(start) - 1)))


@fault("a selector that starts before the text", "tupu-selector.start")
def _(graph):
    subject, _ = with_value(OA.start)
    graph.set((subject, OA.start, rdflib.Literal(-1)))


@fault("a quantity without number", "tupu-quantity.value")
def _(graph):
    subject, one = with_value(SCHEMA.value, SCHEMA.QuantitativeValue)
    graph.remove((subject, SCHEMA.value, one))


@fault("a number in words", "tupu-quantity.value")
def _(graph):
    subject, _ = with_value(SCHEMA.value, SCHEMA.QuantitativeValue)
    graph.set((subject, SCHEMA.value, rdflib.Literal("many")))


@fault("a comparator that is none", "tupu-quantity.comparator")
def _(graph):
    subject, _ = with_value(TUPU.comparator)
    graph.set((subject, TUPU.comparator, TUPU.perhaps))


@fault("a target without value", "Target.value")
def _(graph):
    subject, one = with_value(SCHEMA.value, CYO.Target)
    graph.remove((subject, SCHEMA.value, one))


def rudof_violations(graph):
    """The nodes that rudof finds at fault."""
    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_data(graph.serialize(format="nt"), pyrudof.RDFFormat.NTriples)
    rudof.read_shacl(SHAPES)
    return {rdflib.URIRef(it.focus_node) for it in rudof.validate_shacl().violations}


found, text = violations(data)
assert not found, f"our data do not conform: {text[:3000]}"
found = rudof_violations(data)
assert not found, f"our data do not conform to rudof: {sorted(found)[:10]}"
print("pySHACL and rudof: our data conform")


def part_of(graph, subjects):
    """What the subjects say, and what is said of their values, and of theirs: all that shapes look at."""
    nodes, edge = set(subjects), set(subjects)
    for _ in range(2):
        edge = {o for node in edge for o in graph.objects(node) if isinstance(o, rdflib.URIRef)} - nodes
        nodes |= edge
    part = rdflib.Graph()
    for node in nodes:
        for triple in graph.triples((node, None, None)):
            part.add(triple)
    return part


for what, expected, change in FAULTS:
    changed = rdflib.Graph()
    for triple in data:
        changed.add(triple)
    change(changed)
    subjects = {s for s, _, _ in set(data) ^ set(changed)}
    assert subjects, f"{what}: nothing was changed"
    before, _ = violations(part_of(data, subjects))
    assert not any(node in subjects for node, _ in before), f"{what}: was there before"
    found, text = violations(part_of(changed, subjects))
    named = {name for node, name in found if node in subjects}
    assert expected <= named, f"{what}: expected {expected}, found {named}: {text[:3000]}"
    found = rudof_violations(changed)
    assert found and found <= subjects, f"{what}: rudof finds {found} of {subjects}"
print(f"pySHACL and rudof: find each of {len(FAULTS)} seeded faults")

view = SchemaView(SCHEMA_YAML)
for name in view.all_classes():
    view.class_induced_slots(name)
assert view.get_identifier_slot("Agreement").name == "id"
signatory = view.induced_slot("signatory", "Agreement")
assert signatory.required and signatory.multivalued and signatory.range == "Organization"
assert view.get_uri("Agreement", expand=True) == str(CYO.Agreement)
assert view.get_uri("Place", expand=True) == str(SCHEMA.Place)
print(f"LinkML: {len(view.all_classes())} classes, {len(view.all_slots())} slots, {len(view.all_enums())} enums")

document = json.loads(pathlib.Path(CONTEXT).read_text(encoding="utf-8"))
document["@graph"] = [
    {
        "id": "cy:some-agreement",
        "type": ["Agreement", "Document"],
        "label": {"zh": "某协议", "en": "some agreement"},
        "alt_label": {"zh": ["协议", "某某协议"]},
        "description": {"zh": "说明", "en": "a description"},
        "signatory": ["cy:one-body", "cy:another-body"],
        "about": ["cy:china"],
    },
    {
        "id": "cy:some-target",
        "type": "Target",
        "deadline": {"@type": "xsd:gYear", "@value": "2027"},
        "deadline_latest": "2027-12-31",
        "value": {
            "id": "cy:some-target.value",
            "type": "QuantitativeValue",
            "number": 1800,
            "unit_text": "亿元",
            "comparator": "at-least",
        },
    },
    {"id": "cy:some-attendance", "type": "Attendance", "attendance_kind": "chaired", "attendee": "cy:someone"},
    {"id": "cy:some-policy", "type": "Policy", "in_force": True},
]
got = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
wanted = rdflib.Graph().parse(
    data="""
@prefix cy: <https://w3id.org/tupu/chengyu/> .
@prefix cyo: <https://w3id.org/tupu/chengyu/terms#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tupu: <https://w3id.org/tupu/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
cy:some-agreement a cyo:Agreement, schema:CreativeWork ;
    rdfs:label "某协议"@zh, "some agreement"@en ; skos:altLabel "协议"@zh, "某某协议"@zh ;
    dcterms:description "说明"@zh, "a description"@en ;
    cyo:signatory cy:one-body, cy:another-body ; schema:about cy:china .
cy:some-target a cyo:Target ; cyo:deadline "2027"^^xsd:gYear ; cyo:deadlineLatest "2027-12-31"^^xsd:date ;
    schema:value cy:some-target.value .
cy:some-target.value a schema:QuantitativeValue ; schema:value 1800 ; schema:unitText "亿元" ;
    tupu:comparator tupu:at-least .
cy:some-attendance a cyo:Attendance ; cyo:attendanceKind cyo:AttendanceKind.chaired ; schema:attendee cy:someone .
cy:some-policy a cyo:Policy ; cyo:inForce true .
"""
)
assert set(got) == set(wanted), f"{sorted(set(got) ^ set(wanted))}"
print(f"rdflib reads JSON-LD in our context: {len(got)} triples, as they should be")
