//! Reading: from the request's words to the bytes of the answer.

use std::sync::Arc;

use authority::registry::query;
use authority::{Caller, Ctx};
use axum::http::HeaderMap;
use axum::response::Response;
use model::query::{BoundQuery, Object, Query};
use model::{Attribute, Collection, Entity, Method, Property, Value};
use odata::ast::Key;
use odata::negotiate::{Form, JsonForm, Offer, Version, negotiate};
use odata::payload::{Style, etag, raw_value, select_list};
use odata::{Part, QueryOptions, Resource, RowKey, bind, check_arguments, metadata};
use web::rate_limit::Meter;

use super::answer::Refusal;
use super::conditional::{Verdict, document_etag, judge, not_modified, with_etag};
use super::headers::accept;
use super::prefer::Preferences;
use super::respond;
use super::transactions::Open;

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
    /// Counts what the request costs.
    pub(super) meter: &'a Meter,
    /// The object transaction of the request.
    pub(super) transaction: Option<&'a Arc<Open>>,
}

impl Reading<'_> {
    pub(super) fn metadata(&self) -> Result<Response, Refusal> {
        let options = self.options()?;
        options.refuse_query()?;
        let form = self.form(Offer::Metadata, &options)?;
        let body = match form {
            Form::Csdl => metadata::metadata_json(self.version),
            _ => metadata::metadata_xml(self.version).into_bytes(),
        };
        let etag = document_etag(&body);
        match judge(self.headers, &etag) {
            Verdict::Failed => Err(Refusal::Changed),
            Verdict::NotModified => Ok(not_modified(with_etag(self.found(form, body), &etag))),
            Verdict::Answer => Ok(with_etag(self.found(form, body), &etag)),
        }
    }

    pub(super) fn service_document(&self) -> Result<Response, Refusal> {
        let options = self.options()?;
        options.refuse_query()?;
        let form = self.form(Offer::Data, &options)?;
        Ok(self.found(form, metadata::service_document(&self.root, self.version, json_form(form).level)))
    }

    pub(super) async fn resource(&self, caller: &Caller, resource: Resource) -> Result<Response, Refusal> {
        match resource {
            Resource::Set(entity, part) => self.part(caller, entity, None, part).await,
            Resource::Identified(cast) => self.identified(caller, cast).await,
            Resource::Row(row) => self.row(caller, row, self.options()?).await,
            Resource::RowReference(row) => self.identifier(caller, row).await,
            Resource::Attribute { row, attribute, raw } => self.attribute(caller, row, attribute, raw).await,
            Resource::Reference { row, reference, only_id } => {
                self.reference(caller, row, reference, only_id).await
            }
            Resource::Collection { row, collection, part } => {
                let owner = self.owner(caller, row, collection).await?;
                self.part(caller, collection.target(), owner, part).await
            }
            Resource::Action { .. } => Err(Refusal::Method("POST".to_owned())),
            Resource::Function { row, method, arguments } => {
                self.function(caller, row, method, &arguments).await
            }
            Resource::Through { row, reference, then } => {
                let row = self.referenced(caller, row, reference).await?.ok_or_else(no_row)?;
                Box::pin(self.resource(caller, then.of(row))).await
            }
            Resource::Metadata => self.metadata(),
            Resource::ServiceDocument => self.service_document(),
        }
    }

    /// The options of what is neither a page of rows nor named by `$id`.
    pub(super) fn options(&self) -> Result<QueryOptions, Refusal> {
        let options = self.all_options()?;
        options.refuse_id()?;
        options.refuse_delta_token()?;
        options.refuse_expand_group()?;
        Ok(options)
    }

    pub(super) fn all_options(&self) -> Result<QueryOptions, Refusal> {
        Ok(QueryOptions::parse(self.raw_query)?)
    }

    pub(super) fn form(&self, offer: Offer, options: &QueryOptions) -> Result<Form, Refusal> {
        Ok(negotiate(offer, options.format.as_deref(), accept(self.headers))?)
    }

    pub(super) fn style(&self, form: Form, options: &QueryOptions) -> Style<'_> {
        let skip_nulls = options.skip_nulls || self.preferences().omit_nulls;
        Style { root: &self.root, version: self.version, form: json_form(form), skip_nulls }
    }

    pub(super) fn preferences(&self) -> Preferences {
        Preferences::read(self.headers)
    }

    pub(super) fn found(&self, form: Form, body: impl Into<axum::body::Body>) -> Response {
        respond::found(self.version, form, body)
    }

    pub(super) fn nothing(&self) -> Response {
        respond::nothing(self.version)
    }

    async fn part(
        &self,
        caller: &Caller,
        entity: &'static Entity,
        owner: Owner,
        part: Part,
    ) -> Result<Response, Refusal> {
        match part {
            Part::Count => self.count(caller, entity, owner).await,
            Part::Rows | Part::References => self.page(caller, entity, owner, part).await,
        }
    }

    async fn count(
        &self,
        caller: &Caller,
        entity: &'static Entity,
        owner: Owner,
    ) -> Result<Response, Refusal> {
        let mut options = self.options()?;
        let form = self.form(Offer::Raw, &options)?;
        self.look_up_roots(caller, &mut options).await?;
        let asked = bind(entity, &options.query, self.ctx.now)?;
        let bound = owned_by(query::bind(self.ctx, caller, entity, &asked)?, owner);
        Ok(self.found(form, query::count(self.ctx, &bound).await?.to_string()))
    }

    /// The row whose identifier the option `$id` has (OData 4.01 part 1, section 11.2.1).
    async fn identified(&self, caller: &Caller, cast: Option<&'static Entity>) -> Result<Response, Refusal> {
        let mut options = self.all_options()?;
        options.refuse_delta_token()?;
        let id = options.take_id()?;
        let row = Resource::identified(&id, &self.root)?;
        if cast.is_some_and(|cast| !std::ptr::eq(cast, row.entity)) {
            return Err(no_row());
        }
        self.row(caller, row, options).await
    }

    /// What a function says of a row that the caller may see.
    async fn function(
        &self,
        caller: &Caller,
        row: RowKey,
        method: &'static Method,
        arguments: &[(String, Key)],
    ) -> Result<Response, Refusal> {
        let options = self.options()?;
        let form = self.form(Offer::Data, &options)?;
        check_arguments(method, arguments, &options)?;
        self.with_property(caller, row, row.entity.id().name).await?;
        // The one function of every row tells the values that a custom property may have, and the model has no
        // custom property: no code names one, and so there are no values.
        Ok(self.found(form, self.style(form, &options).empty_collection(method)))
    }

    pub(super) async fn row(
        &self,
        caller: &Caller,
        row: RowKey,
        mut options: QueryOptions,
    ) -> Result<Response, Refusal> {
        let form = self.form(Offer::Data, &options)?;
        self.look_up_roots(caller, &mut options).await?;
        let asked = bind(row.entity, &options.query, self.ctx.now)?;
        let bound = query::bind_row(self.ctx, caller, row.entity, row.id, &asked)?;
        query::disclose(self.ctx, caller, &bound).await?;
        let object = query::fetch(self.ctx, &bound).await?.objects.pop().ok_or_else(no_row)?;
        let etag = etag(object.version);
        let verdict = judge(self.headers, &etag);
        if verdict == Verdict::Failed {
            return Err(Refusal::Changed);
        }
        let select = select_list(row.entity, &options.query);
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

    /// One row with one of its properties.
    pub(super) async fn with_property(
        &self,
        caller: &Caller,
        row: RowKey,
        name: &str,
    ) -> Result<Object, Refusal> {
        self.find_with(caller, row, name).await?.ok_or_else(no_row)
    }

    /// One row with one of its properties, if the caller may see it.
    pub(super) async fn find_with(
        &self,
        caller: &Caller,
        row: RowKey,
        name: &str,
    ) -> Result<Option<Object>, Refusal> {
        let select = Query { select: vec![name.to_owned()], ..Query::default() };
        Ok(query::find(self.ctx, caller, row.entity, row.id, &select).await?)
    }

    /// What the children of a row have in common, if the caller may see the row.
    async fn owner(
        &self,
        caller: &Caller,
        row: RowKey,
        collection: &'static Collection,
    ) -> Result<Owner, Refusal> {
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

/// What the children of a row have in common, where children are asked for.
pub(super) type Owner = Option<(Property, Value)>;

pub(super) fn owned_by(bound: BoundQuery, owner: Owner) -> BoundQuery {
    match owner {
        Some((via, id)) => bound.limited_to(via, vec![id]),
        None => bound,
    }
}

fn no_row() -> Refusal {
    Refusal::not_found("there is no such row, or none that you may see")
}
