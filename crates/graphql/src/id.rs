//! Global ids: base64 of `<type>---<uuid>`, so that `node` knows the type of an id.

use async_graphql::ID;
use authority::Fault;
use data_encoding::BASE64;
use model::entities::{AccessToken, AuditEvent, TrustedApplication, User};
use model::{Entity, Record as _, Uuid};

/// The types that [`node`](super::query) finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum NodeType {
    AccessToken,
    AccessTokenCode,
    RefreshToken,
    AuthorizationCode,
    DeviceCode,
    BackchannelRequest,
    Consent,
    AuditEvent,
    Application,
    User,
}

const ALL: [NodeType; 10] = [
    NodeType::AccessToken,
    NodeType::AccessTokenCode,
    NodeType::RefreshToken,
    NodeType::AuthorizationCode,
    NodeType::DeviceCode,
    NodeType::BackchannelRequest,
    NodeType::Consent,
    NodeType::AuditEvent,
    NodeType::Application,
    NodeType::User,
];

const SEPARATOR: &str = "---";

impl NodeType {
    /// The name of the type in the schema.
    const fn name(self) -> &'static str {
        match self {
            Self::AccessToken => "APIAccessToken",
            Self::AccessTokenCode => "APIAccessTokenCode",
            Self::RefreshToken => "APIRefreshToken",
            Self::AuthorizationCode => "APIAuthorizationCode",
            Self::DeviceCode => "APIDeviceCode",
            Self::BackchannelRequest => "APIBackchannelRequest",
            Self::Consent => "APIConsent",
            Self::AuditEvent => "AuditEvent",
            Self::Application => "APIApplication",
            Self::User => "User",
        }
    }

    /// Whether this is a way to see a row of an entity.
    pub(super) fn is_of(self, entity: &Entity) -> bool {
        let own = match self {
            Self::Application => TrustedApplication::entity(),
            Self::User => User::entity(),
            Self::AuditEvent => AuditEvent::entity(),
            _ => AccessToken::entity(),
        };
        std::ptr::eq(own, entity)
    }

    /// The global id of a row.
    pub(super) fn id(self, uuid: Uuid) -> ID {
        encode(self.name(), uuid)
    }
}

/// The global id of something that is no node.
pub(super) fn encode(type_name: &str, uuid: Uuid) -> ID {
    ID(BASE64.encode(format!("{type_name}{SEPARATOR}{uuid}").as_bytes()))
}

/// Reads a global id.
///
/// # Errors
/// [`Fault::BadField`] where the text is none.
pub(super) fn decode(id: &ID) -> Result<(NodeType, Uuid), Fault> {
    read(id).ok_or_else(|| bad("this is not an id that this API gave"))
}

/// Reads the global id of a grant, or a grant's uuid.
///
/// # Errors
/// [`Fault::BadField`] where the text is neither.
pub(super) fn decode_grant(id: &ID) -> Result<Uuid, Fault> {
    if let Ok(uuid) = Uuid::try_parse(id) {
        return Ok(uuid);
    }
    match decode(id)? {
        (NodeType::Application | NodeType::AuditEvent | NodeType::User, _) => {
            Err(bad("this is not the id of a grant"))
        }
        (_, uuid) => Ok(uuid),
    }
}

/// Reads the global id of an application, or its uuid.
///
/// # Errors
/// [`Fault::BadField`] where the text is neither.
pub(super) fn decode_application(id: &ID) -> Result<Uuid, Fault> {
    if let Ok(uuid) = Uuid::try_parse(id) {
        return Ok(uuid);
    }
    match decode(id)? {
        (NodeType::Application, uuid) => Ok(uuid),
        _ => Err(bad("this is not the id of an APIApplication")),
    }
}

/// Reads the global id of a device code.
///
/// # Errors
/// [`Fault::BadField`] where the text is none.
pub(super) fn decode_code(id: &ID) -> Result<Uuid, Fault> {
    match decode(id)? {
        (NodeType::AccessTokenCode, uuid) => Ok(uuid),
        _ => Err(bad("this is not the id of an APIAccessTokenCode")),
    }
}

fn read(id: &ID) -> Option<(NodeType, Uuid)> {
    let plain = String::from_utf8(BASE64.decode(id.as_bytes()).ok()?).ok()?;
    let (name, uuid) = plain.split_once(SEPARATOR)?;
    let node_type = ALL.into_iter().find(|node_type| node_type.name() == name)?;
    Some((node_type, Uuid::try_parse(uuid).ok()?))
}

fn bad(message: &str) -> Fault {
    Fault::BadField { field: "id", message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_and_others_are_refused() {
        let uuid = Uuid::from_u128(0x0198_c5f2_7f3a_7c44_9d2f_3b1f_0a5e_6c7d);
        for node_type in ALL {
            assert_eq!(decode(&node_type.id(uuid)).unwrap(), (node_type, uuid));
        }
        let id = NodeType::AccessToken.id(uuid);
        assert_eq!(BASE64.decode(id.as_bytes()).unwrap(), format!("APIAccessToken---{uuid}").as_bytes());
        assert_eq!(decode_grant(&ID(uuid.to_string())).unwrap(), uuid);
        assert_eq!(decode_grant(&NodeType::AccessTokenCode.id(uuid)).unwrap(), uuid);
        assert!(decode_grant(&NodeType::User.id(uuid)).is_err());
        assert!(decode_code(&id).is_err());
        for wrong in ["", "x", &uuid.to_string(), &encode("Viewer", uuid), &encode("APIAccessToken-", uuid)] {
            assert!(
                matches!(decode(&ID(wrong.to_owned())), Err(Fault::BadField { field: "id", .. })),
                "{wrong}"
            );
        }
    }
}
