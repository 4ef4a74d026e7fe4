//! Pages of rows and of changes.

use authority::registry::{changes, query};
use authority::{Caller, Fault};
use axum::response::Response;
use model::query::{BoundQuery, DeltaState, Query, QueryError};
use model::{Entity, Value};
use odata::negotiate::{Form, JsonForm, MetadataLevel, Offer};
use odata::payload::select_list;
use odata::skiptoken::{self, Position, decode_mark, without_delta};
use odata::{OdataError, Part, QueryOptions, bind};

use super::answer::Refusal;
use super::extent::{Extent, Sizes};
use super::prefer::Preferences;
use super::read::{Owner, Reading, owned_by};
use super::stream::{End, Question, Source, Stream};

/// How many rows may be left out before a page begins.
const MAX_SKIP: u64 = 100_000;

impl Reading<'_> {
    /// Answers a request for the rows of an entity, their identifiers, or their changes.
    pub(super) async fn page(
        &self,
        caller: &Caller,
        entity: &'static Entity,
        owner: Owner,
        part: Part,
    ) -> Result<Response, Refusal> {
        let (mut options, preferences) = (self.all_options()?, self.preferences());
        options.refuse_id()?;
        options.refuse_expand_group()?;
        self.look_up_roots(caller, &mut options).await?;
        if options.delta_token.is_some() && (part != Part::Rows || !can_be_followed(&options)) {
            return Err(OdataError::BadDeltaToken.into());
        }
        if options.query.makes_groups() {
            let question = self.question(caller, &options);
            return self.groups(caller, entity, &options, &question).await;
        }
        let form = self.form(Offer::Data, &options)?;
        let question = self.question(caller, &options);
        let position = options.skip_token.as_ref().map(|token| question.position(token)).transpose()?;
        let since = self.since(caller, entity, &options, &question).await?;
        // What `now()` is stays the same from page to page.
        let now = position.as_ref().map_or(self.ctx.now, |position| position.asked);
        let mut asked = bind(entity, &options.query, now)?;
        check_skip(&asked)?;
        let extent = self.extent(asked.top, &preferences, position.as_ref());
        let extent = if since.is_some() { extent.unlimited() } else { extent };
        let wants = preferences.track_changes.is_some() && part == Part::Rows && extent.size > 0;
        // The rows beyond a limit would be missing from the changes.
        let is_whole = can_be_followed(&options) && extent.left.is_none();
        // Time alone changes which rows match such a filter.
        let is_timely = asked.filter.as_ref().is_some_and(|filter| filter.depends_on_time(entity));
        let follows = since.is_some() || wants && is_whole && !is_timely && says_more_than_rows(form);
        let mark = match &position {
            Some(position) => position.mark.clone(),
            None if follows => Some(changes::mark(self.ctx, caller, entity, owner.clone()).await?),
            None => None,
        };
        if part == Part::References {
            (asked.select, asked.expand) = (vec![entity.id().name.to_owned()], Vec::new());
        }
        let counts = std::mem::take(&mut asked.count) && since.is_none();
        let bound = owned_by(query::bind(self.ctx, caller, entity, &asked)?, owner.clone());
        query::disclose(self.ctx, caller, &bound).await?;
        let count = if counts { Some(query::count(self.ctx, &bound).await?) } else { None };
        let (style, select) = (self.style(form, &options), select_list(entity, &options.query));
        let writer = match (part, &since) {
            (_, Some(_)) => style.changes(&bound, &select),
            (Part::References, _) => style.references(entity, count),
            _ => style.rows(&bound, &select, count),
        };
        let source =
            self.source(caller, bound, owner, since, position.map(|position| position.after)).await?;
        let tracks = mark.is_some();
        // A page of changes without any would leave them out for good.
        let size = if source.is_of_changes() { extent.size.max(1) } else { extent.size };
        let end = End { asked: now, left: extent.left, mark };
        let stream = Stream::new(source, writer, size, question, end);
        Ok(preferences.applied_to_page(self.found(form, stream.body().await?), tracks))
    }

    /// Returns the extent of a page of rows or groups.
    pub(super) fn extent(
        &self,
        top: Option<u64>,
        preferences: &Preferences,
        position: Option<&Position>,
    ) -> Extent {
        let settings = self.ctx.settings();
        let sizes = Sizes {
            usual: settings.odata.odata_page_size.into(),
            greatest: settings.odata.odata_max_page_size.into(),
        };
        Extent::of_page(top, self.version, preferences, position, sizes)
    }

    /// What is read: the rows that are asked for, or what became of them since a mark; behind a position.
    async fn source(
        &self,
        caller: &Caller,
        mut asked: BoundQuery,
        owner: Owner,
        since: Option<DeltaState>,
        after: Option<Vec<Value>>,
    ) -> Result<Source, Fault> {
        let Some(mark) = since else {
            return Ok(Source::Rows(continued(asked, after)));
        };
        asked.top = None;
        let entity = asked.entity();
        // Deleted rows are on the first page: they have no place in the order of changes.
        let deleted = match after {
            Some(_) => Vec::new(),
            None => changes::deleted(self.ctx, caller, entity, &mark).await?,
        };
        let DeltaState { since, known } = mark;
        let changed = continued(changes::bind(self.ctx, caller, entity, since, owner)?, after);
        Ok(Source::Changes { asked: Box::new(asked), changed, known, deleted })
    }

    /// What the tokens of a request belong to. Those of changes belong to the caller too: others may see other rows.
    fn question(&self, caller: &Caller, options: &QueryOptions) -> Question {
        let scope = skiptoken::scope(self.raw_path, &options.query);
        let actor = caller.actor(self.ctx);
        Question {
            ctx: self.ctx.clone(),
            meter: self.meter.clone(),
            root: self.root.clone(),
            path: self.raw_path.to_owned(),
            query: self.raw_query.to_owned(),
            followed: format!("{:?} {} {scope}", actor.user, actor.sees_all),
            scope: match &options.delta_token {
                Some(token) => format!("{scope}&$deltatoken={token}"),
                None => scope,
            },
        }
    }

    /// Since when changes are asked for, where they are.
    async fn since(
        &self,
        caller: &Caller,
        entity: &'static Entity,
        options: &QueryOptions,
        question: &Question,
    ) -> Result<Option<DeltaState>, Refusal> {
        let Some(token) = &options.delta_token else { return Ok(None) };
        let mark = question.with_mac(|mac| decode_mark(token, &question.followed, mac));
        if let Ok(mark) = mark
            && changes::is_current(self.ctx, caller, entity, &mark).await?
        {
            return Ok(Some(mark));
        }
        Err(Refusal::Gone(without_delta(&self.root, self.raw_path, self.raw_query)))
    }
}

/// Whether the changes of what is asked for can be followed: what is expanded changes without the row, and what is
/// grouped or begins somewhere has no rows that stay.
fn can_be_followed(options: &QueryOptions) -> bool {
    let query = &options.query;
    !query.makes_groups() && query.expand.is_empty() && query.skip.unwrap_or(0) == 0
}

/// Whether a form has links to changes.
const fn says_more_than_rows(form: Form) -> bool {
    !matches!(form, Form::Json(JsonForm { level: MetadataLevel::None, .. }))
}

fn continued(bound: BoundQuery, after: Option<Vec<Value>>) -> BoundQuery {
    match after {
        Some(after) => bound.continued(after),
        None => bound,
    }
}

fn check_skip(asked: &Query) -> Result<(), Fault> {
    if asked.skip <= MAX_SKIP {
        return Ok(());
    }
    let limit = usize::try_from(MAX_SKIP).unwrap_or(usize::MAX);
    Err(QueryError::LimitExceeded { what: "$skip", limit }.into())
}
