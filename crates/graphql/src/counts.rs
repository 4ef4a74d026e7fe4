//! The number of grants, by common properties.

use async_graphql::{ComplexObject, Context, Enum, SimpleObject};
use authority::Fault;
use authority::registry::query;
use model::entities::{self, AccessToken};
use model::query::{Condition, Group, GroupKey, Grouping, Measure, Measured, Method, Part, Period};
use model::{Field, Record as _, Uuid, Value};

use super::connection::MAX_PAGE;
use super::context::ResolverContext;
use super::error::{Nullable, nullable};
use super::model_types::ModelEnum;
use super::row::FromRow as _;
use super::types::{ApiApplication, GrantKind, User};

/// A property by which grants are grouped
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
pub(super) enum GrantCountKey {
    /// The kind
    Kind,
    /// The application
    Application,
    /// The user for whom the grants act
    Owner,
    /// The month of the creation
    Month,
    /// The month of the revocation
    MonthRevoked,
    /// The month of the last use
    MonthLastAccessed,
}

impl GrantCountKey {
    fn group(self) -> GroupKey {
        let (name, month) = match self {
            Self::Kind => ("Kind", None),
            Self::Application => ("TrustedApplication", None),
            Self::Owner => ("User", None),
            Self::Month => ("CreationTimestamp", Some("created")),
            Self::MonthRevoked => ("RevokedTimestamp", Some("revoked")),
            Self::MonthLastAccessed => ("LastUsedTimestamp", Some("accessed")),
        };
        let part = month.map(|alias| (Part::Period(Period::YearMonth), alias.to_owned()));
        GroupKey { path: vec![name.to_owned()], part }
    }
}

/// A group of grants
#[derive(SimpleObject, Default)]
#[graphql(complex)]
pub(super) struct GrantCount {
    /// The number of grants in the group
    count: u64,
    /// The kind, if the grants are grouped by it
    kind: Option<GrantKind>,
    /// The month of the creation, such as 2026-08, if the grants are grouped by it
    month: Option<String>,
    /// The month of the revocation, if the grants are grouped by it and were revoked
    month_revoked: Option<String>,
    /// The month of the last use, if the grants are grouped by it and were used
    month_last_accessed: Option<String>,
    #[graphql(skip)]
    application_id: Option<Uuid>,
    #[graphql(skip)]
    owner_id: Option<Uuid>,
}

#[ComplexObject]
impl GrantCount {
    /// The application, if the grants are grouped by it
    async fn application(&self, context: &Context<'_>) -> Nullable<ApiApplication> {
        nullable(find_application(context, self.application_id).await)
    }

    /// The user for whom the grants act, if they are grouped by it
    async fn owner(&self, context: &Context<'_>) -> Nullable<User> {
        nullable(find_owner(context, self.owner_id).await)
    }
}

async fn find_application(context: &Context<'_>, id: Option<Uuid>) -> Result<Option<ApiApplication>, Fault> {
    ApiApplication::find_referenced(ResolverContext::from_context(context)?, id).await
}

async fn find_owner(context: &Context<'_>, id: Option<Uuid>) -> Result<Option<User>, Fault> {
    User::find_referenced(ResolverContext::from_context(context)?, id).await
}

/// Lists the groups of the grants that the caller may see, the largest first.
pub(super) async fn list(
    context: &Context<'_>,
    by: &[GrantCountKey],
    filter: Option<Condition>,
    first: i32,
) -> Result<Vec<GrantCount>, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let most = usize::try_from(first).ok().filter(|first| *first as u64 <= MAX_PAGE);
    let most = most.ok_or_else(|| Fault::BadField {
        field: "first",
        message: format!("the number of groups is between 0 and {MAX_PAGE}"),
    })?;
    let count = Measure { path: None, method: Method::Count, alias: "count".to_owned() };
    let grouping = Grouping { filter, by: by.iter().map(|key| key.group()).collect(), measures: vec![count] };
    let (_, groups) = query::groups(ctx, caller, AccessToken::entity(), &grouping).await?;
    let mut counts = groups.iter().map(|group| count_of(by, group)).collect::<Result<Vec<_>, _>>()?;
    counts.sort_by_key(|count| std::cmp::Reverse(count.count));
    counts.truncate(most);
    Ok(counts)
}

fn count_of(by: &[GrantCountKey], group: &Group) -> Result<GrantCount, Fault> {
    let number = match group.measures.first() {
        Some(Measured::Value(Value::Int(number))) => u64::try_from(*number).ok(),
        _ => None,
    };
    let number = number.ok_or_else(|| Fault::Internal("a group has no number".to_owned()))?;
    let mut count = GrantCount { count: number, ..GrantCount::default() };
    for (key, value) in by.iter().zip(&group.keys) {
        match key {
            GrantCountKey::Kind => {
                let kind = entities::GrantKind::from_value(value.clone());
                count.kind = Some(ModelEnum(kind.map_err(|error| Fault::Internal(error.to_string()))?));
            }
            GrantCountKey::Application => count.application_id = value.as_guid(),
            GrantCountKey::Owner => count.owner_id = value.as_guid(),
            GrantCountKey::Month => count.month = month(value),
            GrantCountKey::MonthRevoked => count.month_revoked = month(value),
            GrantCountKey::MonthLastAccessed => count.month_last_accessed = month(value),
        }
    }
    Ok(count)
}

/// A month as the registry groups by it, 202608, as ISO 8601 writes it.
fn month(value: &Value) -> Option<String> {
    match value {
        Value::Int(number) => Some(format!("{:04}-{:02}", number / 100, number % 100)),
        _ => None,
    }
}
