use std::path::{Path, PathBuf};

use super::*;
use crate::sign_in::proof::Proof;
use crate::sign_in::session::{BrowserContext, find_session, new_session, renew_session, sign_in};
use crate::sign_in::{authenticator, own_sessions};
use crate::sign_out::end_session::end_session;
use crate::testing::{BROWSER, People, RESTRICTIONS, World, asked, restrict};
use crate::tokens::lineage::Lineage;
use crate::tokens::{UpdateToken, create_token, revoke, update_token};
use crate::users::change_password;

fn needs_login<T>(result: &Result<T, Fault>) -> bool {
    matches!(result, Err(Fault::InteractionNeeded(Needed::Login)))
}

/// The session is looked up when a request begins. Whatever the request then writes is refused where it has ended.
#[test]
fn a_session_that_has_ended_writes_nothing() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        let (thief, cookie) = people.session(ctx).await;
        let place = BrowserContext { before: Some(&thief), ..BROWSER };
        authenticator::begin(ctx, &thief).await.unwrap();
        own_sessions::end_others(ctx, &owner).await.unwrap();

        assert!(needs_login(&create_token(ctx, &thief, asked()).await), "a root without end");
        assert!(needs_login(&authenticator::begin(ctx, &thief).await));
        assert!(needs_login(&own_sessions::end_others(ctx, &thief).await));
        let new = &"a quite different sentence".into();
        assert!(needs_login(&change_password(ctx, place, &thief, &people.password, new).await));
        assert!(find_session(ctx, &cookie).await.is_err(), "the session came back");
        assert!(owner.renewed(ctx).await.is_ok());
    });
}

/// A session that ended does not come back, whatever proves who the user is.
#[test]
fn a_session_is_not_renewed_after_its_end() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (caller, _) = people.session(ctx).await;
        let place = BrowserContext { before: Some(&caller), ..BROWSER };
        let proof = Proof::from_session(ctx, caller.session().unwrap(), &caller.user);
        let signed_in = new_session(ctx, place, &proof).unwrap();
        end_session(ctx, &caller).await.unwrap();
        let row = signed_in.session.clone();
        let renewed = ctx.transaction(move |ctx, tx| renew_session(ctx, tx, &row, &proof)).await;
        assert!(needs_login(&renewed));
        // A complete sign-in that was under way in the same browser does not take it up either.
        assert!(sign_in(ctx, place, "ada", &people.password).await.is_err());
        assert!(find_session(ctx, signed_in.secret.expose()).await.is_err());
    });
}

/// A password change gives the session another secret. A request under the former one writes nothing.
#[test]
fn a_session_under_its_former_secret_writes_nothing() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (caller, _) = people.session(ctx).await;
        let place = BrowserContext { before: Some(&caller), ..BROWSER };
        let new = &"a quite different sentence".into();
        let signed_in = change_password(ctx, place, &caller, &people.password, new).await.unwrap();
        assert!(needs_login(&create_token(ctx, &caller, asked()).await));
        let renewed = find_session(ctx, signed_in.secret.expose()).await.unwrap();
        assert!(create_token(ctx, &renewed, asked()).await.is_ok());
    });
}

fn is_refused<T>(result: &Result<T, Fault>) -> bool {
    matches!(result, Err(Fault::Conflict(_) | Fault::Unauthenticated(_)))
}

/// A token is looked up when a request begins. What the request then makes has no more than the token has now.
#[test]
fn a_token_that_was_restricted_meanwhile_makes_nothing() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        for how in RESTRICTIONS {
            let (maker, id) = people.token(ctx, &owner).await;
            let (_, other) = people.token(ctx, &owner).await;
            assert!(create_token(ctx, &maker, asked()).await.is_ok());
            restrict(ctx, &owner, id, how).await;
            assert!(is_refused(&create_token(ctx, &maker, asked()).await), "{how}");
            assert!(is_refused(&revoke(ctx, &maker, other).await), "{how}");
            assert!(is_refused(&update_token(ctx, &maker, other, UpdateToken::default()).await), "{how}");
        }
    });
}

/// The same where it is restricted after the transaction began and before the new token holds it.
#[test]
fn a_token_that_is_restricted_within_the_transaction_makes_nothing() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        for how in RESTRICTIONS {
            let (maker, id) = people.token(ctx, &owner).await;
            let lineage = Lineage::for_caller(ctx, &maker).await.unwrap();
            restrict(ctx, &owner, id, how).await;
            let checked = ctx.transaction(move |ctx, tx| lineage.check(ctx, tx)).await;
            assert!(is_refused(&checked), "{how}");
        }
    });
}

/// A verb with a caller or a client writes in a transaction that checks them: no function that is given one has a plain
/// transaction.
#[test]
fn every_transaction_for_a_caller_checks_the_caller() {
    let mut plain = Vec::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for function in text.split("async fn ").skip(1) {
            let signature = function.split('{').next().unwrap();
            let has_principal = signature.contains("&Caller")
                || function.contains(" authenticate(ctx, credentials)")
                || function.contains(" own(ctx, presented, client_id)");
            if has_principal && function.contains(" ctx.transaction(") {
                plain.push(format!("{}: {}", file.display(), function.lines().next().unwrap()));
            }
        }
    }
    assert!(plain.is_empty(), "{plain:#?}");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.append(&mut sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// A request of an administrator who lost the rights since it began writes nothing, with a session and with a token.
#[test]
fn an_administrator_who_lost_the_rights_writes_nothing() {
    World::with(|_| ()).run(async |world| {
        let ctx = &world.at(1);
        People::new(world).await;
        let session = world.administrator(ctx).await;
        let issued = create_token(ctx, &session, asked()).await.unwrap();
        let token = Caller::from_token(ctx, issued.secret.expose()).await.unwrap();
        let id = session.user.id;
        let demoted = ctx.store().write(move |tx| {
            tx.change(
                store::Change::new::<User>(id, model::Timestamp::from_seconds(2)).set(User::IsAdmin, &false),
            )
        });
        assert!(demoted.await.unwrap_or_else(|error: store::StoreError| panic!("{error}")));
        for caller in [&session, &token] {
            let written = caller.transaction(ctx, |_, _| Ok(())).await;
            assert!(matches!(written, Err(Fault::Forbidden(_))), "{written:?}");
        }
        let renewed = session.renewed(ctx).await.unwrap();
        assert!(renewed.transaction(ctx, |_, _| Ok(())).await.is_ok(), "as a user");
        assert!(renewed.require_administrator(ctx).is_err());
    });
}
