use super::{AccessToken, TrustedApplication, User};
use crate::{Default, Filters, Ownership, Timestamp, Tracking, Uuid};

crate::enumeration! {
    /// The type of an audit event.
    pub enum AuditEventType {
        /// A user signed in.
        SignedIn = "signed_in",
        /// A sign-in failed because of a wrong password or code.
        SignInFailed = "sign_in_failed",
        /// Too many wrong passwords or codes were entered for the user. Browsers in which the user has not signed in before have to wait.
        SignInLocked = "sign_in_locked",
        /// A user signed out, or a session was ended.
        SignedOut = "signed_out",
        /// A password was changed.
        PasswordChanged = "password_changed",
        /// A second factor, passkey, set of recovery codes or provider account was added.
        FactorAdded = "factor_added",
        /// A second factor, passkey or provider account was removed.
        FactorRemoved = "factor_removed",
        /// The e-mail address of a user was changed or confirmed.
        EmailAddressChanged = "email_address_changed",
        /// An administrator removed the user's sign-in lock.
        UserUnlocked = "user_unlocked",
        /// The catalogue of scopes and resources was changed.
        CatalogueChanged = "catalogue_changed",
        /// A user was added.
        UserCreated = "user_created",
        /// Values of a user were changed by an administrator or by the user.
        UserUpdated = "user_updated",
        /// A link with which the user sets a password was created: an invitation, a way back, or by the operator of the machine.
        PasswordLinkGiven = "password_link_given",
        /// A user was deleted.
        UserDeleted = "user_deleted",
        /// An application was registered.
        ApplicationCreated = "application_created",
        /// The registration of an application was changed.
        ApplicationUpdated = "application_updated",
        /// An application received a new secret.
        ApplicationSecretRotated = "application_secret_rotated",
        /// The registration of an application was deleted.
        ApplicationDeleted = "application_deleted",
        /// A personal or service access token was created.
        TokenCreated = "token_created",
        /// The description or the permissions of a token were changed.
        TokenUpdated = "token_updated",
        /// A token was replaced by a successor with a new secret.
        TokenRotated = "token_rotated",
        /// An application obtained tokens. Recorded only if the operator enables it.
        TokenIssued = "token_issued",
        /// An administrator read the contents of grants (Data).
        ContentsRead = "contents_read",
        /// Objects were imported. Recorded only if the import asks for it.
        ObjectsImported = "objects_imported",
        /// A grant and all grants issued from it were revoked.
        GrantRevoked = "grant_revoked",
        /// A person consented to permissions of an application.
        ConsentGiven = "consent_given",
        /// A person withdrew their consent.
        ConsentWithdrawn = "consent_withdrawn",
        /// A person authorized the code of a device.
        CodeAuthorized = "code_authorized",
        /// A person denied the code of a device.
        CodeDenied = "code_denied",
        /// A set-based revocation was confirmed: all its members are refused.
        RevocationConfirmed = "revocation_confirmed",
        /// A secret was reported as leaked and was revoked.
        LeakReported = "leak_reported",
        /// An application presented a consumed refresh token and received the same response again, because the first one may have been lost.
        RefreshRepeated = "refresh_repeated",
    }
}

crate::enumeration! {
    /// The kind of object that an audit event concerns.
    pub enum AuditSubject {
        /// A grant.
        Grant = "grant",
        /// A user.
        User = "user",
        /// An application.
        Application = "application",
        /// The catalogue: a scope or a resource.
        Catalogue = "catalogue",
    }
}

crate::entity! {
    /// Security events: who did what, to which object, when and from where. Recorded in the transaction of the change, and never modified.
    AuditEvents of AuditEvent in "Systems.Security",
        table("Sec_Audit_Events"),
        since("26.3.0"),
        display("{TimeUtc}: {Type}"),
        read_only,
        tracking(Tracking::Nothing, Tracking::Nothing),
        owned_by(Ownership::References(&["ActorUser", "SubjectUser"]));

    attributes {
        /// Further details as a JSON object, without secrets.
        Data as data: Option<String>, max(crate::UNBOUNDED);
        /// The IP address from which the request came.
        IPAddress as ip_address: Option<String>, max(64), filter(Filters::EQUALS_IN);
        /// The kind of object that the event concerns.
        Subject as subject: AuditSubject, required, filter(Filters::EQUALS_IN);
        /// When it happened.
        TimeUtc as time_utc: Timestamp, required, default(Default::NowUtc), filter(Filters::RANGE), order_by;
        /// The type of the event.
        Type as event_type: AuditEventType, required, filter(Filters::EQUALS_IN);
        /// The User-Agent header of the request.
        UserAgent as user_agent: Option<String>, max(256);
    }
    references {
        /// The application that acted: the application of the access token of the request, or the one that authenticated itself.
        ActorApplication as actor_application_id: Option<Uuid> => TrustedApplication;
        /// The access token of the request, if it had one.
        ActorGrant as actor_grant_id: Option<Uuid> => AccessToken;
        /// The user who acted; null if unknown or if no user was involved.
        ActorUser as actor_user_id: Option<Uuid> => User;
        /// The grant that the event concerns.
        Grant as grant_id: Option<Uuid> => AccessToken;
        /// The user whom the event concerns: the owner of the grant, password or factor.
        SubjectUser as subject_user_id: Option<Uuid> => User;
        /// The application that the event concerns, or to which the grant belongs.
        TrustedApplication as trusted_application_id: Option<Uuid> => TrustedApplication;
    }
}
