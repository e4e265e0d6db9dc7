//! Answers of several rows: a command states its columns and its JSON once, for every format.

use serde::Serialize;
use tupu::model::{Literal, NodeId, Passage, ProvenanceId, Status, Value};
use tupu::schema::{ClassId, SlotId};
use tupu::table::EdgeRow;

use crate::answer::{Speaker, own_label, position};
use crate::args::{Format, Rows as Options};
use crate::output;
use crate::report;
use crate::table::Grid;
use crate::table_rows::{columns, place};

/// What stands between several things in one cell.
const BETWEEN: &str = "; ";

/// What stands in one cell.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell<'g> {
    Entity(NodeId),
    Slot(SlotId),
    Class(ClassId),
    Value(&'g Value),
    Status(Status),
    /// Something that has the same name in every language.
    Name(&'g str),
    Nothing,
}

impl<'g> From<NodeId> for Cell<'g> {
    fn from(node: NodeId) -> Self {
        Self::Entity(node)
    }
}

impl<'g> From<SlotId> for Cell<'g> {
    fn from(slot: SlotId) -> Self {
        Self::Slot(slot)
    }
}

impl<'g> From<ClassId> for Cell<'g> {
    fn from(class: ClassId) -> Self {
        Self::Class(class)
    }
}

impl From<Status> for Cell<'_> {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl<'g> From<&'g Literal> for Cell<'g> {
    fn from(literal: &'g Literal) -> Self {
        Self::Value(&literal.value)
    }
}

impl Cell<'_> {
    /// The cell in one language.
    fn text(self, speaker: Speaker<'_>, language: &str) -> String {
        match self {
            Self::Entity(node) => speaker.graph.label(node, language).to_owned(),
            Self::Slot(slot) => speaker.slot_label_in(slot, language),
            Self::Class(class) => speaker.class_label_in(class, language),
            Self::Value(value) => speaker.value_in(value, language),
            Self::Status(status) => own_label(status.name(), language),
            Self::Name(name) => name.to_owned(),
            Self::Nothing => String::new(),
        }
    }

    /// The cell in all languages that are spoken.
    pub(crate) fn words(self, speaker: Speaker<'_>) -> String {
        match self {
            Self::Entity(node) => speaker.label(node),
            Self::Slot(slot) => speaker.slot_label(slot),
            Self::Class(class) => speaker.class_label(class),
            Self::Value(value) => speaker.value(value),
            Self::Status(status) => speaker.all(|it| own_label(status.name(), it)),
            Self::Name(name) => name.to_owned(),
            Self::Nothing => String::new(),
        }
    }

    /// What programs know it by.
    pub(crate) fn id(self, speaker: Speaker<'_>) -> String {
        match self {
            Self::Entity(node) => speaker.graph.slug(node).to_owned(),
            Self::Slot(slot) => speaker.graph.schema().slot(slot).name.clone(),
            Self::Class(class) => speaker.graph.schema().class(class).name.clone(),
            Self::Status(status) => status.name().to_owned(),
            Self::Name(name) => name.to_owned(),
            Self::Value(_) | Self::Nothing => String::new(),
        }
    }
}

/// What a column takes from a row.
type Take<'g, R, T> = Box<dyn Fn(&R) -> T + 'g>;

/// The same in a language.
type TakeIn<'g, R> = Box<dyn Fn(&R, &str) -> String + 'g>;

/// How a column takes what it shows from a row.
enum Content<'g, R> {
    Text(Take<'g, R, String>),
    Words(TakeIn<'g, R>),
    /// One cell or several, which share the place.
    Cells(Take<'g, R, Vec<Cell<'g>>>),
    Status(Take<'g, R, (Status, ProvenanceId)>),
    /// Slots of facts, and whether each fact leads to what the row is about; for programs, what the
    /// column of directions is called.
    Steps(String, Take<'g, R, Vec<(SlotId, bool)>>),
    /// For people; programs have it beside the entity.
    Slug(Take<'g, R, NodeId>),
}

struct Column<'g, R> {
    /// What programs know it by.
    name: String,
    /// What people read above it, where that is not the name; they asked for this column.
    title: Option<String>,
    content: Content<'g, R>,
    /// What people read, where that is not the content.
    for_people: Option<Take<'g, R, String>>,
}

/// Rows with their columns.
pub(crate) struct Rows<'g, R> {
    speaker: Speaker<'g>,
    rows: Vec<R>,
    columns: Vec<Column<'g, R>>,
    provenance: Option<Take<'g, R, Vec<ProvenanceId>>>,
    table_rows: Option<Take<'g, R, Vec<&'g EdgeRow>>>,
}

impl<'g, R> Rows<'g, R> {
    /// Rows that have no columns yet.
    pub(crate) fn new(speaker: Speaker<'g>, rows: Vec<R>) -> Self {
        Self {
            speaker,
            rows,
            columns: Vec::new(),
            provenance: None,
            table_rows: None,
        }
    }

    fn column(mut self, name: &str, content: Content<'g, R>) -> Self {
        self.columns.push(Column {
            name: name.to_owned(),
            title: None,
            content,
            for_people: None,
        });
        self
    }

    /// A column of plain text.
    pub(crate) fn text(self, name: &str, text: impl Fn(&R) -> String + 'g) -> Self {
        self.column(name, Content::Text(Box::new(text)))
    }

    /// A column of text that every language has of its own; in CSV and TSV as many columns as are
    /// spoken.
    pub(crate) fn words(self, name: &str, text: impl Fn(&R, &str) -> String + 'g) -> Self {
        self.column(name, Content::Words(Box::new(text)))
    }

    /// Puts `text` into the last column where people read it.
    pub(crate) fn for_people(mut self, text: impl Fn(&R) -> String + 'g) -> Self {
        if let Some(column) = self.columns.last_mut() {
            column.for_people = Some(Box::new(text));
        }
        self
    }

    /// A column of entities, slots, classes or values. In CSV and TSV it is as many columns as there
    /// are languages, and one more, `NAME_id`, for what programs know it by.
    pub(crate) fn cell<C: Into<Cell<'g>>>(self, name: &str, cell: impl Fn(&R) -> C + 'g) -> Self {
        self.cells(name, move |row| vec![cell(row).into()])
    }

    /// A column of several of these at once.
    pub(crate) fn cells(self, name: &str, cells: impl Fn(&R) -> Vec<Cell<'g>> + 'g) -> Self {
        self.column(name, Content::Cells(Box::new(cells)))
    }

    /// Puts `title` above the last column for people, who asked for it: it stays even if it is empty.
    pub(crate) fn asked_for(mut self, title: String) -> Self {
        if let Some(column) = self.columns.last_mut() {
            column.title = Some(title);
        }
        self
    }

    /// A column for how far a fact is from being plainly asserted; in CSV and TSV two, `status` and
    /// `inferred`.
    pub(crate) fn status(self, status: impl Fn(&R) -> (Status, ProvenanceId) + 'g) -> Self {
        self.column("status", Content::Status(Box::new(status)))
    }

    /// A column for the slot that leads to what the row is about, or comes from it; in CSV and TSV
    /// `direction` stands beside it.
    pub(crate) fn step(self, name: &str, step: impl Fn(&R) -> (SlotId, bool) + 'g) -> Self {
        let steps = move |row: &R| vec![step(row)];
        self.column(
            name,
            Content::Steps("direction".to_owned(), Box::new(steps)),
        )
    }

    /// A column of several slots at once; in CSV and TSV their directions stand in `NAME_direction`.
    pub(crate) fn steps(self, name: &str, steps: impl Fn(&R) -> Vec<(SlotId, bool)> + 'g) -> Self {
        let directions = format!("{name}_direction");
        self.column(name, Content::Steps(directions, Box::new(steps)))
    }

    /// A column for the slug of the entity that the row is about; CSV and TSV have it anyway.
    pub(crate) fn slug(self, node: impl Fn(&R) -> NodeId + 'g) -> Self {
        self.column("slug", Content::Slug(Box::new(node)))
    }

    /// What a row's evidence is.
    pub(crate) fn evidence(mut self, of: impl Fn(&R) -> Vec<ProvenanceId> + 'g) -> Self {
        self.provenance = Some(Box::new(of));
        self
    }

    /// The rows of tables that are a row's evidence.
    pub(crate) fn table_rows(mut self, of: impl Fn(&R) -> Vec<&'g EdgeRow> + 'g) -> Self {
        self.table_rows = Some(Box::new(of));
        self
    }

    /// Keeps no more rows than `limit`, and says how many are left out.
    pub(crate) fn limit(mut self, options: &Options) -> Self {
        if let Some(limit) = options.limit {
            let left_out = self.rows.len().saturating_sub(limit.get());
            self.rows.truncate(limit.get());
            if left_out > 0 {
                report::note(&format!("{left_out} more left out (--limit {limit})"));
            }
        }
        self
    }

    /// The rows themselves.
    pub(crate) fn into_rows(self) -> Vec<R> {
        self.rows
    }

    /// Prints the rows as `options` say; `view` is the JSON of one. Says whether there are any.
    pub(crate) fn print<V: Serialize>(
        self,
        options: &Options,
        view: impl Fn(&R) -> V,
    ) -> anyhow::Result<bool> {
        let answer = self.limit(options);
        let text = match options.answer.format {
            Format::Json => json(&answer.rows.iter().map(view).collect::<Vec<_>>())?,
            Format::Ndjson => ndjson(answer.rows.iter().map(view))?,
            Format::Table | Format::Markdown if answer.rows.is_empty() => String::new(),
            format => answer.grid(format, options.with_evidence()).text(format)?,
        };
        output::print(&text)?;
        Ok(!answer.rows.is_empty())
    }

    /// The rows as text, with heads: for programs in CSV and TSV, for people otherwise, who see no column
    /// that is empty in every row unless they asked for it.
    pub(crate) fn grid(&self, format: Format, with_evidence: bool) -> Grid {
        let is_data = matches!(format, Format::Csv | Format::Tsv);
        let from_tables = self.evidence_of_tables().filter(|_| with_evidence);
        // A graph of tables has no passages, nor has RDF that names no source; there programs find the
        // columns that they know.
        let has_sources = !self.speaker.graph.sources().is_empty();
        let has_passages = has_sources || (is_data && from_tables.is_none());
        let provenance = self.provenance.as_ref();
        let provenance = provenance.filter(|_| with_evidence && has_passages);
        let has_words = !self.speaker.texts.is_empty();
        let mut grid = Grid::default();
        for column in &self.columns {
            grid.heads.extend(self.heads(column, is_data));
        }
        if provenance.is_some() {
            grid.heads
                .extend(["article", "position"].map(str::to_owned));
            grid.heads.extend(has_words.then(|| "words".to_owned()));
        }
        let columns = columns(from_tables.iter().flatten().flatten());
        if from_tables.is_some() {
            grid.heads.push("row".to_owned());
            let head = |column: &String| match is_data {
                // Other columns may be called so.
                true => format!("edge_{column}"),
                false => column.clone(),
            };
            grid.heads.extend(columns.iter().map(head));
        }
        for (at, row) in self.rows.iter().enumerate() {
            let mut cells = Vec::new();
            for column in &self.columns {
                cells.extend(self.texts(column, row, is_data));
            }
            if let Some(provenance) = provenance {
                cells.extend(self.evidence_cells(&provenance(row), has_words));
            }
            if let Some(found) = from_tables.as_ref().and_then(|it| it.get(at)) {
                let places: Vec<String> = found.iter().map(|it| place(it)).collect();
                cells.push(places.join(BETWEEN));
                let said = |column: &String| self.speaker.values_in(found, column).join(BETWEEN);
                cells.extend(columns.iter().map(said));
            }
            grid.rows.push(cells);
        }
        if !is_data {
            let columns = &self.columns;
            grid.drop_empty(|at| columns.get(at).is_none_or(|it| it.title.is_some()));
        }
        grid
    }

    /// The evidence of each row in tables; `None` where none was looked for.
    fn evidence_of_tables(&self) -> Option<Vec<Vec<&'g EdgeRow>>> {
        self.speaker.rows?;
        let of = self.table_rows.as_ref()?;
        Some(self.rows.iter().map(of).collect())
    }

    fn heads(&self, column: &Column<'g, R>, is_data: bool) -> Vec<String> {
        let name = &column.name;
        let mut heads = match (&column.content, self.speaker.languages) {
            _ if !is_data => return vec![column.title.clone().unwrap_or_else(|| name.clone())],
            (Content::Slug(_), _) => return Vec::new(),
            (Content::Cells(_) | Content::Steps(..) | Content::Words(_), [_, _, ..]) => {
                let in_language = |language: &String| format!("{name}_{language}");
                self.speaker.languages.iter().map(in_language).collect()
            }
            _ => vec![name.clone()],
        };
        if matches!(column.content, Content::Cells(_) | Content::Steps(..)) {
            heads.push(format!("{name}_id"));
        }
        match &column.content {
            Content::Status(_) => heads.push("inferred".to_owned()),
            Content::Steps(directions, _) => heads.push(directions.clone()),
            _ => {}
        }
        heads
    }

    fn texts(&self, column: &Column<'g, R>, row: &R, is_data: bool) -> Vec<String> {
        let speaker = self.speaker;
        if let Some(text) = column.for_people.as_ref().filter(|_| !is_data) {
            return vec![text(row)];
        }
        match &column.content {
            Content::Text(text) => vec![text(row)],
            Content::Words(text) if is_data => speaker.each(|language| text(row, language)),
            Content::Words(text) => vec![speaker.all(|language| text(row, language))],
            Content::Cells(cells) if is_data => self.data(&cells(row)),
            Content::Cells(cells) => {
                let said: Vec<String> = cells(row).iter().map(|it| it.words(speaker)).collect();
                vec![said.join(BETWEEN)]
            }
            Content::Status(status) => {
                let (status, provenance) = status(row);
                if is_data {
                    let inferred = speaker.is_inferred(provenance);
                    vec![status.name().to_owned(), inferred.to_string()]
                } else {
                    vec![speaker.reserve(status, provenance)]
                }
            }
            Content::Steps(_, steps) if is_data => {
                let (slots, ways): (Vec<_>, Vec<_>) = steps(row)
                    .into_iter()
                    .map(|(slot, is_outgoing)| (Cell::Slot(slot), direction(is_outgoing)))
                    .unzip();
                let mut texts = self.data(&slots);
                texts.push(ways.join(BETWEEN));
                texts
            }
            Content::Steps(_, steps) => {
                let said = steps(row)
                    .into_iter()
                    .map(|(slot, is_outgoing)| arrow(&speaker.slot_label(slot), is_outgoing));
                vec![said.collect::<Vec<String>>().join(BETWEEN)]
            }
            Content::Slug(_) if is_data => Vec::new(),
            Content::Slug(node) => vec![speaker.graph.slug(node(row)).to_owned()],
        }
    }

    /// Cells as programs take them: in each language, then what they are known by.
    fn data(&self, cells: &[Cell<'g>]) -> Vec<String> {
        let speaker = self.speaker;
        let in_all = |say: &dyn Fn(Cell<'g>) -> String| {
            let said: Vec<String> = cells.iter().map(|cell| say(*cell)).collect();
            said.join(BETWEEN)
        };
        let mut texts = speaker.each(|language| in_all(&|it| it.text(speaker, language)));
        texts.push(in_all(&|it| it.id(speaker)));
        texts
    }

    /// Article, position and words; one article goes without saying again.
    fn evidence_cells(&self, provenance: &[ProvenanceId], has_words: bool) -> Vec<String> {
        let mut all: Vec<Passage> = Vec::new();
        for passage in provenance.iter().flat_map(|id| self.speaker.passages(*id)) {
            if !all.contains(passage) {
                all.push(*passage);
            }
        }
        let mut articles: Vec<&str> = all.iter().map(|it| self.speaker.article(*it)).collect();
        if articles.iter().all(|it| Some(it) == articles.first()) {
            articles.truncate(1);
        }
        let positions: Vec<String> = all.iter().map(|it| position(*it)).collect();
        let mut cells = vec![articles.join(BETWEEN), positions.join(BETWEEN)];
        if has_words {
            let words: Vec<String> = all
                .iter()
                .map(|it| self.speaker.words(*it).unwrap_or_default())
                .collect();
            cells.push(words.join(BETWEEN));
        }
        cells
    }
}

impl Grid {
    /// The grid in a format that has tables.
    pub(crate) fn text(mut self, format: Format) -> anyhow::Result<String> {
        match format {
            Format::Csv => self.csv(),
            Format::Tsv => Ok(self.tsv()),
            Format::Markdown => {
                self.title(|head| head.replace('_', " "));
                Ok(self.markdown())
            }
            Format::Table | Format::Json | Format::Ndjson => {
                self.title(|head| head.to_uppercase().replace('_', " "));
                Ok(self.table())
            }
        }
    }

    /// Makes titles for people of the heads.
    fn title(&mut self, title: impl Fn(&str) -> String) {
        for head in &mut self.heads {
            *head = title(head);
        }
    }
}

/// Which way a fact leads.
pub(crate) fn direction(is_outgoing: bool) -> &'static str {
    if is_outgoing { "out" } else { "in" }
}

/// A slot that leads to something, or comes from it.
fn arrow(slot: &str, is_outgoing: bool) -> String {
    if is_outgoing {
        format!("{slot} →")
    } else {
        format!("← {slot}")
    }
}

/// A value as indented JSON.
pub(crate) fn json<V: Serialize>(value: &V) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// Values as JSON, one a line.
pub(crate) fn ndjson<V: Serialize>(values: impl IntoIterator<Item = V>) -> anyhow::Result<String> {
    let mut text = String::new();
    for value in values {
        text.push_str(&serde_json::to_string(&value)?);
        text.push('\n');
    }
    Ok(text)
}
