//! When users were last seen: by a session or a token of theirs.

use model::entities::{AccessToken, User};
use model::{Attribute, Record as _, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Query, SelectStatement};

use crate::sessions::SESSIONS;
use crate::{StoreError, Tx};

/// How long a time is kept before a later one replaces it, in seconds: most uses write nothing.
const COARSE: i64 = 300;

impl Tx<'_> {
    /// Records that the user of a session was seen. Does not count as a change of the user.
    pub(crate) fn note_seen_by_session(&mut self, session: Uuid, at: Timestamp) -> Result<(), StoreError> {
        let user = Query::select()
            .column("user_id")
            .from(SESSIONS)
            .and_where(Expr::col("id").eq(session))
            .to_owned();
        self.note_seen(user, at)
    }

    /// Records that the user of a grant was seen. Does not count as a change of the user.
    pub(crate) fn note_seen_by_grant(&mut self, grant: Uuid, at: Timestamp) -> Result<(), StoreError> {
        let user = Query::select()
            .column(AccessToken::User.0)
            .from(AccessToken::entity().table)
            .and_where(Expr::col(Attribute::ID_COLUMN).eq(grant))
            .to_owned();
        self.note_seen(user, at)
    }

    fn note_seen(&mut self, user: SelectStatement, at: Timestamp) -> Result<(), StoreError> {
        let seen = || Expr::col(User::LastSeenTimestamp.0);
        let mut statement = Query::update();
        statement
            .table(User::entity().table)
            .value(User::LastSeenTimestamp.0, at.micros())
            .and_where(Expr::col(Attribute::ID_COLUMN).in_subquery(user))
            .and_where(seen().is_null().or(seen().lt(at.plus_seconds(-COARSE).micros())));
        self.execute(&statement).map(drop)
    }
}
