use authority::users::change::{UpdateUser, update_in};
use authority::users::{CreateUser, create_user, enable};
use authority::{Caller, Ctx, Fault, seed};
use model::Uuid;
use model::entities::{User, UserType};

use crate::engines::{on_both_engines, set_active};
use crate::world::{Person, World, refused};

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

async fn update(ctx: &Ctx, by: &Caller, id: Uuid, asked: UpdateUser) -> Result<(), Fault> {
    let caller = by.clone();
    by.transaction(ctx, move |ctx, tx| {
        let user: User = tx.find_exclusive(id)?.expect("a user");
        update_in(ctx, tx, &caller, &user, &asked).map(drop)
    })
    .await
}

async fn administrator(world: &World, ctx: &Ctx, person: &Person) -> Caller {
    let token = world.device_token(ctx, person, "read update sec").await;
    Caller::from_token(ctx, &token).await.unwrap()
}

/// Two administrators, whose requests were authenticated before, take each other's rights. Returns the results.
async fn take_each_others(
    ctx: &Ctx,
    [ada, ben]: &[Caller; 2],
    loss: &UpdateUser,
    at_once: bool,
) -> [Result<(), Fault>; 2] {
    if !at_once {
        let first = update(ctx, ada, ben.user.id, loss.clone()).await;
        return [first, update(ctx, ben, ada.user.id, loss.clone()).await];
    }
    let start = |by: &Caller, id: Uuid| {
        let (ctx, by, loss) = (ctx.clone(), by.clone(), loss.clone());
        tokio::spawn(async move { update(&ctx, &by, id, loss).await })
    };
    let (first, second) = (start(ada, ben.user.id), start(ben, ada.user.id));
    [first.await.unwrap(), second.await.unwrap()]
}

/// Of two administrators who take each other's rights, one after the other or at once, one succeeds and remains.
#[test]
fn an_administrator_remains() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let granted = UpdateUser { is_admin: Some(true), active: Some(true), ..UpdateUser::default() };
            let demoted = UpdateUser { is_admin: Some(false), ..UpdateUser::default() };
            let disabled = UpdateUser { active: Some(false), ..UpdateUser::default() };
            let ben = world.at_page(&ctx, &world.ben).await.user.id;
            let page = world.at_page(&ctx, &world.ada).await;
            update(&ctx, &page, ben, granted.clone()).await.unwrap();
            for (loss, at_once) in
                [(&demoted, false), (&demoted, true), (&disabled, false), (&disabled, true)]
            {
                let ada = administrator(world, &ctx, &world.ada).await;
                let both = [ada, administrator(world, &ctx, &world.ben).await];
                let results = take_each_others(&ctx, &both, loss, at_once).await;
                let winner = results.iter().position(Result::is_ok).expect("one succeeds");
                let refusal = &results[1 - winner];
                let is_refusal = matches!(refusal, Err(Fault::Forbidden(_) | Fault::Unauthenticated(_)));
                assert!(is_refusal, "{refusal:?}");
                let users: Vec<User> = seed::list(&ctx, 100).await.unwrap();
                assert_eq!(users.iter().filter(|user| user.is_admin && user.active).count(), 1);
                update(&ctx, &both[winner], both[1 - winner].user.id, granted.clone()).await.unwrap();
            }
        },
    );
}

/// A user whom another program disabled gets nothing back either.
#[test]
fn enabling_brings_nothing_back() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let token = world.device_token(&ctx, &world.ben, "read").await;
            assert!(Caller::from_token(&ctx, &token).await.is_ok());
            set_active(world, &world.ben, false).await;
            let page = world.at_page(&ctx, &world.ada).await;
            enable(&ctx, &page, world.ben.login).await.unwrap();
            let fault = refused(Caller::from_token(&ctx, &token).await);
            assert!(matches!(fault, Fault::Unauthenticated(_)), "{fault:?}");
            world.at_page(&ctx, &world.ben).await;
        },
    );
}
