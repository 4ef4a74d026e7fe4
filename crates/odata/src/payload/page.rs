//! Pages in pieces, so that a response need not fit into memory.

use model::query::{BoundQuery, Object};
use model::{Entity, Uuid};

use super::Style;
use super::plan::Plan;
use super::row::odata_id;
use crate::json::Json;
use crate::negotiate::Version;

/// A writer of a page: any number of pieces with rows, then the links.
pub struct PageWriter {
    json: Json,
    /// Without a root: after its start, a page only contains the contexts in `entries`.
    style: Style<'static>,
    entries: Entries,
}

/// The entries of a page.
enum Entries {
    /// Rows.
    Rows(Plan),
    /// Identifiers of rows in a set.
    Identifiers(String),
    /// Changed rows, and the context of removed rows.
    Changes(Plan, String),
}

/// The links at the end of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The URL of the next page.
    pub next: Option<String>,
    /// The URL of the changes since this response.
    pub delta: Option<String>,
}

impl Style<'_> {
    /// Begins a page of rows. `select` is the result of [`super::select_list`], `count` the total number of
    /// rows.
    pub fn rows(self, query: &BoundQuery, select: &str, count: Option<u64>) -> PageWriter {
        let plan = Plan::new(query);
        let context = format!("{}{select}", plan.set);
        let page = self.page(&context, count, Entries::Rows(plan));
        page.with_room_for(query.top)
    }

    /// Begins a page of row identifiers (`Set/$ref`).
    ///
    /// ```
    /// use model::Uuid;
    /// use odata::negotiate::{JsonForm, Version};
    /// use odata::payload::{Links, Style};
    ///
    /// let users = model::find_entity("Systems_Security_Users").expect("an entity");
    /// let root = "https://example.org/";
    /// let style = Style { root, version: Version::V4_01, form: JsonForm::default(), skip_nulls: false };
    /// let mut page = style.references(users, Some(0));
    /// let body = page.finish(&Links::default());
    /// let json: serde_json::Value = serde_json::from_slice(&body)?;
    /// assert_eq!((&json["@count"], &json["value"]), (&0.into(), &serde_json::json!([])));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn references(self, entity: &Entity, count: Option<u64>) -> PageWriter {
        self.page("Collection($ref)", count, Entries::Identifiers(entity.set_name()))
    }

    /// Begins a page of changes (OData JSON 4.01, section 15).
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
    /// Reserves room for a page of rows, up to a limit.
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

    /// Writes that a row no longer matches the query or was deleted, on a page of changes.
    pub fn removed(&mut self, id: Uuid, is_deleted: bool) {
        let reason = if is_deleted { DELETED } else { CHANGED };
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
            json.quoted(reason);
        } else {
            json.key("@removed");
            json.open_value(b'{');
            json.key("reason");
            json.quoted(reason);
            json.close(b'}');
            json.key(names.id);
            json.quoted(id);
        }
        json.close(b'}');
    }

    /// Returns the bytes written since the last call; more follow.
    pub fn take(&mut self) -> Vec<u8> {
        self.json.take()
    }

    /// Writes the end of the page and returns the bytes written since the last call.
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

/// The reason why a row left the result: rows are never deleted.
const CHANGED: &str = "changed";
const DELETED: &str = "deleted";
