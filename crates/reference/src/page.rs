//! The content of a page, independent of its format.

/// One page of the reference.
#[derive(Debug)]
pub struct Page {
    /// The path without an extension: `entities/Systems.Security.Users`.
    pub path: String,
    /// The identifier by which documentation tools know it.
    pub uid: String,
    /// The heading.
    pub heading: String,
    /// The title, with the part of the reference.
    pub title: String,
    /// What kind of thing the page is about, shown beside the heading.
    pub kind: Option<Kind>,
    /// What it is about, in one sentence or two.
    pub summary: Vec<Inline>,
    /// The rest, from top to bottom.
    pub blocks: Vec<Block>,
}

/// What kind of thing a page or a link is about: `OBJECT`, and the word by which style sheets and paths know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// As readers see it.
    pub label: &'static str,
    /// As paths and classes have it.
    pub word: &'static str,
}

/// A part of a page.
#[derive(Debug)]
pub enum Block {
    /// A heading of level 2 or 3 and its anchor.
    Heading(u8, String, String),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// Lines of a label and a value.
    Facts(Weight, Vec<Fact>),
    /// A table with its heads.
    Table(Vec<&'static str>, Vec<Vec<Cell>>),
    /// A list; each item has a depth, from 0.
    List(Vec<(usize, Vec<Inline>)>),
    /// A section whose rows are named things with a type: fields, arguments, values.
    Members(&'static str, Vec<Member>),
    /// Links to types, side by side.
    Pills(Vec<Inline>),
    /// The parameters of a method.
    Parameters(Vec<Parameter>),
    /// A text in a language of programs.
    Code(&'static str, String),
}

/// The form of values beside their labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// As plain text.
    Plain,
    /// In bold.
    Bold,
    /// On a line of their own.
    Below,
}

/// A label and its value.
#[derive(Debug)]
pub struct Fact {
    /// What it is about.
    pub label: &'static str,
    /// The value.
    pub value: Vec<Inline>,
}

/// A cell of a table.
#[derive(Debug, Default)]
pub struct Cell {
    /// Where links find its row.
    pub anchor: Option<String>,
    /// The content.
    pub text: Vec<Inline>,
}

/// A field, an argument, a value: something with a name on the page of something else.
#[derive(Debug)]
pub struct Member {
    /// The name.
    pub name: String,
    /// Where links find it.
    pub anchor: String,
    /// Its type; values of enumerations have none.
    pub type_link: Option<Inline>,
    /// What it is, paragraph by paragraph.
    pub description: Vec<Vec<Inline>>,
    /// Its arguments: name, type, description and default.
    pub arguments: Vec<Vec<Inline>>,
}

/// A parameter of a method.
#[derive(Debug)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// Its lines: description, type, default.
    pub lines: Vec<Vec<Inline>>,
    /// The values that it allows, where they are listed.
    pub values: Vec<Vec<Cell>>,
    /// The lines below the values.
    pub below: Vec<Vec<Inline>>,
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Something that programs read: a name, a value.
    Code(String),
    /// A tag of an attribute: `Required`.
    Tag(String),
    /// Stressed text.
    Strong(String),
    /// A link to a page, or to a place on one.
    Link(Target, Vec<Inline>),
    /// A link to the page of a type: where it leads, its kind, its name and the type as written.
    Pill(Target, Kind, String, String),
    /// A new line in a cell of a table.
    Break,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page of the reference, by its path.
    Page(String),
    /// An anchor on a page of the reference.
    Anchor(String, String),
    /// A file beside the pages, by its path.
    File(&'static str),
    /// An address.
    Url(String),
}

impl Page {
    /// A page without content.
    pub fn new(path: impl Into<String>, heading: impl Into<String>, part: &str) -> Self {
        let (path, heading) = (path.into(), heading.into());
        let title = if part.is_empty() { heading.clone() } else { format!("{heading} – {part}") };
        let uid = format!("reference.{}", path.replace('/', "."));
        Self { path, uid, heading, title, kind: None, summary: Vec::new(), blocks: Vec::new() }
    }

    /// Adds a heading of level 2, whose anchor is made from its text.
    pub fn section(&mut self, text: &str) {
        self.blocks.push(Block::Heading(2, text.to_owned(), slug(text)));
    }

    /// Adds a heading of level 3 with an anchor.
    pub fn subsection(&mut self, text: impl Into<String>, anchor: impl Into<String>) {
        self.blocks.push(Block::Heading(3, text.into(), anchor.into()));
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: Vec<Inline>) {
        if !text.is_empty() {
            self.blocks.push(Block::Paragraph(text));
        }
    }

    /// The link that leads to the page.
    pub fn link(&self) -> Inline {
        Inline::Link(Target::Page(self.path.clone()), vec![text(self.heading.as_str())])
    }
}

impl Cell {
    /// A cell with this text.
    pub fn of(text: Vec<Inline>) -> Self {
        Self { anchor: None, text }
    }

    /// A cell with something that programs read, to which links can lead.
    pub fn named(name: &str) -> Self {
        Self { anchor: Some(anchor(name)), text: vec![code(name)] }
    }
}

impl Fact {
    /// A label and a plain value.
    pub fn new(label: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        Self { label, value: if value.is_empty() { Vec::new() } else { vec![text(value)] } }
    }
}

/// Plain text.
pub fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

/// Something that programs read.
pub fn code(text: impl Into<String>) -> Inline {
    Inline::Code(text.into())
}

/// Returns the anchor of a heading, as documentation tools make it: `child-collections` for `Child Collections`.
pub fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// The anchor of a name: its letters, digits, dots and dashes.
pub fn anchor(name: &str) -> String {
    let part = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    let anchor: String = name.to_lowercase().chars().map(part).collect();
    anchor.trim_matches('-').to_owned()
}

/// The text of inlines, without form.
pub fn plain(inlines: &[Inline]) -> String {
    let piece = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Code(text) | Inline::Tag(text) | Inline::Strong(text) => text.clone(),
        Inline::Link(_, inner) => plain(inner),
        Inline::Pill(.., written) => written.clone(),
        Inline::Break => " ".to_owned(),
    };
    inlines.iter().map(piece).collect()
}
