use authority::{Caller, Fault, Reason};
use flows::device::{self, DeviceState};

use crate::engines::on_both_engines;
use crate::world::{access, refused};

/// An undecided code expires, for the device and for the user.
#[test]
fn a_code_expires() {
    on_both_engines(
        |settings| settings.lifetimes.device_code_lifetime = 600,
        async |world| {
            let started = world.start_device(&world.at(0), "read").await;
            let code = started.user_code.to_string();
            let request = device::find_by_code(&world.at(599), &code).await.unwrap();
            assert_eq!(request.state(world.at(599).now), DeviceState::Pending);
            assert_eq!(request.state(world.at(600).now), DeviceState::Expired);
            let ctx = world.at(600);
            let caller = world.at_page(&ctx, &world.ben).await;
            let late = refused(device::approve(&ctx, &caller, &request).await);
            assert!(matches!(late, Fault::Conflict(_)), "{late:?}");
            assert!(matches!(refused(world.redeem_device(&ctx, &started).await), Fault::ExpiredToken));
            assert!(device::find_by_code(&ctx, &code).await.is_err());
        },
    );
}

/// A device that asks too often waits longer; half a second early is in time (RFC 8628, section 3.5).
#[test]
fn a_device_that_asks_too_often_is_slowed_down() {
    on_both_engines(
        |settings| settings.device_interval = 5,
        async |world| {
            let started = world.start_device(&world.at(0), "read").await;
            for (seconds, in_time) in [(0, true), (5, true), (9, false), (14, false), (29, true), (44, true)]
            {
                let answer = refused(world.redeem_device(&world.at(seconds), &started).await);
                let is_pending = matches!(answer, Fault::AuthorizationPending);
                assert_eq!(is_pending, in_time, "{seconds}: {answer:?}");
                assert!(is_pending || matches!(answer, Fault::SlowDown), "{seconds}: {answer:?}");
            }
        },
    );
}

/// An approved code gives a token once; a denied one gives none.
#[test]
fn a_decision_counts_once() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let started = world.start_device(&ctx, "read").await;
            let request = device::find_by_code(&ctx, &started.user_code.to_string()).await.unwrap();
            world.approve(&ctx, &started, &world.ben).await.unwrap();
            let caller = world.at_page(&ctx, &world.ada).await;
            assert!(matches!(refused(device::deny(&ctx, &caller, &request).await), Fault::Conflict(_)));
            let tokens = world.redeem_device(&ctx, &started).await.unwrap();
            assert_eq!(Caller::from_token(&ctx, access(&tokens)).await.unwrap().user.login, "ben");
            let again = refused(world.redeem_device(&ctx, &started).await);
            assert!(matches!(again, Fault::InvalidGrant(Reason::Consumed)), "{again:?}");

            let denied = world.start_device(&ctx, "read").await;
            let request = device::find_by_code(&ctx, &denied.user_code.to_string()).await.unwrap();
            device::deny(&ctx, &caller, &request).await.unwrap();
            assert!(matches!(refused(world.redeem_device(&ctx, &denied).await), Fault::AccessDenied));
        },
    );
}
