use super::{AccessTokenAddress, AccessTokenScope, TrustedApplication, User};
use crate::{Default, Filters, Ownership, Timestamp, Tracking, Uuid};

crate::enumeration! {
    /// The kind of a grant: Type as an enumeration.
    pub enum GrantKind {
        /// A token that a person created for themselves; it acts as that person.
        PersonalAccessToken = "personal_access_token",
        /// A token that an administrator created for an application; it acts as the application's system user.
        ServiceAccessToken = "service_access_token",
        /// An access token that an application obtained.
        ReferenceToken = "reference_token",
        /// A token with which an application obtains further access tokens.
        RefreshToken = "refresh_token",
        /// A code that an application exchanges once after a sign-in in the browser.
        AuthorizationCode = "authorization_code",
        /// A code that a device or command-line tool exchanges once after a person approved it.
        DeviceCode = "device_code",
        /// A request to sign a person in that an application sent over the back channel. The person approves it on their own device, and the application exchanges it once.
        BackchannelRequest = "ciba_request",
        /// A person's consent to the permissions of an application.
        UserConsent = "user_consent",
    }
}

impl GrantKind {
    /// Returns whether a grant of this kind is the root of the tokens of a sign-in.
    pub const fn starts_family(self) -> bool {
        matches!(self, Self::AuthorizationCode | Self::DeviceCode | Self::BackchannelRequest)
    }
}

crate::enumeration! {
    /// Why a grant was revoked.
    pub enum RevocationReason {
        /// An authorized user or application requested the revocation.
        Requested = "requested",
        /// The person denied the request.
        Denied = "denied",
        /// A one-time grant was presented a second time, so it may have been stolen.
        Reused = "reused",
        /// The person signed out.
        SignedOut = "signed_out",
        /// The person withdrew their consent.
        ConsentWithdrawn = "consent_withdrawn",
        /// The secret was reported as found in a place where it does not belong.
        Leaked = "leaked",
        /// The person set a new password without knowing the previous one.
        PasswordReset = "password_reset",
        /// An authorized user revoked all grants that matched a filter.
        Matched = "matched",
        /// The user was disabled.
        UserDisabled = "user_disabled",
        /// Every caller of the rotated token uses its successor.
        Replaced = "replaced",
    }
}

crate::enumeration! {
    /// The state of a grant at the time of the query. If several apply, the first one counts.
    pub enum GrantState {
        /// It was revoked.
        Revoked = "revoked",
        /// It is a one-time grant and was consumed.
        Used = "used",
        /// It has expired.
        Expired = "expired",
        /// Its application or its user is disabled. It is live again if they are enabled.
        Disabled = "disabled",
        /// It can be used.
        Live = "live",
    }
}

crate::entity! {
    /// It keeps track of "grants" issued by Identity Server - Personal Access Tokens (PATs), refresh tokens, device codes, and consents.
    AccessTokens of AccessToken in "Systems.Security",
        table("Sec_Access_Tokens"),
        since("26.2.0.13"),
        display("{Id}: {AccessTokenKey}"),
        insertable,
        updatable,
        deletable,
        actions(crate::method::GRANT_ACTIONS),
        tracking(Tracking::Nothing, Tracking::AttributesAndBlobs),
        owned_by(Ownership::References(&["User"]));

    attributes {
        /// The unique key of the token
        AccessTokenKey as access_token_key: String, max(256), required, unique, filter(Filters::EQUALS_IN), order_by, indexed;
        /// For whom the token was issued (might be user email)
        Actor as actor: Option<String>, max(128), filter(Filters::EQUALS_IN);
        /// The networks from which the token may be used: addresses or CIDR blocks, separated by spaces. If empty, the token may be used from any address.
        AllowedIPAddresses as allowed_ip_addresses: Option<String>, max(1024), since("26.3.0"), settable;
        /// The IP address from which a person authorized the grant.
        AuthorizedIPAddress as authorized_ip_address: Option<String>, max(64), since("26.3.0");
        /// When a person authorized the grant.
        AuthorizedTimestamp as authorized_timestamp: Option<Timestamp>, since("26.3.0");
        /// The client application
        Client as client: Option<String>, max(128), filter(Filters::EQUALS_IN), set_at_creation;
        /// The key or certificate to which the token is bound, as its hash: the claim cnf of RFC 7800 as a JSON object.
        Confirmation as confirmation: Option<String>, max(256), since("26.3.0");
        /// When it was used up (for one-time grants).
        ConsumedTimestamp as consumed_timestamp: Option<Timestamp>, filter(Filters::RANGE);
        /// When the token was created
        CreationTimestamp as creation_timestamp: Timestamp, required, filter(Filters::RANGE), order_by, default(Default::NowUtc);
        /// Token contents
        Data as data: Option<String>, max(crate::UNBOUNDED), sealed;
        /// The description of this AccessToken.
        Description as description: Option<String>, max(128), settable;
        /// Whether a rotated token ends as soon as its successor was used from every address from which it was used itself in its last 30 days.
        EndsWhenAdopted as ends_when_adopted: bool, default(Default::Bool(false)), since("26.4.0");
        /// When the token expires
        ExpireTimestamp as expire_timestamp: Option<Timestamp>, filter(Filters::RANGE), settable;
        /// The kind of the grant: Type as an enumeration that can be filtered.
        Kind as kind: GrantKind, required, filter(Filters::EQUALS_IN), since("26.3.0"), set_at_creation;
        /// The IP address from which the token was last used.
        LastUsedIPAddress as last_used_ip_address: Option<String>, max(64), filter(Filters::EQUALS_IN), since("26.3.0");
        /// Indicates when the token was last used.
        LastUsedTimestamp as last_used_timestamp: Option<Timestamp>, filter(Filters::RANGE), since("26.2.0.18");
        /// Why the grant, or the grant from which it was issued, was revoked.
        RevocationReason as revocation_reason: Option<RevocationReason>, filter(Filters::EQUALS_IN), since("26.3.0");
        /// When the grant was revoked. A revoked grant is refused immediately and permanently.
        RevokedTimestamp as revoked_timestamp: Option<Timestamp>, filter(Filters::RANGE), since("26.3.0");
        /// Space-separated list of permissions granted to this token.
        Scopes as scopes: Option<String>, max(256), since("26.2.0.18"), set_at_creation;
        /// Session parameter
        Session as session: Option<String>, max(128), filter(Filters::EQUALS_IN);
    }
    views {
        /// Whether the grant can be used, and why not: computed from the grant, its application, its user and the time.
        State of state: GrantState, derived, filter(Filters::EQUALS_IN), since("26.4.0");
        /// Type of the token - reference_token, refresh_token, etc.
        Type of kind: String, max(64), required, set_at_creation;
    }
    references {
        /// The user who created the token, if a user did: for service access tokens, an administrator.
        CreatedBy as created_by_id: Option<Uuid> => User, since("26.3.0");
        /// The grant from which this grant was issued. Revoking a grant revokes all grants issued from it.
        Parent as parent_id: Option<Uuid> => AccessToken, since("26.3.0");
        /// The token that this token replaced by rotation.
        Predecessor as predecessor_id: Option<Uuid> => AccessToken, since("26.3.0");
        /// The token that replaced this token by rotation.
        Successor as successor_id: Option<Uuid> => AccessToken, since("26.3.0");
        /// Sec_Trusted_Applications // Matched trusted application (from Client)
        TrustedApplication as trusted_application_id: Option<Uuid> => TrustedApplication, set_at_creation;
        /// Matched user (from the actor)
        User as user_id: Option<Uuid> => User;
    }
    collections {
        /// The permissions granted to this token, one row each, with the time of last use.
        GrantedScopes of AccessTokenScope, via(AccessToken), since("26.3.0");
        /// The addresses from which a personal or service access token was used, one row each.
        UsedAddresses of AccessTokenAddress, via(AccessToken), since("26.4.0");
    }
}
