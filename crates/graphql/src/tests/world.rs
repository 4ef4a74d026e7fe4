//! The demonstration world in a folder that goes away.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_graphql::Variables;
use authority::clients::COMMAND_LINE;
use authority::sign_in::session::{BrowserContext, SignIn, SignedIn, find_session, sign_in};
use authority::tokens::{CreateToken, create_token};
use authority::users::set_up::register_command_line;
use authority::{AllowedAddresses, Authority, AuthorityOptions, Caller, Ctx, Scopes, Settings};
use demo_world::Person;
use model::Timestamp;
use serde_json::{Value, json};
use token::password::PasswordParams;
use web::App;

use crate::context::ResolverContext;
use crate::execute::{AllowedOperations, prepare};
use crate::limits::Limits;
use crate::rejection::PrepareError;
use crate::request::GraphqlRequest;
use crate::response::GraphqlResponse;
use crate::run::run;
use crate::service::Service;

/// The world, and the ways into it.
pub(super) struct World {
    pub(super) app: Arc<App>,
    pub(super) service: Arc<Service>,
    pub(super) ctx: Ctx,
    pub(super) admin: Person,
    pub(super) user: Person,
    _folder: Folder,
}

/// The address from which all requests come.
pub(super) const ADDRESS: &str = "203.0.113.7";

impl World {
    pub(super) async fn make() -> Self {
        let folder = Folder::new();
        let random = Arc::new(token::SystemRandom);
        let settings =
            Settings { password_params: PasswordParams::CHEAP, ..Settings::new("http://127.0.0.1:8080") };
        let opening = AuthorityOptions {
            location: store::Location::Sqlite(folder.0.join("grantor.db")),
            keyring: token::seal::Keyring::generate(random.as_ref()).unwrap(),
            prefix: token::Prefix::parse("grt").unwrap(),
            random,
            // A test says itself what the moment is.
            clock: || Timestamp::from_seconds(0),
            settings,
            breach_list: None,
            earlier_keys: None,
            client_authorities: None,
        };
        let now = Timestamp::parse("2026-08-01T00:00:00Z").unwrap();
        let authority = Authority::open(opening, now).await.unwrap();
        let ctx = Ctx::new(Arc::clone(&authority), now, ADDRESS.parse::<std::net::IpAddr>().unwrap());
        register_command_line(&ctx).await.unwrap();
        let made = demo_world::make_world(&ctx).await.unwrap().unwrap();
        let app = App {
            upstream: web::upstream::Upstream::new(&[]).unwrap(),
            authority,
            demo: true,
            proxies: web::http::Proxies::default(),
            client_certificate_header: None,
            cross_origin: web::http::CrossOrigin::default(),
            rate_limits: Arc::default(),
            metrics: web::metrics::Metrics::default(),
            tasks: Arc::default(),
            sent_forms: web::http::SentForms::default(),
        };
        Self {
            app: Arc::new(app),
            service: Arc::default(),
            ctx,
            admin: made.admin,
            user: made.user,
            _folder: folder,
        }
    }

    /// Signs one of the two in.
    pub(super) async fn sign_in(&self, person: &Person) -> SignedIn {
        signed_in(&self.ctx, &person.login, &person.password).await
    }

    /// One of the two, at a page.
    pub(super) async fn at_page(&self, person: &Person) -> Caller {
        let signed_in = self.sign_in(person).await;
        find_session(&self.ctx, signed_in.secret.expose()).await.unwrap()
    }

    /// One of the two, with their token.
    pub(super) async fn with_token(&self, person: &Person) -> Caller {
        Caller::from_token(&self.ctx, person.pat.expose()).await.unwrap()
    }

    /// The secret of a new token of one of the two.
    pub(super) async fn new_token(&self, person: &Person, scopes: &str) -> String {
        let request = CreateToken {
            service: false,
            client_id: COMMAND_LINE.to_owned(),
            description: Some("For a test".to_owned()),
            scopes: Scopes::parse(scopes).unwrap(),
            expires: None,
            allowed: AllowedAddresses::default(),
        };
        let caller = self.at_page(person).await;
        create_token(&self.ctx, &caller, request).await.unwrap().secret.expose().to_owned()
    }

    /// One of the two, with a new token.
    pub(super) async fn limited_to(&self, person: &Person, scopes: &str) -> Caller {
        let secret = self.new_token(person, scopes).await;
        Caller::from_token(&self.ctx, &secret).await.unwrap()
    }

    /// The answer to a document, as JSON.
    pub(super) async fn ask(&self, caller: &Caller, query: &str, variables: Value) -> Value {
        serde_json::to_value(self.answer(caller, query, variables).await).unwrap()
    }

    /// The answer to a document.
    pub(super) async fn answer(&self, caller: &Caller, query: &str, variables: Value) -> GraphqlResponse {
        let limits = Limits::default();
        let resolver = ResolverContext::new(self.ctx.clone(), caller.clone());
        let variables = Variables::from_json(variables);
        let request = GraphqlRequest { query: query.to_owned(), operation_name: None, variables };
        match prepare(&limits, &resolver, &request, AllowedOperations::QueriesAndMutations) {
            Ok(operation) => run(&self.service.schema, &limits, operation).await.response,
            Err(PrepareError::Fault(fault)) => GraphqlResponse::from(&fault),
            Err(PrepareError::Document(errors)) => GraphqlResponse::refusing(errors),
            Err(PrepareError::NotAllowed(operation)) => panic!("a {operation} is not answered here"),
        }
    }

    /// The data of an answer without errors.
    pub(super) async fn data(&self, caller: &Caller, query: &str, variables: Value) -> Value {
        let mut answer = self.ask(caller, query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].take()
    }

    /// The extensions of the one error of an answer.
    pub(super) async fn refusal(&self, caller: &Caller, query: &str, variables: Value) -> Value {
        let mut answer = self.ask(caller, query, variables).await;
        assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer}");
        answer["errors"][0]["extensions"].take()
    }

    /// The global id of a caller's own token.
    pub(super) async fn token_id(&self, caller: &Caller) -> String {
        let data = self.data(caller, "{ viewer { token { id } } }", json!({})).await;
        data["viewer"]["token"]["id"].as_str().unwrap().to_owned()
    }
}

/// What a refusal for want of a code says.
pub(super) fn code(code: &str) -> Value {
    json!({ "code": code })
}

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("grantor-graphql-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Signs a user in who has no second factor.
pub(super) async fn signed_in(ctx: &Ctx, login: &str, password: &authority::Secret) -> SignedIn {
    let place = BrowserContext { before: None, browser: "", cookie: "", known: None };
    match sign_in(ctx, place, login, password).await.unwrap() {
        SignIn::Complete(signed_in) => *signed_in,
        SignIn::SecondFactorRequired(_) => panic!("a second factor is request for"),
    }
}
