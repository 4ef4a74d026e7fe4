use super::{AccessToken, TrustedApplication, User};
use crate::{Default, Filters, Ownership, Timestamp, Tracking, Uuid};

crate::enumeration! {
    /// What happened.
    pub enum AuditEventType {
        /// Somebody signed in.
        SignedIn = "signed_in",
        /// Somebody tried to sign in with a wrong password or code.
        SignInFailed = "sign_in_failed",
        /// Too many passwords or codes of the user were wrong, so browsers in which nobody signed in before have to wait.
        SignInLocked = "sign_in_locked",
        /// Somebody signed out, or a session was ended.
        SignedOut = "signed_out",
        /// A password was changed.
        PasswordChanged = "password_changed",
        /// A second factor, passkey, set of recovery codes or account at a provider was added.
        FactorAdded = "factor_added",
        /// A second factor, passkey or account at a provider was removed.
        FactorRemoved = "factor_removed",
        /// The e-mail address of a user was changed, or shown to be theirs.
        EmailAddressChanged = "email_address_changed",
        /// An administrator let the user try passwords and codes again at once.
        UserUnlocked = "user_unlocked",
        /// The catalogue of scopes and resources was changed.
        CatalogueChanged = "catalogue_changed",
        /// A user was added.
        UserCreated = "user_created",
        /// An application was registered.
        ApplicationCreated = "application_created",
        /// The registration of an application was changed.
        ApplicationUpdated = "application_updated",
        /// An application got a new secret.
        ApplicationSecretRotated = "application_secret_rotated",
        /// The registration of an application was withdrawn.
        ApplicationDeleted = "application_deleted",
        /// Somebody made a personal or service access token.
        TokenCreated = "token_created",
        /// A token was changed: its description, or what it may be used for.
        TokenUpdated = "token_updated",
        /// A token got a successor with a new secret.
        TokenRotated = "token_rotated",
        /// An application obtained tokens. Written where the operator wants it.
        TokenIssued = "token_issued",
        /// A grant was revoked, with all that came from it.
        GrantRevoked = "grant_revoked",
        /// A person agreed that an application may do something.
        ConsentGiven = "consent_given",
        /// A person took back what they had agreed to.
        ConsentWithdrawn = "consent_withdrawn",
        /// A person authorized the code of a device.
        CodeAuthorized = "code_authorized",
        /// A person denied the code of a device.
        CodeDenied = "code_denied",
        /// Somebody found a secret where it does not belong, and it was revoked.
        LeakReported = "leak_reported",
        /// An application presented a refresh token that was used up, and got the same answer once more: it may have been lost.
        RefreshRepeated = "refresh_repeated",
    }
}

crate::enumeration! {
    /// What an event is about.
    pub enum AuditSubject {
        /// A grant.
        Grant = "grant",
        /// A user.
        User = "user",
        /// An application.
        Application = "application",
        /// What can be granted: a scope or a resource.
        Catalogue = "catalogue",
    }
}

crate::entity! {
    /// What happened that matters for security: who did what to what, when and from where. Written in the transaction of what happened, and never changed.
    AuditEvents of AuditEvent in "Systems.Security",
        table("Sec_Audit_Events"),
        since("26.3.0"),
        display("{TimeUtc}: {Type}"),
        read_only,
        tracking(Tracking::Nothing, Tracking::Nothing),
        owned_by(Ownership::References(&["ActorUser", "SubjectUser"]));

    attributes {
        /// What is known besides, as a JSON object. It has no secrets.
        Data as data: Option<String>, max(crate::UNBOUNDED);
        /// The IP address from which it was done.
        IPAddress as ip_address: Option<String>, max(64), filter(Filters::EQUALS_IN);
        /// What the event is about.
        Subject as subject: AuditSubject, required, filter(Filters::EQUALS_IN);
        /// When it happened.
        TimeUtc as time_utc: Timestamp, required, default(Default::NowUtc), filter(Filters::RANGE), order_by;
        /// What happened.
        Type as event_type: AuditEventType, required, filter(Filters::EQUALS_IN);
        /// What the client called itself.
        UserAgent as user_agent: Option<String>, max(256);
    }
    references {
        /// The application by which it was done: that of the token which the request carried, or that asked by itself.
        ActorApplication as actor_application_id: Option<Uuid> => TrustedApplication;
        /// The token by which it was done, where the request carried one.
        ActorGrant as actor_grant_id: Option<Uuid> => AccessToken;
        /// The user who did it; nobody, where it was not known who it was or nobody had to be.
        ActorUser as actor_user_id: Option<Uuid> => User;
        /// The grant that the event is about.
        Grant as grant_id: Option<Uuid> => AccessToken;
        /// The user whom the event concerns: whose grant, password or factor it is.
        SubjectUser as subject_user_id: Option<Uuid> => User;
        /// The application that the event is about, or whose grant it is.
        TrustedApplication as trusted_application_id: Option<Uuid> => TrustedApplication;
    }
}
