//! Reading: from the request's words to the bytes of the answer.

use authority::actions::query;
use authority::{Caller, Ctx};
use axum::http::HeaderMap;
use axum::response::Response;
use model::query::{BoundQuery, Object, Query};
use model::{Attribute, Collection, Entity, Property, Reference, Value};
use odata::negotiate::{Form, JsonForm, Offer, Version, negotiate};
use odata::payload::{Style, etag, raw_value, select_list};
use odata::skiptoken::{self, Position};
use odata::{QueryOptions, Resource, RowKey, bind, metadata};

use super::answer::Refusal;
use super::conditional::{Verdict, judge, not_modified, with_etag};
use super::prefer::Preferences;
use super::respond;
use super::service::accept;

/// How many rows a page has unless asked otherwise, and at the most.
const PAGE: u64 = 100;
const MAX_PAGE: u64 = 1000;
/// How many rows may be left out before a page begins.
const MAX_SKIP: u64 = 100_000;

/// A request for something to read.
pub(super) struct Reading<'a> {
    /// The absolute address of the service root, with a slash at its end.
    pub(super) root: String,
    /// The path behind the root, as it arrived.
    pub(super) raw_path: &'a str,
    /// The query, as it arrived.
    pub(super) raw_query: &'a str,
    pub(super) headers: &'a HeaderMap,
    /// The version of the answer.
    pub(super) version: Version,
    pub(super) ctx: &'a Ctx,
}

impl Reading<'_> {
    pub(super) fn metadata(&self) -> Result<Response, Refusal> {
        let form = self.form(Offer::Metadata, &self.options()?)?;
        Ok(match form {
            Form::Csdl => self.found(form, metadata::metadata_json(self.version)),
            form => self.found(form, metadata::metadata_xml(self.version)),
        })
    }

    pub(super) fn service_document(&self) -> Result<Response, Refusal> {
        let form = self.form(Offer::Data, &self.options()?)?;
        Ok(self.found(form, metadata::service_document(&self.root, self.version, json_form(form).level)))
    }

    /// `only_ids` asks for no more of rows than their identifiers.
    pub(super) async fn resource(
        &self,
        caller: &Caller,
        resource: Resource,
        only_ids: bool,
    ) -> Result<Response, Refusal> {
        match resource {
            Resource::Set(entity) => self.page(caller, entity, None, only_ids).await,
            Resource::SetCount(entity) => self.count(caller, entity, None).await,
            Resource::Row(row) if only_ids => self.identifier(caller, row).await,
            Resource::Row(row) => self.row(caller, row).await,
            Resource::Attribute { row, attribute, raw } => self.attribute(caller, row, attribute, raw).await,
            Resource::Reference { row, reference, only_id } => {
                self.reference(caller, row, reference, only_id).await
            }
            Resource::Collection { row, collection, count } => {
                let owner = self.owner(caller, row, collection).await?;
                if count {
                    self.count(caller, collection.target(), owner).await
                } else {
                    self.page(caller, collection.target(), owner, only_ids).await
                }
            }
            Resource::Metadata => self.metadata(),
            Resource::ServiceDocument => self.service_document(),
        }
    }

    fn options(&self) -> Result<QueryOptions, Refusal> {
        Ok(QueryOptions::parse(self.raw_query)?)
    }

    pub(super) fn form(&self, offer: Offer, options: &QueryOptions) -> Result<Form, Refusal> {
        Ok(negotiate(offer, options.format.as_deref(), accept(self.headers))?)
    }

    fn style(&self, form: Form, options: &QueryOptions) -> Style<'_> {
        let skip_nulls = options.skip_nulls || self.preferences().omit_nulls;
        Style { root: &self.root, version: self.version, form: json_form(form), skip_nulls }
    }

    fn preferences(&self) -> Preferences {
        Preferences::read(self.headers)
    }

    pub(super) fn found(&self, form: Form, body: impl Into<axum::body::Body>) -> Response {
        respond::found(self.version, form, body)
    }

    fn nothing(&self) -> Response {
        respond::nothing(self.version)
    }

    async fn page(
        &self,
        caller: &Caller,
        entity: &'static Entity,
        owner: Option<(Property, Value)>,
        only_ids: bool,
    ) -> Result<Response, Refusal> {
        let (options, preferences) = (self.options()?, self.preferences());
        if options.query.makes_groups() {
            return self.groups(caller, entity, &options).await;
        }
        let form = self.form(Offer::Data, &options)?;
        let scope = skiptoken::scope(self.raw_path, &options.query);
        let mac = |data: &[u8]| self.ctx.authenticate("odata page token", data);
        let token = options.skip_token.as_deref();
        let position = token.map(|token| skiptoken::decode_token(token, &scope, &mac)).transpose()?;
        // What `now()` is stays the same from page to page.
        let now = position.as_ref().map_or(self.ctx.now, |position| position.asked);
        let mut asked = bind(entity, &options.query, now)?;
        asked.top = Some(preferences.page_size(asked.top, PAGE, MAX_PAGE));
        if only_ids {
            (asked.select, asked.expand) = (vec![entity.id().name.to_owned()], Vec::new());
        }
        if let Some(position) = position {
            asked.after = Some(position.after);
            asked.skip = 0;
        }
        if asked.skip > MAX_SKIP {
            let limit = usize::try_from(MAX_SKIP).unwrap_or(usize::MAX);
            return Err(
                authority::Fault::from(model::query::QueryError::TooMuch { what: "$skip", limit }).into()
            );
        }
        let bound = owned_by(query::bind(self.ctx, caller, entity, &asked)?, owner);
        let page = query::fetch(self.ctx, &bound).await?;
        let next = page.next.clone().map(|after| {
            let token = skiptoken::encode(&Position { asked: now, after }, &scope, &mac);
            skiptoken::next_link(&self.root, self.raw_path, self.raw_query, &token)
        });
        let style = self.style(form, &options);
        let body = if only_ids {
            style.references(&bound, &page, next.as_deref())
        } else {
            let select = select_list(entity, &options.query, self.version);
            style.page(&bound, &select, &page, next.as_deref())
        };
        Ok(preferences.applied_to_page(self.found(form, body)))
    }

    async fn count(
        &self,
        caller: &Caller,
        entity: &'static Entity,
        owner: Option<(Property, Value)>,
    ) -> Result<Response, Refusal> {
        let options = self.options()?;
        let form = self.form(Offer::Raw, &options)?;
        let bound = owned_by(
            query::bind(self.ctx, caller, entity, &bind(entity, &options.query, self.ctx.now)?)?,
            owner,
        );
        Ok(self.found(form, query::count(self.ctx, &bound).await?.to_string()))
    }

    async fn row(&self, caller: &Caller, row: RowKey) -> Result<Response, Refusal> {
        let options = self.options()?;
        let form = self.form(Offer::Data, &options)?;
        let bound =
            query::bind(self.ctx, caller, row.entity, &bind(row.entity, &options.query, self.ctx.now)?)?
                .with_id(row.id);
        let object = query::fetch(self.ctx, &bound).await?.objects.pop().ok_or_else(no_row)?;
        let etag = etag(object.version);
        let verdict = judge(self.headers, &etag);
        if verdict == Verdict::Failed {
            return Err(Refusal::Changed);
        }
        let select = select_list(row.entity, &options.query, self.version);
        let body = self.style(form, &options).object(&bound, &select, &object);
        let response = with_etag(self.preferences().applied(self.found(form, body)), &etag);
        // The tag says nothing of the rows that are included.
        let is_known = verdict == Verdict::NotModified && bound.expand().is_empty();
        Ok(if is_known { not_modified(response) } else { response })
    }

    async fn attribute(
        &self,
        caller: &Caller,
        row: RowKey,
        attribute: &'static Attribute,
        raw: bool,
    ) -> Result<Response, Refusal> {
        let options = self.options()?;
        let form = self.form(if raw { Offer::Raw } else { Offer::Data }, &options)?;
        let object = self.with_property(caller, row, attribute.name).await?;
        Ok(match raw_value(&object, attribute) {
            None => self.nothing(),
            Some(text) if raw => self.found(form, text),
            Some(_) => self.found(form, self.style(form, &options).attribute(&object, attribute)),
        })
    }

    async fn reference(
        &self,
        caller: &Caller,
        row: RowKey,
        reference: &'static Reference,
        only_id: bool,
    ) -> Result<Response, Refusal> {
        let object = self.with_property(caller, row, reference.name).await?;
        let Some(id) = object.guid(reference.name) else { return Ok(self.nothing()) };
        let row = RowKey { entity: reference.target(), id };
        if only_id { self.reference_to(row) } else { self.row(caller, row).await }
    }

    /// The identifier of a row that the caller may see.
    async fn identifier(&self, caller: &Caller, row: RowKey) -> Result<Response, Refusal> {
        self.with_property(caller, row, row.entity.id().name).await?;
        self.reference_to(row)
    }

    fn reference_to(&self, row: RowKey) -> Result<Response, Refusal> {
        let options = self.options()?;
        let form = self.form(Offer::Data, &options)?;
        Ok(self.found(form, self.style(form, &options).reference(row.entity, row.id)))
    }

    /// One row with one of its properties.
    async fn with_property(&self, caller: &Caller, row: RowKey, name: &str) -> Result<Object, Refusal> {
        let select = Query { select: vec![name.to_owned()], ..Query::default() };
        query::find(self.ctx, caller, row.entity, row.id, &select).await?.ok_or_else(no_row)
    }

    /// What the children of a row have in common, if the caller may see the row.
    async fn owner(
        &self,
        caller: &Caller,
        row: RowKey,
        collection: &'static Collection,
    ) -> Result<Option<(Property, Value)>, Refusal> {
        self.with_property(caller, row, row.entity.id().name).await?;
        let via =
            collection.target().reference(collection.via).map(Property::Reference).ok_or_else(no_row)?;
        Ok(Some((via, Value::Guid(row.id))))
    }
}

/// How JSON is written, where the answer is JSON.
pub(super) fn json_form(form: Form) -> JsonForm {
    match form {
        Form::Json(form) => form,
        _ => JsonForm::default(),
    }
}

fn owned_by(bound: BoundQuery, owner: Option<(Property, Value)>) -> BoundQuery {
    match owner {
        Some((via, id)) => bound.limited_to(via, vec![id]),
        None => bound,
    }
}

fn no_row() -> Refusal {
    Refusal::not_found("there is no such row, or none that you may see")
}
