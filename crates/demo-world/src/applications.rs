use authority::clients::CreateApplication;
use authority::{Ctx, Fault, Scopes, seed};
use model::entities::{AccessTokenFormat, ClientType, ReferenceTokens, TrustedApplication};
use token::client_secret::PlainSecret;

use super::Application;
use super::people::{People, SERVICE};

/// Where the sign-in of every application of the world returns to.
const REDIRECT_URI: &str = "http://127.0.0.1:8765/callback";

/// The applications of the world.
pub(super) struct Applications {
    pub(super) rows: Vec<TrustedApplication>,
    pub(super) keys: Keys,
}

/// Those that can be used.
pub(super) struct Keys {
    pub(super) service: Application,
    pub(super) web: Application,
    pub(super) native: Application,
}

pub(super) fn prepare(ctx: &Ctx, people: &People) -> Result<Applications, Fault> {
    let service =
        asked("demo-service", "Nightly export", "Copies orders to the warehouse at night", "read update")?;
    let service = CreateApplication { reference_tokens: ReferenceTokens::AdministratorsOnly, ..service };
    let web = asked("demo-web", "Team board", "The board where the team plans its week", SIGN_IN)?;
    let web = CreateApplication { reference_tokens: ReferenceTokens::AuthenticatedUsers, ..web };
    let native = asked("demo-native", "Desk notes", "Notes on your own computer", SIGN_IN)?;
    let native = CreateApplication { client_type: ClientType::Public, ..native };
    let reports = asked("demo-reports", "Report server", "Makes the monthly reports", "read")?;
    let reports = CreateApplication { access_token_format: AccessTokenFormat::Jwt, ..reports };
    let retired = asked("demo-retired", "Old intranet", "Was replaced by the team board", "read openid")?;

    let (service, service_secret) = seed::client(ctx, service, people.id(SERVICE))?;
    let (web, web_secret) = seed::client(ctx, web, None)?;
    let (native, _) = seed::client(ctx, native, None)?;
    let (reports, _) = seed::client(ctx, reports, people.id("reports"))?;
    let (retired, _) = seed::client(ctx, retired, None)?;
    let retired = TrustedApplication { is_enabled: false, ..retired };
    Ok(Applications {
        keys: Keys {
            service: key(&service, service_secret),
            web: key(&web, web_secret),
            native: key(&native, None),
        },
        rows: vec![service, web, native, reports, retired],
    })
}

const SIGN_IN: &str = "openid profile email offline_access read update";

fn asked(client_id: &str, name: &str, description: &str, scopes: &str) -> Result<CreateApplication, Fault> {
    Ok(CreateApplication {
        client_id: client_id.to_owned(),
        name: name.to_owned(),
        description: Some(description.to_owned()),
        client_type: ClientType::Confidential,
        scopes: Scopes::parse(scopes)?,
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        post_logout_redirect_uris: Vec::new(),
        metadata: serde_json::Map::new(),
        system_user: None,
        reference_tokens: ReferenceTokens::None,
        access_token_format: AccessTokenFormat::Reference,
    })
}

fn key(application: &TrustedApplication, secret: Option<PlainSecret>) -> Application {
    Application { client_id: application.application_uri.clone(), secret, redirect_uri: REDIRECT_URI }
}
