//! Grants: personal and service access tokens are created and changed, every grant is revoked.

use model::entities::{AccessToken, GrantKind, TrustedApplication};
use model::writing::{FieldError, Given, Intent, codes};
use model::{Field, Record as _, Timestamp, Uuid, Value};
use store::Tx;

use super::fields::{Fields, renamed};
use super::row::{self, Asked};
use super::{Action, Condition, Outcome, Secret, Step, not_writable};
use authority::tokens::create::{CreateToken, NewToken};
use authority::tokens::narrow::narrow_in;
use authority::tokens::revoke::revoke_in;
use authority::tokens::rotate::{RotateToken, Rotation};
use authority::tokens::update::{UpdateToken, update_in};
use authority::{AllowedAddresses, Caller, Ctx, Fault, Scopes};

pub(super) async fn prepare(ctx: &Ctx, caller: &Caller, id: Uuid, action: Action) -> Result<Step, Fault> {
    let by = caller.clone();
    match action {
        Action::Create(given) => create(ctx, caller, id, given).await,
        Action::Update { given, replaces, condition } => {
            let asked = Asked { given, replaces, condition };
            Ok(Box::new(move |ctx, tx| update(ctx, tx, &by, id, &asked)))
        }
        Action::Delete(condition) => Ok(Box::new(move |ctx, tx| {
            row::find(tx, id, &condition, version, |grant| by.may_manage(ctx, grant.user_id))?;
            revoke_in(ctx, tx, &by, id)?;
            Ok(Outcome::default())
        })),
        Action::Call { method, arguments, condition } => {
            call(ctx, caller, id, method.name, Arguments(arguments), condition).await
        }
    }
}

/// The arguments of an action.
struct Arguments(Vec<(&'static str, Value)>);

impl Arguments {
    fn get<T: Field>(&self, name: &str) -> Option<T> {
        let (_, value) = self.0.iter().find(|(own, _)| *own == name)?;
        T::from_value(value.clone()).ok()
    }
}

async fn call(
    ctx: &Ctx,
    caller: &Caller,
    id: Uuid,
    name: &str,
    arguments: Arguments,
    condition: Condition,
) -> Result<Step, Fault> {
    let by = caller.clone();
    let find = move |ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller| {
        row::find(tx, id, &condition, version, |grant: &AccessToken| by.may_manage(ctx, grant.user_id))
    };
    match name {
        "Revoke" => Ok(Box::new(move |ctx, tx| {
            find(ctx, tx, &by)?;
            revoke_in(ctx, tx, &by, id)?;
            Ok(Outcome::default())
        })),
        "Rotate" => {
            let (overlap, expires) = (arguments.get::<i32>("overlap"), arguments.get("expires"));
            let until_adopted = arguments.get("untilAdopted").unwrap_or_default();
            let asked = RotateToken { overlap: overlap.map_or(0, i64::from), until_adopted, expires };
            let (rotation, prepared) = Rotation::prepare(ctx, caller, id, asked).await.map_err(named)?;
            let secret = Some(Secret::of_text(prepared.expose()));
            let successor = (prepared.grant.id, prepared.grant.object_version);
            Ok(Box::new(move |ctx, tx| {
                find(ctx, tx, &by)?;
                rotation.apply(ctx, tx, &by)?;
                let (created, version) = (Some(successor.0), successor.1);
                Ok(Outcome { created, secret: secret.clone(), ..Outcome::of_version(version) })
            }))
        }
        "Narrow" => {
            let keep = arguments.get::<String>("scopes").map(|text| Scopes::parse(&text)).transpose();
            let keep = keep.map_err(|invalid| named(invalid.into()))?;
            ctx.authority().write_last_uses().await?;
            Ok(Box::new(move |ctx, tx| {
                find(ctx, tx, &by)?;
                narrow_in(ctx, tx, &by, id, keep.as_ref()).map_err(named)?;
                let now: Option<AccessToken> = tx.find(id)?;
                Ok(now.as_ref().map(version).map_or_else(Outcome::default, Outcome::of_version))
            }))
        }
        _ => Err(not_writable(AccessToken::entity())),
    }
}

/// Names the parameter that a verb refuses.
fn named(fault: Fault) -> Fault {
    renamed(fault, |field| match field {
        "overlap" => Some("overlap"),
        "expires" => Some("expires"),
        "scopes" => Some("scopes"),
        _ => None,
    })
}

fn version(grant: &AccessToken) -> i32 {
    grant.object_version
}

/// A token that a client asks for. The client_id follows from the row of the application.
struct Wanted {
    service: bool,
    application: Option<Uuid>,
    client_id: Option<String>,
    description: Option<String>,
    scopes: Scopes,
    expires: Option<Timestamp>,
    allowed: AllowedAddresses,
}

async fn create(ctx: &Ctx, caller: &Caller, id: Uuid, given: Given) -> Result<Step, Fault> {
    let wanted = wanted(&given)?;
    let new = NewToken::prepare(ctx, caller, wanted.service).await?;
    Ok(Box::new(move |ctx, tx| {
        let asked = CreateToken {
            service: wanted.service,
            client_id: client_id(tx, &wanted)?,
            description: wanted.description.clone(),
            scopes: wanted.scopes.clone(),
            expires: wanted.expires,
            allowed: wanted.allowed.clone(),
        };
        let application = if wanted.application.is_some() { "TrustedApplication" } else { "Client" };
        let issued = new.apply(ctx, tx, id, &asked).map_err(|fault| renamed(fault, name_of(application)))?;
        row::set_external::<AccessToken>(tx, id, &given)?;
        let secret = Some(Secret::of_text(issued.secret.expose()));
        Ok(Outcome { secret, ..Outcome::of_version(issued.grant.object_version) })
    }))
}

fn wanted(given: &Given) -> Result<Wanted, Fault> {
    let mut fields = Fields::check(AccessToken::entity(), Intent::Create { owner: None }, given);
    let service = is_service(&mut fields);
    let (application, client_id) = (fields.row("TrustedApplication"), fields.text("Client"));
    if application.is_none() && client_id.is_none() {
        fields
            .refuse("TrustedApplication", "the application is needed, here or by its client_id in 'Client'");
    }
    let wanted = Wanted {
        service,
        application,
        client_id,
        description: fields.text("Description"),
        scopes: fields.parsed("Scopes", Scopes::parse),
        expires: fields.time("ExpireTimestamp"),
        allowed: fields.parsed("AllowedIPAddresses", AllowedAddresses::parse),
    };
    fields.end()?;
    Ok(wanted)
}

/// Returns whether a service access token is asked for. The other kinds are refused with the reason.
fn is_service(fields: &mut Fields<'_>) -> bool {
    let name = if fields.has("Kind") { "Kind" } else { "Type" };
    let Some(code) = fields.text(name) else { return false };
    let reason = match GrantKind::from_code(&code) {
        Some(GrantKind::PersonalAccessToken) => return false,
        Some(GrantKind::ServiceAccessToken) => return true,
        Some(kind) => format!("{} is created by the protocol alone: {}", kind.code(), origin(kind)),
        None => {
            let codes: Vec<_> = GrantKind::ALL.iter().map(|kind| kind.code()).collect();
            format!("one of {} is expected", codes.join(", "))
        }
    };
    fields.refuse(name, reason);
    false
}

/// Returns the way in which a grant of a kind comes into being.
const fn origin(kind: GrantKind) -> &'static str {
    match kind {
        GrantKind::PersonalAccessToken | GrantKind::ServiceAccessToken => {
            "a user or an administrator asks for it"
        }
        GrantKind::ReferenceToken | GrantKind::RefreshToken => {
            "an application obtains it at the token endpoint"
        }
        GrantKind::AuthorizationCode => "an application obtains it at the authorization endpoint",
        GrantKind::DeviceCode => "a device obtains it at the device authorization endpoint",
        GrantKind::BackchannelRequest => "an application sends it over the back channel",
        GrantKind::UserConsent => "a user gives it on the consent page",
    }
}

/// Returns the client_id of the application. Two descriptions of it have to agree.
fn client_id(tx: &Tx<'_>, wanted: &Wanted) -> Result<String, Fault> {
    let Some(id) = wanted.application else { return Ok(wanted.client_id.clone().unwrap_or_default()) };
    let wrong = |name, code, message| Fault::BadFields(vec![FieldError::new(name, code, message)]);
    let found: Option<TrustedApplication> = tx.find(id)?;
    let none = || wrong("TrustedApplication", codes::BAD_REFERENCE, "there is no such application");
    let client_id = found.ok_or_else(none)?.application_uri;
    if wanted.client_id.as_ref().is_some_and(|other| *other != client_id) {
        return Err(wrong(
            "Client",
            codes::CONTRADICTION,
            "this is another application than that of 'TrustedApplication'",
        ));
    }
    Ok(client_id)
}

fn update(ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller, id: Uuid, asked: &Asked) -> Result<Outcome, Fault> {
    let may_see = |grant: &AccessToken| by.may_manage(ctx, grant.user_id);
    let grant = row::find_locked(tx, id, &asked.condition, version, may_see)?;
    let changes = row::changes(ctx, &grant, asked)?;
    if changes.values.is_empty() {
        return Ok(Outcome::of_version(grant.object_version));
    }
    let mut fields = Fields::checked(&changes);
    let (expires, allowed) = ("ExpireTimestamp", "AllowedIPAddresses");
    if fields.has(expires) && fields.time(expires).is_none() {
        fields.refuse(expires, "a token does not live longer than it was made for; rotate it");
    }
    let networks = fields.parsed(allowed, AllowedAddresses::parse);
    if fields.has(allowed) && networks == AllowedAddresses::default() {
        fields.refuse(allowed, "a token cannot be used from more networks than before; rotate it");
    }
    let update = UpdateToken {
        description: fields.has("Description").then(|| fields.text("Description").unwrap_or_default()),
        expires: fields.time(expires),
        allowed: fields.has(allowed).then_some(networks),
    };
    fields.end()?;
    let token = update_in(ctx, tx, by, id, &update).map_err(|fault| renamed(fault, name_of("Client")))?;
    row::set_external::<AccessToken>(tx, id, &changes)?;
    Ok(Outcome::of_version(token.object_version))
}

/// Returns the property that a verb calls by another name.
fn name_of(application: &'static str) -> impl Fn(&str) -> Option<&'static str> {
    move |field| match field {
        "client_id" => Some(application),
        "expires" => Some("ExpireTimestamp"),
        "allowed_ip_addresses" => Some("AllowedIPAddresses"),
        "scopes" => Some("Scopes"),
        "id" => Some("Kind"),
        "Description" => Some("Description"),
        _ => None,
    }
}
