use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use authority::Fault;
use authority::revocations::{Counted, Prepared, members, receipt};
use model::entities::Revocation as Row_;
use model::{Entity, Record as _, Uuid};

use super::RevocationState;
use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::error::{Nullable, nullable};
use crate::row::{FromRow, Row};

/// A set-based revocation: a preview, or the receipt of what was revoked
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct Revocation {
    /// The identifier
    uuid: ID,
    /// The progress
    state: RevocationState,
    /// The filter
    filter: String,
    /// The reason that was given
    reason: Option<String>,
    /// The number of grants: those that match, and what depends on them
    total: i32,
    /// How many shown grants did not match any more at the confirmation
    dropped: i32,
    /// How many grants matched at the confirmation that were not shown
    came_since: i32,
    /// The time of the preview
    created_at: DateTime,
    /// The time until which it can be confirmed
    expires_at: DateTime,
    /// The time of the confirmation
    confirmed_at: Option<DateTime>,
    #[graphql(skip)]
    id: Uuid,
}

#[ComplexObject]
impl Revocation {
    /// The signed receipt (JWS) of a confirmed revocation
    async fn receipt(&self, context: &Context<'_>) -> Nullable<String> {
        nullable(self.read_receipt(context).await)
    }

    /// The uuids of the grants, at most 500 after one of them, in ascending order
    async fn members(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The uuid after which the list begins")] after: Option<ID>,
    ) -> Nullable<Vec<ID>> {
        nullable(self.read_members(context, after).await)
    }
}

impl Revocation {
    async fn read_receipt(&self, context: &Context<'_>) -> Result<Option<String>, Fault> {
        let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
        if self.confirmed_at.is_none() {
            return Ok(None);
        }
        receipt(ctx, caller, self.id).await.map(Some)
    }

    async fn read_members(&self, context: &Context<'_>, after: Option<ID>) -> Result<Option<Vec<ID>>, Fault> {
        let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
        let bad = || Fault::BadField { field: "after", message: "this is not a uuid".to_owned() };
        let after = after.map(|after| Uuid::try_parse(&after).map_err(|_| bad())).transpose()?;
        let found = members(ctx, caller, self.id, after).await?;
        Ok(Some(found.into_iter().map(ID::from).collect()))
    }
}

impl FromRow for Revocation {
    const PROPERTIES: &'static [&'static str] = &[
        "CameSince",
        "ConfirmedTimestamp",
        "CreationTimestamp",
        "Dropped",
        "ExpireTimestamp",
        "Filter",
        "Reason",
        "State",
        "Total",
    ];

    fn entity() -> &'static Entity {
        Row_::entity()
    }

    fn from_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            uuid: row.id().into(),
            state: crate::model_types::ModelEnum(row.get("State")?),
            filter: row.get("Filter")?,
            reason: row.get("Reason")?,
            total: row.get("Total")?,
            dropped: row.get("Dropped")?,
            came_since: row.get("CameSince")?,
            created_at: DateTime(row.get("CreationTimestamp")?),
            expires_at: DateTime(row.get("ExpireTimestamp")?),
            confirmed_at: row.time("ConfirmedTimestamp")?,
            id: row.id(),
        })
    }
}

/// A number of grants with the same value
#[derive(SimpleObject)]
pub(crate) struct CountedGrants {
    /// The value
    value: String,
    /// The number
    count: i32,
}

/// What a revocation would revoke
#[derive(SimpleObject)]
pub(crate) struct RevocationPreview {
    /// The revocation
    revocation: Revocation,
    /// The number of grants that match the filter
    matching_count: i32,
    /// Their kinds
    kinds: Vec<CountedGrants>,
    /// Their owners, those with most grants first, at most 20
    owners: Vec<CountedGrants>,
    /// Their applications, by client_id
    applications: Vec<CountedGrants>,
    /// Their scopes
    scopes: Vec<CountedGrants>,
    /// When they were last used
    last_uses: Vec<CountedGrants>,
    /// The uuids of some of them
    sample: Vec<ID>,
}

impl TryFrom<Prepared> for RevocationPreview {
    type Error = Fault;

    fn try_from(prepared: Prepared) -> Result<Self, Fault> {
        let counted = |all: Vec<Counted>| all.into_iter().map(CountedGrants::from).collect();
        Ok(Self {
            revocation: Revocation::from_row(&Row::from_record(&prepared.revocation))?,
            matching_count: i32::try_from(prepared.matching).unwrap_or(i32::MAX),
            kinds: counted(prepared.kinds),
            owners: counted(prepared.owners),
            applications: counted(prepared.clients),
            scopes: counted(prepared.scopes),
            last_uses: counted(prepared.last_uses),
            sample: prepared.sample.into_iter().map(ID::from).collect(),
        })
    }
}

impl From<Counted> for CountedGrants {
    fn from(counted: Counted) -> Self {
        Self { value: counted.value, count: i32::try_from(counted.count).unwrap_or(i32::MAX) }
    }
}
