//! The words that the pages of entities use.

use crate::page::{Block, Cell, Page, code, text};
use crate::prose::prose;

/// The path of the page about aggregates.
pub(crate) const AGGREGATES: &str = "concepts/aggregates";

/// The page about aggregates and change tracking.
pub(crate) fn aggregates() -> Page {
    let mut page = Page::new(AGGREGATES, "Aggregates", "Concepts");
    page.summary = prose(
        "A cluster of domain objects that can be treated as a single unit: a root with the children that it owns.",
    );
    page.section("Root and children");
    page.paragraph(prose(
        "Every entity belongs to one aggregate. Its root is independent; a child has a reference to its owner, and \
         ends with it. The tree on the page of an entity has the entity and all that it owns.",
    ));
    page.section("Versions");
    page.paragraph(prose(
        "`ObjectVersion` counts the changes of a row. A change that names the version that was read is refused if \
         another client changed it first; the entity tag (`ETag`) of OData is the same.",
    ));
    page.section("Change tracking levels");
    let level = |level: model::Tracking| {
        vec![Cell::of(vec![code(level.level().to_string())]), Cell::of(vec![text(level.title())])]
    };
    page.blocks.push(Block::Table(vec!["Level", "Description"], LEVELS.map(level).into()));
    page
}

const LEVELS: [model::Tracking; 5] = [
    model::Tracking::Nothing,
    model::Tracking::LastChange,
    model::Tracking::Changes,
    model::Tracking::Attributes,
    model::Tracking::AttributesAndBlobs,
];

/// The page about the capabilities of attributes.
pub(crate) fn capabilities() -> Page {
    let mut page = Page::new("concepts/capabilities", "Filters, order and tags", "Concepts");
    page.summary = prose(
        "The tags after the description of an attribute. Everything that can be filtered or ordered by has an index.",
    );
    let row = |(tag, operators, meaning): &(&str, &str, &str)| {
        let operators = prose(operators);
        vec![Cell::named(tag), Cell::of(operators), Cell::of(prose(meaning))]
    };
    let rows = TAGS.iter().map(row).collect();
    page.blocks.push(Block::Table(vec!["Tag", "Operators", "Description"], rows));
    page
}

const TAGS: [(&str, &str, &str); 10] = [
    ("Required", "", "A value is required when a row is created."),
    ("ReadOnly", "", "Only the server sets the value."),
    ("Default(…)", "", "The value of a row for which none was given; `NowUtc` is the moment of creation."),
    ("Filter(eq)", "`eq`, `ne`", "May be compared with one value; among the details: `Equals`."),
    (
        "Filter(multi eq)",
        "`eq`, `ne`, `in`",
        "May be compared with one value or a list of them: `Equals, EqualsIn`.",
    ),
    (
        "Filter(ge;le)",
        "`gt`, `ge`, `lt`, `le`",
        "May be compared with the ends of a range: `GreaterThanOrLessThan`.",
    ),
    ("Filter(like)", "`contains`, `startswith`, `endswith`", "May be searched for a part: `Like`."),
    ("ORD", "`$orderby`", "Rows may be ordered by it, up and down."),
    (
        "NotFilterable",
        "",
        "Cannot be filtered by. Such a query is refused; the error names the permitted attributes.",
    ),
    (
        "Introduced in version …",
        "",
        "The version that has it first, where that is later than the entity's own.",
    ),
];
