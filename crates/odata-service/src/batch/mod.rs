//! Batches: several requests in one (OData 4.01 part 1, section 11.7). Entries are processed in their order; the requests
//! of a change set are one unit of work.

mod answers;
mod inner;

use std::collections::HashSet;

use authority::{Caller, Fault};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use odata::batch::{
    Answer, BatchRequest, BatchResponse, Entry, read_json, read_multipart, write_json, write_multipart,
};
use odata::negotiate::{Form, JsonForm, check_isolation};
use odata::{Resource, RowKey};
use web::http::negotiation::{ContentType, JSON};
use web::http::token_caller;
use writing::Rejected;

use super::answer::Refusal;
use super::headers::header_text;
use super::read::Reading;
use super::respond;
use super::write::{Planned, object, other_type, raw};
use answers::{captured, failed_dependency, failed_set};
use inner::Inner;

/// The path of batches below the service root.
pub(super) const BATCH: &str = "$batch";

/// How the responses are written.
enum Notation {
    Json,
    Multipart,
}

/// What later requests of a batch refer to.
#[derive(Default)]
struct Progress {
    /// The rows that requests created.
    named: Vec<(String, RowKey)>,
    /// The requests and change sets that succeeded.
    succeeded: HashSet<String>,
    /// The entity tags in the responses.
    tags: Vec<(String, String)>,
}

impl Progress {
    /// Records the entity tag of a response.
    fn note_tag(&mut self, response: &BatchResponse) {
        let tag = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("etag"));
        self.tags.extend(response.id.clone().zip(tag.map(|(_, tag)| tag.clone())));
    }

    /// Replaces `$<id>` in conditions by the entity tag of the response with the identifier (OData 4.01 part 1, section
    /// 11.7.3.3). An unknown identifier is left: no row has such a tag.
    fn resolve_tags(&self, request: &mut BatchRequest) {
        let is_condition =
            |name: &str| ["if-match", "if-none-match"].iter().any(|own| name.eq_ignore_ascii_case(own));
        for (_, value) in request.headers.iter_mut().filter(|(name, _)| is_condition(name)) {
            let Some(wanted) = value.trim().strip_prefix('$') else { continue };
            if let Some((_, tag)) = self.tags.iter().find(|(id, _)| id == wanted) {
                *value = tag.clone();
            }
        }
    }
}

impl Reading<'_> {
    /// Answers a batch.
    pub(super) async fn batch(&self, sent: Request) -> Result<Response, Refusal> {
        check_isolation(header_text(self.headers, "isolation"))?;
        let caller = token_caller(self.ctx, self.headers).await?;
        self.enter(&caller)?;
        self.meter.charge(&caller, 1, self.ctx.now)?;
        let body = raw(sent).await?;
        let (entries, notation) = self.entries(&body)?;
        let goes_on = self.preferences().continue_on_error == Some(true);
        let (mut answers, mut progress) = (Vec::with_capacity(entries.len()), Progress::default());
        for entry in entries {
            let (answer, is_success) = self.entry(&caller, entry, &mut progress, &notation).await;
            answers.extend(answer);
            if !is_success && !goes_on {
                break;
            }
        }
        self.respond(&answers, &notation)
    }

    fn entries(&self, body: &[u8]) -> Result<(Vec<Entry>, Notation), Refusal> {
        let bad = |error: odata::batch::BatchError| Fault::InvalidRequest(error.to_string());
        let other = || other_type("a batch is application/json, or multipart/mixed with a boundary");
        let media = ContentType::from_headers(self.headers).ok_or_else(other)?;
        if media.essence() == JSON {
            return Ok((read_json(&object(body)?).map_err(bad)?, Notation::Json));
        }
        let is_multipart = media.essence() == "multipart/mixed";
        let boundary = media.parameter("boundary").filter(|_| is_multipart).ok_or_else(other)?;
        Ok((read_multipart(boundary, body).map_err(bad)?, Notation::Multipart))
    }

    fn respond(&self, answers: &[Answer], notation: &Notation) -> Result<Response, Refusal> {
        let json = Form::Json(JsonForm::default());
        match notation {
            Notation::Json => Ok(respond::found(self.version, json, write_json(answers))),
            Notation::Multipart => {
                let boundary = format!("batch_{}", self.ctx.new_id()?.simple());
                let mut response = respond::found(self.version, json, write_multipart(&boundary, answers));
                let content_type = HeaderValue::from_str(&format!("multipart/mixed; boundary={boundary}"));
                if let Ok(content_type) = content_type {
                    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
                }
                Ok(response)
            }
        }
    }

    /// Processes an entry. Returns its responses, and whether all of it succeeded.
    async fn entry(
        &self,
        caller: &Caller,
        entry: Entry,
        progress: &mut Progress,
        notation: &Notation,
    ) -> (Vec<Answer>, bool) {
        let depends_on = entry.requests().iter().flat_map(|request| &request.depends_on);
        let own = |name: &String| entry.requests().iter().any(|request| request.id.as_ref() == Some(name));
        let is_missing = depends_on.into_iter().any(|name| !progress.succeeded.contains(name) && !own(name));
        if is_missing {
            let failed = entry.requests().iter().map(|request| failed_dependency(request.id.clone()));
            return (failed.map(Answer::Single).collect(), false);
        }
        match entry {
            Entry::Single(mut request) => {
                progress.resolve_tags(&mut request);
                let id = request.id.clone();
                let (response, row) = self.single(caller, request, progress).await;
                let is_success = response.status < 400;
                progress.note_tag(&response);
                if let Some(id) = id.filter(|_| is_success) {
                    progress.named.extend(row.map(|row| (id.clone(), row)));
                    progress.succeeded.insert(id);
                }
                (vec![Answer::Single(response)], is_success)
            }
            Entry::ChangeSet { name, mut requests } => {
                requests.iter_mut().for_each(|request| progress.resolve_tags(request));
                let ids: Vec<_> = requests.iter().map(|request| request.id.clone()).collect();
                match self.change_set(caller, requests, progress).await {
                    Ok((responses, named)) => {
                        responses.iter().for_each(|response| progress.note_tag(response));
                        progress.named.extend(named);
                        progress.succeeded.extend(ids.into_iter().flatten().chain(name));
                        (vec![Answer::ChangeSet(responses)], true)
                    }
                    Err((at, response)) => (failed_set(ids, at, *response, notation), false),
                }
            }
        }
    }

    /// Answers one request, and returns the row that it created.
    async fn single(
        &self,
        caller: &Caller,
        request: BatchRequest,
        progress: &Progress,
    ) -> (BatchResponse, Option<RowKey>) {
        let id = request.id.clone();
        let inner = match self.inner(request, &progress.named) {
            Ok(inner) => inner,
            Err(refusal) => return (captured(id, respond::refusal(self.version, refusal)).await, None),
        };
        let response = match self.within(&inner) {
            Ok(reading) => {
                let outcome = reading.answered(caller, &inner, progress).await;
                outcome.unwrap_or_else(|refusal| respond::refusal(reading.version, refusal))
            }
            Err(refusal) => respond::refusal(self.version, refusal),
        };
        let created = response.headers().get("odata-entityid").and_then(|value| value.to_str().ok());
        let row = created.and_then(|address| Resource::identified(address, &self.root).ok());
        (captured(id, response).await, row)
    }

    async fn answered(
        &self,
        caller: &Caller,
        inner: &Inner,
        progress: &Progress,
    ) -> Result<Response, Refusal> {
        self.meter.charge(caller, 1, self.ctx.now)?;
        let resource = Resource::parse(self.raw_path)?;
        if matches!(inner.method, Method::GET | Method::HEAD) {
            return self.resource(caller, resource).await;
        }
        self.check_method(&resource, &inner.method)?;
        self.write_as(caller, &resource, &inner.method, &inner.body, &progress.named).await
    }

    /// Applies the requests of a change set in one transaction. If one fails, none has an effect; returns its place and its
    /// response.
    async fn change_set(
        &self,
        caller: &Caller,
        requests: Vec<BatchRequest>,
        progress: &Progress,
    ) -> Result<(Vec<BatchResponse>, Vec<(String, RowKey)>), (usize, Box<BatchResponse>)> {
        let mut named = progress.named.clone();
        let known = named.len();
        let mut all: Vec<(Inner, Planned)> = Vec::with_capacity(requests.len());
        for (at, request) in requests.into_iter().enumerate() {
            let id = request.id.clone();
            match self.planned(caller, request, &named) {
                Ok((inner, planned)) => {
                    if let Some(id) = id.filter(|_| planned.creates()) {
                        named.push((id, planned.row));
                    }
                    all.push((inner, planned));
                }
                Err(refusal) => return Err((at, Box::new(self.refused(id, refusal).await))),
            }
        }
        let operations = all.iter().map(|(_, planned)| planned.operation()).collect();
        let outcomes = match self.apply(caller, operations).await {
            Ok(outcomes) => outcomes,
            Err(Rejected { at, fault }) => {
                let id = all.get(at).and_then(|(inner, _)| inner.id.clone());
                return Err((at, Box::new(self.refused(id, fault.into()).await)));
            }
        };
        let mut responses = Vec::with_capacity(all.len());
        for ((inner, planned), outcome) in all.into_iter().zip(outcomes) {
            // The request was planned within the same reading.
            let response = match self.within(&inner) {
                Ok(reading) => match reading.write_options() {
                    Ok(options) => reading.answer(caller, planned, outcome, &options).await,
                    Err(refusal) => Err(refusal),
                },
                Err(refusal) => Err(refusal),
            };
            let response = response.unwrap_or_else(|refusal| respond::refusal(self.version, refusal));
            responses.push(captured(inner.id, response).await);
        }
        named.drain(..known);
        Ok((responses, named))
    }

    fn planned(
        &self,
        caller: &Caller,
        request: BatchRequest,
        named: &[(String, RowKey)],
    ) -> Result<(Inner, Planned), Refusal> {
        let inner = self.inner(request, named)?;
        let planned = {
            let reading = self.within(&inner)?;
            reading.meter.charge(caller, 1, reading.ctx.now)?;
            let resource = Resource::parse(reading.raw_path)?;
            if matches!(inner.method, Method::GET | Method::HEAD) {
                let message = "a change set has only requests that write".to_owned();
                return Err(Fault::InvalidRequest(message).into());
            }
            reading.check_method(&resource, &inner.method)?;
            let options = reading.write_options()?;
            let planned = reading.plan(&resource, &inner.method, &inner.body, named)?;
            reading.check_answer(caller, &planned, &options)?;
            planned
        };
        Ok((inner, planned))
    }

    async fn refused(&self, id: Option<String>, refusal: Refusal) -> BatchResponse {
        captured(id, respond::refusal(self.version, refusal)).await
    }
}
