//! A small world: two people, three clients, and a clock.

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use authority::clients::{COMMAND_LINE, CreateApplication};
use authority::sign_in::session::{BrowserContext, SignIn, SignedIn, find_session, sign_in};
use authority::users::set_up::register_command_line;
use authority::{
    Authority, AuthorityOptions, Caller, ClientCredentials, ClientProof, Ctx, Fault, Params, Scopes, Secret,
    Settings, seed,
};
use flows::authorization::{self, Agreed};
use flows::device::{self, DeviceStarted};
use flows::grants::{Redeemed, redeem};
use model::Timestamp;
use model::entities::{AccessTokenFormat, ClientType, ReferenceTokens, User, UserType};
use store::Location;
use token::seal::Keyring;
use token::{Prefix, SystemRandom, digest};

/// When the world begins.
const BEGINNING: &str = "2026-08-01T00:00:00Z";
/// Where sign-ins of the clients return to.
const CALLBACK: &str = "http://127.0.0.1:8765/callback";
/// The verifier of every authorization request (RFC 7636).
const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-specification";

thread_local! {
    /// The clock: a test runs on one thread.
    static NOW: Cell<Timestamp> = const { Cell::new(Timestamp::from_seconds(0)) };
}

/// A person who can sign in.
pub(crate) struct Person {
    pub(crate) login: &'static str,
    pub(crate) password: Secret,
}

/// A client.
pub(crate) struct App {
    pub(crate) client_id: &'static str,
    secret: Option<String>,
}

impl App {
    pub(crate) fn credentials(&self) -> ClientCredentials {
        let proof =
            self.secret.as_deref().map_or(ClientProof::Nothing, |secret| ClientProof::Basic(secret.into()));
        ClientCredentials { client_id: self.client_id.to_owned(), proof }
    }
}

/// An authority on a new registry, with people and clients.
pub(crate) struct World {
    pub(crate) authority: Arc<Authority>,
    pub(crate) ada: Person,
    pub(crate) ben: Person,
    /// A confidential client with a browser.
    pub(crate) web: App,
    /// A client that acts for itself.
    pub(crate) service: App,
    /// The command line, a public client.
    pub(crate) cli: App,
    pub(crate) location: Location,
    keyring: Keyring,
    settings: Settings,
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp::parse(BEGINNING).unwrap().plus_seconds(seconds)
}

async fn open(location: &Location, keyring: &Keyring, settings: &Settings) -> Arc<Authority> {
    let options = AuthorityOptions {
        location: location.clone(),
        keyring: Keyring::parse(&keyring.to_text()).unwrap(),
        prefix: Prefix::parse("grt").unwrap(),
        earlier_keys: None,
        random: Arc::new(SystemRandom),
        clock: || NOW.get(),
        settings: settings.clone(),
        breach_list: None,
        client_authorities: None,
    };
    Authority::open(options, NOW.get()).await.unwrap()
}

impl World {
    /// Creates the world on an empty registry.
    pub(crate) async fn make(location: Location, settings: Settings) -> Self {
        NOW.set(moment(0));
        let keyring = Keyring::generate(&SystemRandom).unwrap();
        let authority = open(&location, &keyring, &settings).await;
        let ctx = authority.own_ctx(NOW.get());
        register_command_line(&ctx).await.unwrap();
        let (ada, ada_password) = person(&ctx, "ada").await;
        let ada = User { is_admin: true, ..ada };
        let (ben, ben_password) = person(&ctx, "ben").await;
        let robot = seed::user(&ctx, "robot", "Robot", UserType::ApplicationUserNoLogin).unwrap();
        let (web, web_secret) = seed::client(&ctx, client("web"), None).unwrap();
        let (service, service_secret) = seed::client(&ctx, client("service"), Some(robot.id)).unwrap();
        seed::insert(&ctx, vec![ada, ben, robot], vec![web, service], "core_world").await.unwrap();
        let app = |client_id, secret: Option<token::client_secret::PlainSecret>| App {
            client_id,
            secret: secret.map(|secret| secret.expose().to_owned()),
        };
        Self {
            ada: Person { login: "ada", password: ada_password },
            ben: Person { login: "ben", password: ben_password },
            web: app("web", web_secret),
            service: app("service", service_secret),
            cli: app(COMMAND_LINE, None),
            authority,
            location,
            keyring,
            settings,
        }
    }

    /// Moves the clock to `seconds` after the beginning. Returns the context of a request at that moment.
    pub(crate) fn at(&self, seconds: i64) -> Ctx {
        Self::at_of(&self.authority, seconds)
    }

    pub(crate) fn at_of(authority: &Arc<Authority>, seconds: i64) -> Ctx {
        NOW.set(moment(seconds));
        Ctx::new(Arc::clone(authority), moment(seconds), IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// Opens a second authority on the same database; `None` on SQLite, which one program has for itself.
    pub(crate) async fn beside(&self) -> Option<Arc<Authority>> {
        match self.location {
            Location::Sqlite(_) => None,
            Location::Postgres(_) => Some(open(&self.location, &self.keyring, &self.settings).await),
        }
    }

    pub(crate) async fn sign_in(&self, ctx: &Ctx, person: &Person) -> SignedIn {
        let browser = BrowserContext { before: None, browser: "a test", cookie: "", known: None };
        match sign_in(ctx, browser, person.login, &person.password).await.unwrap() {
            SignIn::Complete(signed_in) => *signed_in,
            SignIn::SecondFactorRequired(_) => panic!("the user has no second factor"),
        }
    }

    /// A person at a page.
    pub(crate) async fn at_page(&self, ctx: &Ctx, person: &Person) -> Caller {
        let signed_in = self.sign_in(ctx, person).await;
        find_session(ctx, signed_in.secret.expose()).await.unwrap()
    }

    /// The secret of a device login that a person approved.
    pub(crate) async fn device_token(&self, ctx: &Ctx, person: &Person, scope: &str) -> String {
        let started = self.start_device(ctx, scope).await;
        self.approve(ctx, &started, person).await.unwrap();
        self.redeem_device(ctx, &started).await.unwrap().access.secret.expose().to_owned()
    }

    pub(crate) async fn start_device(&self, ctx: &Ctx, scope: &str) -> DeviceStarted {
        device::start(ctx, &self.cli.credentials(), &params(&[("scope", scope)])).await.unwrap()
    }

    pub(crate) async fn approve(
        &self,
        ctx: &Ctx,
        started: &DeviceStarted,
        person: &Person,
    ) -> Result<(), Fault> {
        let caller = self.at_page(ctx, person).await;
        let request = device::find_by_code(ctx, &started.user_code.to_string()).await?;
        device::approve(ctx, &caller, &request).await
    }

    pub(crate) async fn redeem_device(&self, ctx: &Ctx, started: &DeviceStarted) -> Result<Redeemed, Fault> {
        let kind = "urn:ietf:params:oauth:grant-type:device_code";
        let params = params(&[("grant_type", kind), ("device_code", started.device_code.expose())]);
        redeem(ctx, &self.cli.credentials(), params).await
    }

    pub(crate) async fn client_credentials(&self, ctx: &Ctx) -> String {
        let params = params(&[("grant_type", "client_credentials")]);
        let redeemed = redeem(ctx, &self.service.credentials(), params).await.unwrap();
        redeemed.access.secret.expose().to_owned()
    }

    /// A code for the client `web`, to whose whole request the person agrees.
    pub(crate) async fn code(&self, ctx: &Ctx, caller: &Caller, scope: &str) -> String {
        let challenge = digest::base64url(&digest::sha256(VERIFIER.as_bytes()));
        let asked = params(&[
            ("response_type", "code"),
            ("client_id", self.web.client_id),
            ("redirect_uri", CALLBACK),
            ("scope", scope),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let request = authorization::read(ctx, &asked, None).await.unwrap();
        let terms = request.terms(ctx, caller);
        let agreed = Agreed {
            scopes: terms.scopes,
            claims: terms.claims,
            resources: terms.resources.into_iter().collect(),
        };
        let answer = authorization::agree(ctx, &request, caller, &agreed).await.unwrap();
        answer.fields.into_iter().find(|(name, _)| *name == "code").unwrap().1
    }

    pub(crate) async fn exchange(&self, ctx: &Ctx, code: &str) -> Result<Redeemed, Fault> {
        let params = params(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ]);
        redeem(ctx, &self.web.credentials(), params).await
    }

    pub(crate) async fn refresh(&self, ctx: &Ctx, token: &str) -> Result<Redeemed, Fault> {
        let params = params(&[("grant_type", "refresh_token"), ("refresh_token", token)]);
        redeem(ctx, &self.web.credentials(), params).await
    }
}

/// The secret of an access token.
pub(crate) fn access(redeemed: &Redeemed) -> &str {
    redeemed.access.secret.expose()
}

/// The secret of a refresh token.
pub(crate) fn refresh_token(redeemed: &Redeemed) -> &str {
    redeemed.refresh_token.as_ref().unwrap().expose()
}

pub(crate) fn params(pairs: &[(&str, &str)]) -> Params {
    Params::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).unwrap()
}

/// The fault of a refusal. (What is returned otherwise has no `Debug`: it may hold a secret.)
pub(crate) fn refused<T>(result: Result<T, Fault>) -> Fault {
    result.err().expect("a refusal")
}

async fn person(ctx: &Ctx, login: &str) -> (User, Secret) {
    let user = seed::user(ctx, login, login, UserType::InternalUser).unwrap();
    let (user, password) = seed::with_password(ctx, user).await.unwrap();
    let email = Some(format!("{login}@example.com"));
    (User { email, email_confirmed: true, ..user }, password)
}

fn client(client_id: &str) -> CreateApplication {
    CreateApplication {
        client_id: client_id.to_owned(),
        name: client_id.to_owned(),
        description: None,
        client_type: ClientType::Confidential,
        scopes: Scopes::parse("openid profile offline_access read update").unwrap(),
        redirect_uris: vec![CALLBACK.to_owned()],
        post_logout_redirect_uris: Vec::new(),
        metadata: serde_json::Map::new(),
        system_user: None,
        reference_tokens: ReferenceTokens::AuthenticatedUsers,
        access_token_format: AccessTokenFormat::Reference,
    }
}
