//! Reading the registry through its OData service.

use std::collections::BTreeSet;

use model::Entity;
use reqwest::Url;

use super::encode;
use super::http::Failure;
use super::json::Json;
use super::problem::Problem;
use super::server::Server;

/// The path of the service root on a server.
const SERVICE_ROOT: &str = "/api/domain/odata/";

/// The scope that reading needs.
const NEEDS: &[&str] = &["read"];

impl Server {
    /// Returns the address of a path and query below the service root.
    pub(crate) fn address(&self, typed: &str) -> Result<Url, Problem> {
        let root = self.service_root();
        let typed = typed.trim();
        let below = typed.strip_prefix(&root).or_else(|| typed.strip_prefix(SERVICE_ROOT)).unwrap_or(typed);
        if below.starts_with("http://") || below.starts_with("https://") {
            return Err(elsewhere(below, &root));
        }
        let target = encode::target(below.trim_start_matches('/'));
        self.below_root(Url::parse(&format!("{root}{target}")).ok(), typed)
    }

    /// Returns the address of the next page. The token is not sent to another server.
    fn next_page(&self, page: &Url, link: &str) -> Result<Url, Problem> {
        self.below_root(page.join(link).ok(), link)
    }

    fn below_root(&self, url: Option<Url>, named: &str) -> Result<Url, Problem> {
        let root = self.service_root();
        url.filter(|url| url.as_str().starts_with(&root)).ok_or_else(|| elsewhere(named, &root))
    }

    fn service_root(&self) -> String {
        self.url().at(SERVICE_ROOT)
    }

    /// Reads the body at an address, as the server sent it.
    pub(crate) fn read(&self, address: &Url) -> Result<Vec<u8>, Problem> {
        self.http().get(address.as_str()).map_err(|failure| self.explain(failure, NEEDS))
    }

    /// Reads the JSON at an address.
    pub(crate) fn read_json(&self, address: &Url) -> Result<Json, Problem> {
        Ok(self.http().parse(&self.read(address)?)?)
    }

    /// Adds the rows of all following pages to a page.
    pub(crate) fn follow(&self, first: &Url, page: Json) -> Result<Json, Problem> {
        let Json::Object(mut members) = page else { return Ok(page) };
        let mut seen = BTreeSet::from([first.clone()]);
        let mut at = first.clone();
        while let Some(link) = take_next_link(&mut members) {
            at = self.next_page(&at, &link)?;
            if !seen.insert(at.clone()) {
                return Err(self.http().foreign("a next page is one that was already read").into());
            }
            let Json::Object(mut next) = self.read_json(&at)? else { break };
            let rows = take(&mut next, "value");
            if let (Some(Json::Array(all)), Some(Json::Array(rows))) = (member(&mut members, "value"), rows) {
                all.extend(rows);
            }
            members.extend(next.into_iter().filter(|(name, _)| name == NEXT_LINK));
        }
        Ok(Json::Object(members))
    }

    /// Reads the pages of rows from an address on.
    pub(crate) fn pages(&self, first: Url) -> Pages<'_> {
        Pages { server: self, seen: BTreeSet::new(), next: Some(first) }
    }

    /// Finds the row with an id that the caller can see, with the related rows of `expand`.
    pub(crate) fn find(
        &self,
        entity: &Entity,
        id: uuid::Uuid,
        expand: &str,
    ) -> Result<Option<Json>, Problem> {
        let address = format!("{}({id})?{}", entity.set_name(), shown(entity, expand));
        let address = self.address(&address)?;
        match self.http().get_json(address.as_str()) {
            Ok(row) => Ok(Some(row)),
            Err(Failure::Api(api_error)) if api_error.is_not_found() => Ok(None),
            Err(failure) => Err(self.explain(failure, NEEDS)),
        }
    }
}

/// Pages of rows, read one after the other.
pub(crate) struct Pages<'a> {
    server: &'a Server,
    seen: BTreeSet<Url>,
    next: Option<Url>,
}

impl Pages<'_> {
    /// Reads the next page; `None` after the last one.
    ///
    /// # Errors
    /// If the page cannot be read, or is one that was read before.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<Json>>, Problem> {
        let Some(at) = self.next.take() else { return Ok(None) };
        if !self.seen.insert(at.clone()) {
            return Err(self.server.http().foreign("a next page is one that was already read").into());
        }
        let Json::Object(mut members) = self.server.read_json(&at)? else { return Ok(None) };
        let rows = match take(&mut members, "value") {
            Some(Json::Array(rows)) => rows,
            _ => Vec::new(),
        };
        self.next = take_next_link(&mut members).map(|link| self.server.next_page(&at, &link)).transpose()?;
        Ok(Some(rows))
    }

    /// Returns whether there is a further page.
    pub(crate) const fn has_next(&self) -> bool {
        self.next.is_some()
    }
}

fn elsewhere(named: &str, root: &str) -> Problem {
    Problem::new(format!("`{named}` is not below {root}"))
}

/// Returns the options that select all properties and the related rows of `expand`.
pub(crate) fn shown(entity: &Entity, expand: &str) -> String {
    let select = format!("$select={}", all_properties(entity));
    if expand.is_empty() { select } else { format!("{select}&$expand={expand}") }
}

/// Returns the rows of a page.
pub(crate) fn rows(page: &Json) -> &[Json] {
    match page.get("value") {
        Some(Json::Array(rows)) => rows,
        _ => &[],
    }
}

/// Returns whether there are further pages.
pub(crate) fn has_more(page: &Json) -> bool {
    page.get(NEXT_LINK).is_some()
}

/// Returns all properties of an entity, the id first.
pub(crate) fn all_properties(entity: &Entity) -> String {
    let shown = entity.default_properties().filter(|property| match property {
        model::Property::Attribute(attribute) => !attribute.sealed,
        model::Property::Reference(_) => true,
    });
    let derived = entity.attributes().filter(|attribute| attribute.derived).map(|attribute| attribute.name);
    shown.map(model::Property::name).chain(derived).collect::<Vec<_>>().join(",")
}

const NEXT_LINK: &str = "@odata.nextLink";

fn take_next_link(members: &mut Vec<(String, Json)>) -> Option<String> {
    match take(members, NEXT_LINK)? {
        Json::Text(link) => Some(link),
        _ => None,
    }
}

fn take(members: &mut Vec<(String, Json)>, name: &str) -> Option<Json> {
    let index = members.iter().position(|(member, _)| member == name)?;
    Some(members.remove(index).1)
}

fn member<'a>(members: &'a mut [(String, Json)], name: &str) -> Option<&'a mut Json> {
    members.iter_mut().find(|(member, _)| member == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests;
