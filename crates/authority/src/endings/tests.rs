use grant_state::state::is_revoked;
use token::TokenKind;

use super::*;
use crate::Scopes;
use crate::seed::{self, GrantRows, SeedGrant};
use crate::testing::{People, World, row};

/// Known browsers end with the mark of the password, so on no other occasion than a new password.
#[test]
fn browsers_end_with_the_password_alone() {
    for occasion in Occasion::ALL {
        let new_password = matches!(occasion, Occasion::PasswordChanged | Occasion::PasswordReset);
        assert_eq!(occasion.ends().contains(&Thing::Browsers), new_password, "{occasion:?}");
    }
}

/// A personal token that a sign-in made ends with what came from the sign-in, also where the tokens by which it was made
/// have expired long ago. Tokens that the user made go on.
#[test]
fn what_a_family_made_ends_after_its_last_token() {
    World::with(|_| ()).run(async |world| {
        let people = People::new(world).await;
        let (ctx, later) = (&world.at(0), &world.at(7200));
        let code = grant(ctx, &people, GrantKind::DeviceCode, None, Some(60));
        let refresh = grant(ctx, &people, GrantKind::RefreshToken, Some(code.0.id), Some(3600));
        let made = grant(ctx, &people, GrantKind::PersonalAccessToken, Some(code.0.id), None);
        let below = grant(ctx, &people, GrantKind::PersonalAccessToken, Some(made.0.id), None);
        let own = grant(ctx, &people, GrantKind::PersonalAccessToken, None, None);
        let below_own = grant(ctx, &people, GrantKind::PersonalAccessToken, Some(own.0.id), None);
        let ids = [&made, &below, &own, &below_own].map(|(grant, _)| grant.id);
        let rows = vec![code, refresh, made, below, own, below_own];
        seed::insert_grants(ctx, rows).await.unwrap();
        let whose = Whose { user: people.user.id, by: None, own_session: None };
        let password_changed = Occasion::PasswordChanged;
        later.transaction(move |ctx, tx| end(ctx, tx, password_changed, whose)).await.unwrap();
        let mut revoked = Vec::new();
        for id in ids {
            revoked.push(is_revoked(&row(later, id).await));
        }
        assert_eq!(revoked, [true, true, false, false]);
    });
}

fn grant(
    ctx: &Ctx,
    people: &People,
    kind: GrantKind,
    parent: Option<Uuid>,
    lifetime: Option<i64>,
) -> GrantRows {
    let seed = SeedGrant {
        kind,
        secret: TokenKind::PersonalAccess,
        client: &people.client,
        user: &people.user,
        scopes: Scopes::parse("read").unwrap(),
        description: None,
        expires: lifetime.map(|seconds| ctx.now.plus_seconds(seconds)),
        parent,
    };
    seed::grant(ctx, seed).unwrap()
}

/// The guide says what the table says.
#[test]
fn the_guide_has_the_table() {
    let guide = include_str!("../../../../docs/guide/sign-in.md");
    let (_, table) = guide.split_once("## What ends with what").expect("the section");
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(2).take(Occasion::ALL.len());
    let mut count = 0;
    for (row, occasion) in rows.zip(Occasion::ALL) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), Thing::ALL.len() + 1, "{row}");
        for (cell, thing) in cells[1..].iter().zip(Thing::ALL) {
            let own = thing == Thing::Sessions && occasion.keeps_own_session();
            let says = match (occasion.ends().contains(&thing), own) {
                (true, true) => "others end",
                (true, false) => "end",
                (false, _) => "go on",
            };
            let rests = occasion == Occasion::UserDisabled && *cell == "refused";
            assert!(*cell == says || (rests && says == "go on"), "{occasion:?}, {thing:?}: {cell}");
        }
        count += 1;
    }
    assert_eq!(count, Occasion::ALL.len());
}
