use authority::clients::COMMAND_LINE;
use authority::tokens::CreateToken;
use authority::{AllowedAddresses, Ctx, Fault, Scopes, Secret, seed};
use model::Uuid;
use model::entities::{User, UserType};

use super::Person;

/// The login of the administrator.
pub(super) const ADMIN: &str = "ada";
/// The login of the user.
pub(super) const USER: &str = "ben";
/// The login of the user as which the service acts.
pub(super) const SERVICE: &str = "nightly-export";

/// `(login, name, type, active)`.
const OTHERS: [(&str, &str, UserType, bool); 8] = [
    ("carla", "Carla Moreno", UserType::InternalUser, true),
    ("dmitri", "Dmitri Volkov", UserType::InternalUser, false),
    ("elif", "Elif Aydın", UserType::InternalUser, true),
    ("farid", "Farid Haddad", UserType::InternalUser, false),
    ("greta", "Greta Lindqvist", UserType::ExternalCommunityUser, true),
    ("hana", "Hana Sato", UserType::ExternalCommunityUser, true),
    (SERVICE, "Nightly export", UserType::ApplicationUserNoLogin, true),
    ("reports", "Report server", UserType::ApplicationUserNoLogin, true),
];

/// The users of the demonstration.
pub(super) struct People {
    admin: (User, Secret),
    user: (User, Secret),
    others: Vec<User>,
}

pub(super) async fn prepare(ctx: &Ctx) -> Result<People, Fault> {
    let others = OTHERS.iter().map(|(login, name, user_type, active)| {
        Ok(User { active: *active, ..person(ctx, login, name, *user_type)? })
    });
    let others = others.collect::<Result<_, Fault>>()?;
    let admin = seed::with_password(ctx, person(ctx, ADMIN, "Ada Lovelace", UserType::InternalUser)?).await?;
    let user = seed::with_password(ctx, person(ctx, USER, "Ben Okafor", UserType::InternalUser)?).await?;
    Ok(People { admin: (User { is_admin: true, ..admin.0 }, admin.1), user, others })
}

fn person(ctx: &Ctx, login: &str, name: &str, user_type: UserType) -> Result<User, Fault> {
    let email = user_type.can_sign_in().then(|| format!("{login}@example.com"));
    Ok(User { email_confirmed: email.is_some(), email, ..seed::user(ctx, login, name, user_type)? })
}

impl People {
    pub(super) fn rows(&self) -> Vec<User> {
        [&self.admin.0, &self.user.0].into_iter().chain(&self.others).cloned().collect()
    }

    pub(super) fn id(&self, login: &str) -> Option<Uuid> {
        self.others.iter().find(|user| user.login == login).map(|user| user.id)
    }

    /// Creates a personal access token for a user who can sign in.
    pub(super) async fn enter(&self, ctx: &Ctx, login: &str, scopes: &str) -> Result<Person, Fault> {
        let (_, password) = if login == ADMIN { &self.admin } else { &self.user };
        let asked = CreateToken {
            service: false,
            client_id: COMMAND_LINE.to_owned(),
            description: Some("Token of the demonstration".to_owned()),
            scopes: Scopes::parse(scopes)?,
            expires: None,
            allowed: AllowedAddresses::default(),
        };
        let pat = seed::token_of(ctx, login, asked).await?;
        Ok(Person { login: login.to_owned(), password: password.clone(), pat })
    }
}
