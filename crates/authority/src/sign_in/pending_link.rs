//! The link to a provider account, which is written when the sign-in is complete.

use input::EmailAddress;
use model::Uuid;
use model::entities::{AuditEventType, User, UserProviderLogin};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};

use crate::mail::{self, Notice};
use crate::registry::audit::Event;
use crate::{Ctx, Fault, Reason};

/// A provider account that was matched by its e-mail address. It is linked in the transaction that begins the session, so not
/// before the second factor was shown.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct PendingLink {
    id: Uuid,
    issuer: String,
    label: String,
    subject: String,
    name: Option<String>,
    email: Option<String>,
}

impl PendingLink {
    pub(crate) fn from_login(login: &UserProviderLogin) -> Self {
        Self {
            id: login.id,
            issuer: login.issuer.clone(),
            label: login.provider.clone(),
            subject: login.subject.clone(),
            name: login.display_name.clone(),
            email: login.email.clone(),
        }
    }

    /// Links the account to the user who signed in, and notifies the user.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] if the user no longer has the address; [`Fault::Conflict`] if the account was linked
    /// meanwhile.
    pub(crate) fn write(&self, ctx: &Ctx, tx: &mut Tx<'_>, user: &User) -> Result<(), Fault> {
        let canonical = |address: &Option<String>| {
            address.as_deref().and_then(|text| EmailAddress::parse(text).ok()).map(|own| own.canonical())
        };
        let own = canonical(&user.email).filter(|_| user.email_confirmed);
        if own.is_none() || own != canonical(&self.email) {
            return Err(Fault::Unauthenticated(Reason::WrongProof));
        }
        insert(tx, &self.row(ctx, user.id))?;
        linked(user.id, &self.label).note(ctx, tx)?;
        let notice = mail::notice(ctx, user, Notice::ProviderLinked(self.label.clone()))?;
        mail::queue(tx, notice.as_ref()).map(drop)
    }

    fn row(&self, ctx: &Ctx, user: Uuid) -> UserProviderLogin {
        UserProviderLogin {
            display_name: self.name.clone(),
            email: self.email.clone(),
            issuer: self.issuer.clone(),
            last_used_timestamp: Some(ctx.now),
            provider: self.label.clone(),
            subject: self.subject.clone(),
            user_id: user,
            ..UserProviderLogin::new(self.id, ctx.now)
        }
    }
}

/// Inserts a link.
///
/// # Errors
/// [`Fault::Conflict`] if the account is linked already.
pub(super) fn insert(tx: &mut Tx<'_>, login: &UserProviderLogin) -> Result<(), Fault> {
    tx.insert(login).map_err(|error| match error {
        StoreError::Duplicate => Fault::Conflict("this account is linked to a user already".to_owned()),
        other => other.into(),
    })
}

/// Returns the event of a new link.
pub(super) fn linked(user: Uuid, label: &str) -> Event {
    Event::for_user(AuditEventType::FactorAdded, user).with("factor", "provider").with("provider", label)
}

#[cfg(test)]
mod tests {
    use model::entities::UserType;

    use super::*;
    use crate::seed;
    use crate::testing::World;

    /// The user is found by an address in any case, so the account is linked by it in any case.
    #[test]
    fn an_address_is_the_same_in_any_case() {
        World::with(|_| ()).run(async |world| {
            let ctx = &world.at(0);
            let user = seed::user(ctx, "greta", "Greta", UserType::InternalUser).unwrap();
            let email = Some("greta@example.com".to_owned());
            let user = User { email, email_confirmed: true, ..user };
            seed::insert(ctx, vec![user.clone()], Vec::new(), "people").await.unwrap();
            for (email, is_linked) in [("ben@example.com", false), ("GRETA@EXAMPLE.COM", true)] {
                let link = PendingLink {
                    id: ctx.new_id().unwrap(),
                    issuer: "https://login.example".to_owned(),
                    label: "Example".to_owned(),
                    subject: "s".to_owned(),
                    name: None,
                    email: Some(email.to_owned()),
                };
                let user = user.clone();
                let linked = ctx.transaction(move |ctx, tx| link.write(ctx, tx, &user)).await;
                assert_eq!(linked.is_ok(), is_linked, "{email}");
            }
        });
    }
}
