use authority::users::{CreateUser, create_user};
use authority::{Caller, Ctx, Fault};
use model::entities::UserType;

use crate::engines::on_both_engines;
use crate::world::refused;

async fn create(ctx: &Ctx, caller: &Caller, login: &str) -> Result<(), Fault> {
    let asked = CreateUser {
        login: login.to_owned(),
        name: login.to_owned(),
        email: None,
        password: None,
        is_admin: false,
        user_type: UserType::InternalUser,
    };
    create_user(ctx, caller, asked).await.map(drop)
}

/// A sign-in that is too old administers nothing, by a token as at a page; a new one does (RFC 9470).
#[test]
fn administrators_sign_in_again() {
    on_both_engines(
        |settings| settings.sign_in.administration_max_age = Some(1800),
        async |world| {
            let ctx = world.at(0);
            let page = world.at_page(&ctx, &world.ada).await;
            let token = world.device_token(&ctx, &world.ada, "read update sec").await;
            let token = Caller::from_token(&ctx, &token).await.unwrap();
            for (number, caller) in [&page, &token].into_iter().enumerate() {
                create(&world.at(1800), caller, &format!("first{number}")).await.unwrap();
                let late = refused(create(&world.at(1801), caller, &format!("second{number}")).await);
                let demanded =
                    matches!(&late, Fault::InsufficientUserAuthentication { max_age: Some(1800), .. });
                assert!(demanded, "{late:?}");
            }
            let ctx = world.at(1801);
            let page = world.at_page(&ctx, &world.ada).await;
            create(&ctx, &page, "second0").await.unwrap();
        },
    );
}
