use input::text::Login;
use model::entities::{User, UserType};
use model::{Uuid, Value};
use zeroize::Zeroizing;

use super::Person;
use crate::clients::COMMAND_LINE;
use crate::sign_in::passwords::hash;
use crate::sign_in::session::{PASSWORD, Place, Proof, open_session};
use crate::tokens::create::{CreateToken, create_token};
use crate::users::create::blank;
use crate::{AllowedAddresses, Caller, Ctx, Fault, Scopes};

/// The login of the administrator.
pub(super) const ADMIN: &str = "ada";
/// The login of the user.
pub(super) const USER: &str = "ben";
/// The login of the user as whom the service acts.
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

/// The people of the world.
pub(super) struct People {
    admin: (User, Zeroizing<String>),
    user: (User, Zeroizing<String>),
    others: Vec<User>,
}

/// The demonstration signs its people in without a browser.
const NOWHERE: Place<'_> = Place { before: None, browser: "", cookie: "", known: None };

const PASSWORD_LENGTH: usize = 16;

pub(super) async fn prepare(ctx: &Ctx) -> Result<People, Fault> {
    let others = OTHERS.iter().map(|(login, name, user_type, active)| {
        Ok(User { active: *active, ..person(ctx, login, name, *user_type)? })
    });
    let others = others.collect::<Result<_, Fault>>()?;
    let admin = with_password(ctx, person(ctx, ADMIN, "Ada Lovelace", UserType::InternalUser)?).await?;
    let user = with_password(ctx, person(ctx, USER, "Ben Okafor", UserType::InternalUser)?).await?;
    Ok(People { admin: (User { is_admin: true, ..admin.0 }, admin.1), user, others })
}

fn person(ctx: &Ctx, login: &str, name: &str, user_type: UserType) -> Result<User, Fault> {
    let email = user_type.can_sign_in().then(|| format!("{login}@example.com"));
    Ok(User { email, email_confirmed: true, ..blank(ctx, Login::parse(login)?, name.to_owned(), user_type)? })
}

async fn with_password(ctx: &Ctx, user: User) -> Result<(User, Zeroizing<String>), Fault> {
    let password = token::random::base62(ctx.random(), PASSWORD_LENGTH)?;
    let hashed = hash(ctx, &password).await?;
    Ok((User { password: Some(hashed), ..user }, password))
}

impl People {
    pub(super) fn rows(&self) -> Vec<User> {
        [&self.admin.0, &self.user.0].into_iter().chain(&self.others).cloned().collect()
    }

    pub(super) fn id(&self, login: &str) -> Option<Uuid> {
        self.others.iter().find(|user| user.login == login).map(|user| user.id)
    }

    /// Gives one of the people who can sign in a personal access token.
    pub(super) async fn enter(&self, ctx: &Ctx, login: &str, scopes: &str) -> Result<Person, Fault> {
        let (_, password) = if login == ADMIN { &self.admin } else { &self.user };
        let key = Value::Text(login.to_owned());
        let user: Option<User> = ctx.store().read(move |read| read.find_by(User::Login, &key)).await?;
        let user = user.ok_or_else(|| Fault::Internal(format!("{login} was not made")))?;
        let session = open_session(ctx, NOWHERE, Proof::of(ctx, &user, PASSWORD)).await?.session;
        let caller = Caller::from_session(session, user)?;
        let asked = CreateToken {
            service: false,
            client_id: COMMAND_LINE.to_owned(),
            description: Some("Token of the demonstration".to_owned()),
            scopes: Scopes::parse(scopes)?,
            expires: None,
            allowed: AllowedAddresses::default(),
        };
        let pat = create_token(ctx, &caller, asked).await?.secret;
        crate::sign_out::end_session::end_session(ctx, &caller).await?;
        Ok(Person { login: login.to_owned(), password: password.clone(), pat })
    }
}
