use grant_state::state::if_not_ended;
use model::Uuid;
use model::entities::AccessToken;
use store::{Change, Tx};

use authority::{Ctx, Fault, Reason};

/// Consumes a one-time grant, in the transaction that inserts the tokens. Of concurrent requests, one succeeds (RFC 6749,
/// section 4.1.2; RFC 8628, section 3.5; OpenID CIBA, section 11).
///
/// # Errors
/// [`Fault::InvalidGrant`] if it was used, revoked or has expired meanwhile.
pub(super) fn consume(ctx: &Ctx, tx: &mut Tx<'_>, id: Uuid) -> Result<(), Fault> {
    let consume = Change::new::<AccessToken>(id, ctx.now).set(AccessToken::ConsumedTimestamp, &Some(ctx.now));
    let consume = if_not_ended(consume, ctx.now);
    if tx.change(consume)? { Ok(()) } else { Err(Fault::InvalidGrant(Reason::Consumed)) }
}
