//! Answers that are read and written in batches: the first before the status is said, the others while the client
//! takes them. Where the client leaves, the reading ends with the body.

use authority::actions::{changes, query};
use authority::{Ctx, Fault};
use axum::body::Body;
use futures_util::stream::{self, StreamExt as _};
use model::query::{BoundQuery, Mark};
use model::{Uuid, Value};
use odata::OdataError;
use odata::payload::{Links, PageWriter};
use odata::skiptoken::{Mac, Position, delta_link, encode_mark, next_link};

/// How many rows are read at once.
const BATCH: u64 = 100;

/// What is asked of the registry.
pub(super) enum Source {
    /// Rows.
    Rows(BoundQuery),
    /// What became of rows: those that changed, and those of them that are asked for.
    Changes {
        asked: BoundQuery,
        changed: BoundQuery,
        /// What the client has already.
        known: Vec<(Uuid, i64)>,
    },
}

/// What tokens belong to, and how they are made.
pub(super) struct Question {
    pub(super) ctx: Ctx,
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
    fn links(&self, after: Option<Vec<Value>>, mark: Option<Mark>) -> Links {
        let Some(after) = after else {
            let token = mark.map(|mark| self.with_mac(|mac| encode_mark(&mark, &self.followed, mac)));
            let delta = token.map(|token| delta_link(&self.root, &self.path, &self.query, &token));
            return Links { next: None, delta };
        };
        let token = self.with_mac(|mac| Position { after, mark }.encode(&self.scope, mac));
        Links { next: Some(next_link(&self.root, &self.path, &self.query, &token)), delta: None }
    }
}

/// A page that is being read and written.
pub(super) struct Stream {
    ctx: Ctx,
    source: Source,
    writer: PageWriter,
    /// How many rows the page may still have.
    left: u64,
    question: Question,
    /// What a client that follows changes has in the end.
    mark: Option<Mark>,
    /// Behind which row the next batch begins.
    after: Option<Vec<Value>>,
    done: bool,
}

impl Stream {
    pub(super) fn new(
        ctx: Ctx,
        source: Source,
        writer: PageWriter,
        size: u64,
        question: Question,
        mark: Option<Mark>,
    ) -> Self {
        Self { ctx, source, writer, left: size, question, mark, after: None, done: false }
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
            Ok(after) => self.after = after,
            // What is too much for this page is refused on the next, where there still is a status to say it.
            Err(Fault::Query(_)) if self.after.is_some() => self.left = 0,
            Err(fault) => return Err(fault),
        }
        if self.after.is_some() && self.left > 0 {
            return Ok(self.writer.take());
        }
        self.done = true;
        let links = self.question.links(self.after.take(), self.mark.take());
        Ok(self.writer.end(&links))
    }

    /// Writes a batch; gives the position behind it, if there is more.
    async fn batch(&mut self, wanted: u64) -> Result<Option<Vec<Value>>, Fault> {
        let (Source::Rows(question) | Source::Changes { changed: question, .. }) = &mut self.source;
        if let Some(after) = &self.after {
            *question = question.clone().continued(after.clone());
        }
        question.top = Some(wanted);
        match &self.source {
            Source::Rows(asked) => {
                let page = query::fetch(&self.ctx, asked).await?;
                page.objects.iter().for_each(|object| self.writer.row(object));
                Ok(page.next)
            }
            Source::Changes { asked, changed, known } => {
                let page = changes::fetch(&self.ctx, asked, changed, known).await?;
                for entry in &page.entries {
                    match entry {
                        changes::Change::Present(object) => self.writer.row(object),
                        changes::Change::Absent(id) => self.writer.removed(*id),
                    }
                }
                Ok(page.next)
            }
        }
    }
}
