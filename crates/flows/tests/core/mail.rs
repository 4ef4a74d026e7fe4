use std::collections::BTreeSet;
use std::sync::Arc;

use authority::mail::{Delivery, claim_next, record_delivery};
use authority::users::reset_password::ask;
use authority::{Authority, Fault};
use model::Uuid;
use store::Outbox;

use crate::engines::on_both_engines;
use crate::world::{World, refused};

/// Sends whatever is due; returns the identifiers of the mails.
async fn send_all(authority: &Arc<Authority>, seconds: i64) -> Vec<Uuid> {
    let mut sent = Vec::new();
    loop {
        let ctx = World::at_of(authority, seconds);
        let Some(claimed) = claim_next(&ctx).await.unwrap() else { return sent };
        sent.push(claimed.letter.id);
        record_delivery(&ctx, claimed, Delivery::Sent).await.unwrap();
    }
}

/// Neither one account nor one network can be made to send many: five links in an hour, twenty requests in ten minutes.
#[test]
fn nobody_is_sent_many() {
    on_both_engines(
        |settings| settings.sends_mail = true,
        async |world| {
            for _ in 0..20 {
                ask(&world.at(0), "ben").await.unwrap();
            }
            let many = refused(ask(&world.at(0), "ben").await);
            assert!(matches!(many, Fault::TooManyAttempts(1..=60)), "{many:?}");
            assert_eq!(send_all(&world.authority, 0).await.len(), 5);
            assert_eq!(send_all(&world.authority, 60).await.len(), 0, "the others are not followed later");
            ask(&world.at(3601), "ben").await.unwrap();
            assert_eq!(send_all(&world.authority, 3601).await.len(), 1, "an hour later");
        },
    );
}

/// Two programs on one database send each mail once, and follow each request once.
#[test]
fn two_programs_send_once() {
    on_both_engines(
        |settings| settings.sends_mail = true,
        async |world| {
            let Some(other) = world.beside().await else { return };
            for _ in 0..8 {
                ask(&world.at(0), "ben").await.unwrap();
                ask(&World::at_of(&other, 0), "ada").await.unwrap();
            }
            let (here, there) = tokio::join!(send_all(&world.authority, 0), send_all(&other, 0));
            let ids: Vec<_> = here.into_iter().chain(there).collect();
            assert_eq!(ids.len(), 10, "five for each");
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 10);
            other.close().await;
        },
    );
}

/// The commit that queues a mail wakes its delivery, which does not wait for its next look at the outbox.
#[test]
fn a_commit_wakes_the_delivery() {
    on_both_engines(
        |settings| settings.sends_mail = true,
        async |world| {
            let is_woken = async || {
                tokio::select! {
                    biased;
                    () = world.authority.filled(Outbox::Mail) => true,
                    () = std::future::ready(()) => false,
                }
            };
            assert!(!is_woken().await);
            ask(&world.at(0), "ben").await.unwrap();
            assert!(is_woken().await);
        },
    );
}

/// A mail that could not be handed over is tried again, later each time.
#[test]
fn mail_is_tried_again() {
    on_both_engines(
        |settings| settings.sends_mail = true,
        async |world| {
            ask(&world.at(0), "ben").await.unwrap();
            for (due, early) in [(0, None), (30, Some(29)), (90, Some(89)), (210, Some(209))] {
                if let Some(early) = early {
                    assert!(claim_next(&world.at(early)).await.unwrap().is_none(), "{early}");
                }
                let ctx = world.at(due);
                let claimed = claim_next(&ctx).await.unwrap().expect("it is due");
                assert!(claim_next(&ctx).await.unwrap().is_none(), "{due}: it was claimed");
                record_delivery(&ctx, claimed, Delivery::Failed).await.unwrap();
            }
        },
    );
}
