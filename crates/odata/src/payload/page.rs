//! Pages in pieces, so that no answer need be in memory as a whole.

use model::query::{BoundQuery, Object};
use model::{Entity, Uuid};

use super::Style;
use super::plan::Plan;
use super::row::odata_id;
use crate::json::Json;
use crate::negotiate::Version;

/// Writes a page: rows in any number of pieces, and what follows them.
pub struct PageWriter {
    json: Json,
    /// Without a root: behind its beginning, a page has no more contexts than `entries` knows.
    style: Style<'static>,
    entries: Entries,
}

/// What the entries of a page are.
enum Entries {
    /// Rows.
    Rows(Plan),
    /// The identifiers of rows in a set.
    Identifiers(String),
    /// Rows that changed; with the context of those that are no longer there.
    Changes(Plan, String),
}

/// The links at the end of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The URL of the next page.
    pub next: Option<String>,
    /// The URL of what changes from now on.
    pub delta: Option<String>,
}

impl Style<'_> {
    /// A page of rows. `select` is what [`super::select_list`] gave, `count` how many rows there are in all.
    pub fn rows(self, query: &BoundQuery, select: &str, count: Option<u64>) -> PageWriter {
        let plan = Plan::new(query);
        let context = format!("{}{select}", plan.set);
        let page = self.page(&context, count, Entries::Rows(plan));
        page.with_room_for(query.top)
    }

    /// The identifiers of a page of rows (`Set/$ref`).
    pub fn references(self, entity: &Entity, count: Option<u64>) -> PageWriter {
        self.page("Collection($ref)", count, Entries::Identifiers(entity.set_name()))
    }

    /// A page of changes (OData JSON 4.01, section 15).
    pub fn changes(self, query: &BoundQuery, select: &str) -> PageWriter {
        let plan = Plan::new(query);
        let context = format!("{}{select}/$delta", plan.set);
        let removed = format!("{}$metadata#{}/$deletedEntity", self.root, plan.set);
        self.page(&context, None, Entries::Changes(plan, removed))
    }

    fn page(self, context: &str, count: Option<u64>, entries: Entries) -> PageWriter {
        let mut json = Json::default();
        json.open(b'{');
        self.context(&mut json, context);
        if let Some(count) = count {
            json.key(self.names().count);
            self.int64(&mut json, count);
        }
        json.key("value");
        json.open_value(b'[');
        PageWriter { json, style: Style { root: "", ..self }, entries }
    }
}

impl PageWriter {
    /// With room for a page of so many rows, or for a good part of it.
    fn with_room_for(mut self, rows: Option<u64>) -> Self {
        const ROW: usize = 1024;
        let rows = rows.and_then(|rows| usize::try_from(rows).ok()).unwrap_or(usize::MAX).min(64);
        self.json.reserve(rows * ROW);
        self
    }

    /// Writes a row.
    pub fn row(&mut self, object: &Object) {
        self.json.open(b'{');
        match &self.entries {
            Entries::Rows(plan) | Entries::Changes(plan, _) => {
                self.style.members(&mut self.json, plan, object);
            }
            Entries::Identifiers(set) => self.style.identifier(&mut self.json, set, object.id),
        }
        self.json.close(b'}');
    }

    /// Writes, on a page of changes, that a row no longer belongs to what is asked for.
    pub fn removed(&mut self, id: Uuid) {
        let Entries::Changes(plan, context) = &self.entries else { return };
        let id = odata_id(&plan.set, id);
        let (json, names) = (&mut self.json, self.style.names());
        json.open(b'{');
        if self.style.version == Version::V4_0 {
            json.key(names.context);
            json.text(context);
            json.key("id");
            json.quoted(id);
            json.key("reason");
            json.quoted(CHANGED);
        } else {
            json.key("@removed");
            json.open_value(b'{');
            json.key("reason");
            json.quoted(CHANGED);
            json.close(b'}');
            json.key(names.id);
            json.quoted(id);
        }
        json.close(b'}');
    }

    /// What was written since it was last asked; more follows.
    pub fn take(&mut self) -> Vec<u8> {
        self.json.take()
    }

    /// Writes what follows the rows; gives what was written since it was last asked.
    pub fn finish(&mut self, links: &Links) -> Vec<u8> {
        let (json, names) = (&mut self.json, self.style.names());
        json.close(b']');
        for (name, link) in [(names.next_link, &links.next), (names.delta_link, &links.delta)] {
            if let Some(link) = link {
                json.key(name);
                json.text(link);
            }
        }
        json.close(b'}');
        json.take()
    }
}

/// Why a row is no longer among those asked for: no row is ever deleted.
const CHANGED: &str = "changed";
