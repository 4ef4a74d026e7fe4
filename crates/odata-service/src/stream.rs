//! Answers that are read and written in batches: the first before the status is said, the others while the client
//! takes them. Where the client leaves, the reading ends with the body.

use authority::registry::{changes, query};
use authority::{Ctx, Fault};
use axum::body::Body;
use futures_util::stream::{self, StreamExt as _};
use model::query::{BoundQuery, DeltaState};
use model::{Timestamp, Uuid, Value};
use odata::OdataError;
use odata::payload::{Links, PageWriter};
use odata::skiptoken::{Mac, Position, delta_link, encode_mark, next_link};
use web::rate_limit::Meter;

/// How many rows are read at once.
const BATCH: u64 = 100;

/// What is asked of the registry.
pub(super) enum Source {
    /// Rows.
    Rows(BoundQuery),
    /// What became of rows: those that changed, and those of them that are asked for.
    Changes {
        asked: Box<BoundQuery>,
        changed: BoundQuery,
        /// What the client has already.
        known: Vec<(Uuid, i64)>,
        /// What was deleted, if this is the first page.
        deleted: Vec<Uuid>,
    },
}

impl Source {
    pub(super) const fn is_of_changes(&self) -> bool {
        matches!(self, Self::Changes { .. })
    }
}

/// What tokens belong to, and how they are made.
pub(super) struct Question {
    pub(super) ctx: Ctx,
    /// Counts the rows.
    pub(super) meter: Meter,
    pub(super) root: String,
    pub(super) path: String,
    pub(super) query: String,
    /// The rows in their order: what a page token belongs to.
    pub(super) scope: String,
    /// The rows and who sees them: what a token of changes belongs to.
    pub(super) followed: String,
}

impl Question {
    /// The position in a page token.
    pub(super) fn position(&self, token: &str) -> Result<Position, OdataError> {
        self.with_mac(|mac| Position::decode(token, &self.scope, mac))
    }

    pub(super) fn with_mac<T>(&self, work: impl FnOnce(Mac<'_>) -> T) -> T {
        work(&|data: &[u8]| self.ctx.authenticate("odata page token", data))
    }

    /// The links of a page behind which there is more, or behind which there is nothing.
    pub(super) fn links(&self, after: Option<Vec<Value>>, End { asked, left, mark }: End) -> Links {
        let Some(after) = after.filter(|_| left != Some(0)) else {
            let token = mark.map(|mark| self.with_mac(|mac| encode_mark(&mark, &self.followed, mac)));
            let delta = token.map(|token| delta_link(&self.root, &self.path, &self.query, &token));
            return Links { next: None, delta };
        };
        let token = self.with_mac(|mac| Position { asked, after, left, mark }.encode(&self.scope, mac));
        Links { next: Some(next_link(&self.root, &self.path, &self.query, &token)), delta: None }
    }
}

/// What the links at the end of a page carry on.
#[derive(Clone)]
pub(super) struct End {
    /// When the first page was asked for.
    pub(super) asked: Timestamp,
    /// How many rows may follow; none where there is no limit.
    pub(super) left: Option<u64>,
    /// What a client that follows changes has in the end.
    pub(super) mark: Option<DeltaState>,
}

/// A page that is being read and written.
pub(super) struct Stream {
    source: Source,
    writer: PageWriter,
    /// How many rows the page may still have.
    left: u64,
    question: Question,
    end: End,
    /// Behind which row the next batch begins.
    after: Option<Vec<Value>>,
    done: bool,
}

impl Stream {
    pub(super) fn new(source: Source, writer: PageWriter, size: u64, question: Question, end: End) -> Self {
        Self { source, writer, left: size, question, end, after: None, done: false }
    }

    /// The body of the answer. Its beginning is there already; where its end cannot be had, the connection ends
    /// before it.
    pub(super) async fn body(mut self) -> Result<Body, Fault> {
        let beginning = self.piece().await?;
        if self.done {
            return Ok(Body::from(beginning));
        }
        let rest = stream::unfold(self, |mut stream| async {
            if stream.done {
                return None;
            }
            let piece = stream.piece().await;
            if let Err(fault) = &piece {
                stream.done = true;
                tracing::error!(?fault, "an OData answer ends before its end");
            }
            Some((piece.map_err(|_| std::io::Error::other("the answer cannot be finished")), stream))
        });
        // Compression asks once more behind the end.
        Ok(Body::from_stream(stream::once(async { Ok(beginning) }).chain(rest).fuse()))
    }

    /// Reads the next batch and writes it, and the end of the page behind the last one.
    async fn piece(&mut self) -> Result<Vec<u8>, Fault> {
        let wanted = self.left.min(BATCH);
        self.left -= wanted;
        match self.batch(wanted).await {
            Ok(after) => {
                self.after = after;
                self.end.left = self.end.left.map(|left| left.saturating_sub(wanted));
            }
            // What is too much for this page is refused on the next, where there still is a status to say it.
            Err(Fault::Query(_)) if self.after.is_some() => self.left = 0,
            Err(fault) => return Err(fault),
        }
        if self.after.is_some() && self.left > 0 {
            return Ok(self.writer.take());
        }
        self.done = true;
        let links = self.question.links(self.after.take(), self.end.clone());
        Ok(self.writer.finish(&links))
    }

    /// Writes a batch; gives the position behind it, if there is more.
    async fn batch(&mut self, wanted: u64) -> Result<Option<Vec<Value>>, Fault> {
        let (Source::Rows(question) | Source::Changes { changed: question, .. }) = &mut self.source;
        if let Some(after) = &self.after {
            *question = question.clone().continued(after.clone());
        }
        question.top = Some(wanted);
        match &mut self.source {
            Source::Rows(asked) => {
                let page = query::fetch(&self.question.ctx, asked).await?;
                self.question.meter.add(page.objects.len() as u64, clock::now());
                page.objects.iter().for_each(|object| self.writer.row(object));
                Ok(page.next)
            }
            Source::Changes { asked, changed, known, deleted } => {
                for id in std::mem::take(deleted) {
                    self.writer.removed(id, true);
                }
                let page = changes::fetch(&self.question.ctx, asked, changed, known).await?;
                self.question.meter.add(page.entries.len() as u64, clock::now());
                for entry in &page.entries {
                    match entry {
                        changes::Change::Present(object) => self.writer.row(object),
                        changes::Change::Absent(id) => self.writer.removed(*id, false),
                    }
                }
                Ok(page.next)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use authority::{Authority, AuthorityOptions, Settings};
    use model::query::{Actor, Query};
    use odata::negotiate::{JsonForm, Version};
    use odata::payload::Style;

    use super::*;
    use web::rate_limit::RateLimits;

    /// A registry with some grants, in a folder that goes away.
    async fn registry(folder: &std::path::Path) -> Arc<Authority> {
        let random = Arc::new(token::SystemRandom);
        let opening = AuthorityOptions {
            location: store::Location::Sqlite(folder.join("grantor.db")),
            keyring: token::seal::Keyring::generate(random.as_ref()).unwrap(),
            prefix: token::Prefix::parse("grt").unwrap(),
            random,
            clock: clock::now,
            settings: Settings {
                password_params: token::password::PasswordParams::CHEAP,
                ..Settings::new("http://127.0.0.1:8080")
            },
            breach_list: None,
            earlier_keys: None,
            client_authorities: None,
        };
        let now = Timestamp::parse("2026-08-01T00:00:00Z").unwrap();
        let authority = Authority::open(opening, now).await.unwrap();
        let ctx = authority.own_ctx(now);
        authority::users::set_up::register_command_line(&ctx).await.unwrap();
        demo_world::make_world(&ctx).await.unwrap().unwrap();
        authority
    }

    /// The pieces of an answer, and whether it ends as it should, where the registry goes after the first.
    async fn pieces(goes: bool) -> (Vec<u8>, bool) {
        let folder = std::env::temp_dir().join(format!("grantor-stream-{}-{goes}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let authority = registry(&folder).await;
        let ctx = authority.own_ctx(Timestamp::parse("2026-08-01T00:00:00Z").unwrap());
        let entity = model::find_entity("Systems_Security_AccessTokens").unwrap();
        let bound = Query::default().bind(entity, Actor::SYSTEM).unwrap();
        let (root, form) = ("http://h/", JsonForm::default());
        let style = Style { root, version: Version::V4_0, form, skip_nulls: false };
        let writer = style.rows(&bound, "", None);
        let question = Question {
            root: root.to_owned(),
            path: entity.set_name(),
            query: String::new(),
            scope: String::new(),
            followed: String::new(),
            ctx: ctx.clone(),
            meter: Arc::<RateLimits>::default().meter(&ctx),
        };
        let end = End { asked: ctx.now, left: None, mark: None };
        let stream = Stream::new(Source::Rows(bound), writer, 300, question, end);
        let mut body = stream.body().await.unwrap().into_data_stream();
        let mut bytes = Vec::new();
        let mut whole = true;
        while let Some(piece) = body.next().await {
            whole &= piece.is_ok();
            bytes.extend(piece.unwrap_or_default());
            if goes {
                authority.close().await;
            }
        }
        // A page after the end is empty.
        assert!(body.next().await.is_none());
        std::fs::remove_dir_all(&folder).unwrap();
        (bytes, whole)
    }

    #[tokio::test]
    async fn an_answer_that_cannot_go_on_has_no_end() {
        let (bytes, whole) = pieces(false).await;
        assert!(whole && bytes.ends_with(b"\"}"), "it leads to the next page");
        let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(json["value"].as_array().unwrap().len(), 300);
        let (bytes, whole) = pieces(true).await;
        assert!(!whole && bytes.len() > 10_000);
        assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_err());
    }
}
