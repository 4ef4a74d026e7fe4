//! An authority for tests inside this crate, with a clock that they move.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use model::entities::{AccessTokenFormat, ClientType, ReferenceTokens, TrustedApplication, User, UserType};
use model::{Record, Timestamp, Uuid};
use token::client_secret::PlainSecret;
use token::password::PasswordParams;

use crate::clients::CreateApplication;
use crate::seed;
use crate::sign_in::session::{BrowserContext, SignIn, find_session, sign_in};
use crate::tokens::narrow::narrow;
use crate::tokens::{
    CreateToken, RotateToken, UpdateToken, create_token, revoke, rotate_token, update_token,
};
use crate::{AllowedAddresses, Authority, AuthorityOptions, Caller, Ctx, Scopes, Secret, Settings};

/// When the world of a test begins.
const BEGINNING: &str = "2026-08-01T00:00:00Z";

/// An authority on a new SQLite registry, which goes with it.
pub(crate) struct World {
    folder: PathBuf,
    settings: Settings,
}

/// An open [`World`].
pub(crate) struct Opened {
    authority: Arc<Authority>,
    beginning: Timestamp,
}

impl World {
    /// A world with changed settings.
    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("grantor-authority-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut settings =
            Settings { password_params: PasswordParams::CHEAP, ..Settings::new("http://127.0.0.1:8080") };
        change(&mut settings);
        Self { folder, settings }
    }

    /// Opens the authority and runs a test on it.
    pub(crate) fn run(self, test: impl AsyncFnOnce(&Opened)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let random = Arc::new(token::SystemRandom);
            let opening = AuthorityOptions {
                location: store::Location::Sqlite(self.folder.join("grantor.db")),
                keyring: token::seal::Keyring::generate(random.as_ref()).unwrap(),
                prefix: token::Prefix::parse("grt").unwrap(),
                earlier_keys: None,
                random,
                // A test says itself what the moment is.
                clock: || Timestamp::from_seconds(0),
                settings: self.settings.clone(),
                breach_list: None,
                client_authorities: None,
            };
            let beginning = Timestamp::parse(BEGINNING).unwrap();
            let authority = Authority::open(opening, beginning).await.unwrap();
            let opened = Opened { authority, beginning };
            test(&opened).await;
            opened.authority.close().await;
        });
    }
}

impl Opened {
    /// The context of a request `seconds` after the beginning.
    pub(crate) fn at(&self, seconds: i64) -> Ctx {
        self.from(IpAddr::V4(Ipv4Addr::LOCALHOST), seconds)
    }

    /// The context of a request from an address, `seconds` after the beginning.
    pub(crate) fn from(&self, address: IpAddr, seconds: i64) -> Ctx {
        Ctx::new(Arc::clone(&self.authority), self.beginning.plus_seconds(seconds), address)
    }

    /// Adds an administrator, and signs them in.
    pub(crate) async fn administrator(&self, ctx: &Ctx) -> Caller {
        let user = seed::user(ctx, "root", "Root", UserType::InternalUser).unwrap();
        let (user, password) = seed::with_password(ctx, User { is_admin: true, ..user }).await.unwrap();
        seed::insert(ctx, vec![user], Vec::new(), "administrator").await.unwrap();
        let signed_in = sign_in(ctx, BROWSER, "root", &password).await.unwrap();
        let SignIn::Complete(signed_in) = signed_in else { panic!("no second factor is set up") };
        find_session(ctx, signed_in.secret.expose()).await.unwrap()
    }

    /// Runs maintenance `seconds` after the beginning.
    pub(crate) async fn maintain(&self, seconds: i64) {
        self.authority.maintain(self.beginning.plus_seconds(seconds)).await.unwrap();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A user with a password, and two clients: `app`, which is public, and `service`, which is confidential.
pub(crate) struct People {
    pub(crate) user: User,
    pub(crate) password: Secret,
    pub(crate) client: TrustedApplication,
    pub(crate) service: TrustedApplication,
    pub(crate) service_secret: PlainSecret,
}

fn client(ctx: &Ctx, client_id: &str, client_type: ClientType) -> (TrustedApplication, Option<PlainSecret>) {
    let asked = CreateApplication {
        client_id: client_id.to_owned(),
        name: client_id.to_owned(),
        description: None,
        client_type,
        scopes: Scopes::parse("read update").unwrap(),
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        metadata: serde_json::Map::new(),
        system_user: None,
        reference_tokens: ReferenceTokens::AuthenticatedUsers,
        access_token_format: AccessTokenFormat::Reference,
    };
    seed::client(ctx, asked, None).unwrap()
}

/// A browser without a session.
pub(crate) const BROWSER: BrowserContext<'static> =
    BrowserContext { before: None, browser: "", cookie: "browser", known: None };

impl People {
    /// Adds them to the registry.
    pub(crate) async fn new(world: &Opened) -> Self {
        let ctx = &world.at(0);
        let user = seed::user(ctx, "ada", "Ada", UserType::InternalUser).unwrap();
        let (user, password) = seed::with_password(ctx, user).await.unwrap();
        let (client, _) = client(ctx, "app", ClientType::Public);
        let (service, service_secret) = self::client(ctx, "service", ClientType::Confidential);
        let clients = vec![client.clone(), service.clone()];
        seed::insert(ctx, vec![user.clone()], clients, "people").await.unwrap();
        Self { user, password, client, service, service_secret: service_secret.unwrap() }
    }

    /// Signs the user in with the password. Returns the secret of the cookie as well.
    pub(crate) async fn session(&self, ctx: &Ctx) -> (Caller, String) {
        let signed_in = sign_in(ctx, BROWSER, "ada", &self.password).await.unwrap();
        let SignIn::Complete(signed_in) = signed_in else { panic!("no second factor is set up") };
        let cookie = signed_in.secret.expose().to_owned();
        (find_session(ctx, &cookie).await.unwrap(), cookie)
    }

    /// Makes a token of the user with the scopes `read` and `update`. Returns its identifier as well.
    pub(crate) async fn token(&self, ctx: &Ctx, caller: &Caller) -> (Caller, Uuid) {
        let issued = create_token(ctx, caller, asked()).await.unwrap();
        (Caller::from_token(ctx, issued.secret.expose()).await.unwrap(), issued.grant.id)
    }
}

/// A personal access token without end.
pub(crate) fn asked() -> CreateToken {
    CreateToken {
        service: false,
        client_id: "app".to_owned(),
        description: None,
        scopes: Scopes::parse("read update").unwrap(),
        expires: None,
        allowed: AllowedAddresses::default(),
    }
}

/// Reads a row.
pub(crate) async fn row<R: Record + Send + 'static>(ctx: &Ctx, id: Uuid) -> R {
    ctx.store().read(move |read| read.find(id)).await.unwrap().unwrap()
}

/// The ways in which a token is restricted or ends.
pub(crate) const RESTRICTIONS: [&str; 5] = ["end", "networks", "scopes", "rotation", "revocation"];

/// Restricts or ends a token.
pub(crate) async fn restrict(ctx: &Ctx, owner: &Caller, id: Uuid, how: &str) {
    let soon = ctx.now.plus_seconds(60);
    let update = |update| update_token(ctx, owner, id, update);
    match how {
        "end" => drop(update(UpdateToken { expires: Some(soon), ..UpdateToken::default() }).await.unwrap()),
        "networks" => {
            let allowed = Some(AllowedAddresses::parse("127.0.0.0/8").unwrap());
            drop(update(UpdateToken { allowed, ..UpdateToken::default() }).await.unwrap());
        }
        "scopes" => drop(narrow(ctx, owner, id, Some(Scopes::parse("update").unwrap())).await.unwrap()),
        "rotation" => {
            let rotated = RotateToken { overlap: 60, ..RotateToken::default() };
            drop(rotate_token(ctx, owner, id, rotated).await.unwrap());
        }
        _ => drop(revoke(ctx, owner, id).await.unwrap()),
    }
}
