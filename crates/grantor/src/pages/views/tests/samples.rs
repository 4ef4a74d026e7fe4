//! Every page in each of its states, with a given text wherever a page shows one from outside.

use askama::Template;
use model::Timestamp;
use model::entities::GrantKind;

use crate::pages::views::*;

/// The pages by name, with plausible texts.
pub(super) fn plain() -> Vec<(&'static str, String)> {
    pages(&|text| text.to_owned())
}

/// The pages by name, with the text in every place where a text can come from outside.
pub(super) fn with(text: &str) -> Vec<(&'static str, String)> {
    pages(&|_| text.to_owned())
}

type Text<'a> = &'a dyn Fn(&str) -> String;

fn pages(text: Text<'_>) -> Vec<(&'static str, String)> {
    [
        entrance(text),
        set_up(text),
        authorize(text),
        catalogue(text),
        device(text),
        requests(text),
        tokens(text),
        new_token(text),
        my_sign_in(text),
        mail(text),
        errors(text),
    ]
    .concat()
}

fn shown(view: &impl Template) -> String {
    view.render().unwrap()
}

fn visitor(text: Text<'_>) -> Shell {
    Shell { user: None, csrf: text("f0c3b1"), section: Section::Other, demo: false }
}

fn person(text: Text<'_>, section: Section) -> Shell {
    let user = SignedIn { name: text("Ada Winter"), login: text("ada"), is_admin: false };
    Shell { user: Some(user), csrf: text("f0c3b1"), section, demo: false }
}

fn administrator(text: Text<'_>, section: Section) -> Shell {
    let user = SignedIn { name: text("Grace Sommer"), login: text("grace"), is_admin: true };
    Shell { user: Some(user), csrf: text("f0c3b1"), section, demo: true }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn entrance(text: Text<'_>) -> Vec<(&'static str, String)> {
    let start = |demo| {
        let shell = Shell { demo, ..visitor(text) };
        shown(&StartPage { shell, base_url: text("https://grants.example.org") })
    };
    let passkey =
        || Some(PasskeyChallenge { challenge: text("Y2hhbGxlbmdl"), rp_id: text("grants.example.org") });
    let sign_in = |login: String, error| {
        shown(&SignInPage {
            shell: visitor(text),
            return_to: text("/tokens"),
            login,
            passkey: passkey(),
            providers: vec![provider(text, "/signin/provider/acme?return_to=%2Ftokens")],
            can_reset: true,
            notice: Some(text("The new password is set. Sign in with it.")),
            error,
        })
    };
    let graphql = |shell| shown(&GraphqlPage { shell, base_url: text("https://grants.example.org") });
    let second = |error| {
        shown(&SecondFactorPage {
            shell: visitor(text),
            totp: true,
            return_to: text("/tokens"),
            passkey: passkey(),
            error,
        })
    };
    vec![
        ("second-factor", second(None)),
        ("second-factor-error", second(Some(text("This code does not fit.")))),
        ("graphql", graphql(visitor(text))),
        ("graphql-signed-in", graphql(administrator(text, Section::Other))),
        ("start", start(false)),
        ("start-demo", start(true)),
        ("sign-in", sign_in(String::new(), None)),
        (
            "sign-in-error",
            sign_in(text("ada"), Some(text("Login or password is wrong. Both are case-sensitive."))),
        ),
    ]
}

fn set_up(text: Text<'_>) -> Vec<(&'static str, String)> {
    let page = |login, errors| {
        let (name, email) = (text("Grace Sommer"), text("grace@example.org"));
        let action = text("/setup/4fHq2");
        shown(&SetUpPage { shell: visitor(text), action, login, name, email, password_length: 12, errors })
    };
    let errors = SetUpErrors {
        form: Some(text("Please correct what is marked.")),
        login: Some(text("Enter a login.")),
        name: Some(text("Enter your name.")),
        email: Some(text("“grace@” is not an email address.")),
        password: Some(text("This password is among the most common ones.")),
        password_again: Some(text("The two passwords differ.")),
    };
    vec![
        ("set-up", page(String::new(), SetUpErrors::default())),
        ("set-up-error", page(text("grace"), errors)),
        ("set-up-used", shown(&SetUpUsedPage { shell: visitor(text) })),
    ]
}

fn authorize(text: Text<'_>) -> Vec<(&'static str, String)> {
    let sign_out = |application| {
        let (shell, request) = (person(text, Section::Other), text("client_id=board"));
        shown(&SignOutPage { shell, application, request })
    };
    let signed_out = |frames, go_on| shown(&SignedOutPage { shell: visitor(text), frames, go_on });
    let consent = ConsentPage {
        shell: person(text, Section::Other),
        application: text("Team board"),
        client_id: text("board"),
        description: Some(text("The board where the team plans its week")),
        registration: Registration::Itself,
        login: text("ada"),
        scopes: ["openid", "read", "offline_access"]
            .map(|name| (scope(text, name), name != "openid"))
            .to_vec(),
        details: vec![(text("payment"), text("{\n  \"sum\": 5\n}"))],
        services: vec![(text("Orders"), text("https://orders.example/api"))],
        returns_to: text("board.example.org"),
        request: text("client_id=board&response_type=code"),
    };
    let account = AccountPage {
        shell: person(text, Section::Other),
        application: text("Team board"),
        name: text("Ada Winter"),
        login: text("ada"),
        go_on: text("/id/connect/authorize?client_id=board"),
        sign_in: text("/signin?again=1"),
    };
    vec![
        ("consent", shown(&consent)),
        ("account", shown(&account)),
        ("sign-out", sign_out(Some(text("Team board")))),
        ("sign-out-bare", sign_out(None)),
        ("signed-out", signed_out(Vec::new(), None)),
        (
            "signed-out-told",
            signed_out(
                vec![
                    text("https://board.example.org/out?iss=i&sid=1"),
                    text("https://desk.example.org/out?sid=1"),
                ],
                Some(text("https://board.example.org/bye")),
            ),
        ),
    ]
}

fn requests(text: Text<'_>) -> Vec<(&'static str, String)> {
    let card = |id: &str, binding_message, details| RequestCard {
        id: text(id),
        application: text("Call centre"),
        client_id: text("call-centre"),
        description: Some(text("Where we answer your calls")),
        binding_message,
        scopes: vec![scope(text, "openid"), scope(text, "read")],
        details,
        asked_from: text("192.0.2.7"),
        asked_at: at("2026-07-01T10:00:00Z"),
        valid_until: at("2026-07-01T10:05:00Z"),
    };
    let page = |notice, error, requests| {
        shown(&RequestsPage { shell: person(text, Section::Requests), notice, error, requests })
    };
    let two = vec![
        card("018f", Some(text("W4SCT")), vec![(text("payment"), text("{\n  \"sum\": 5\n}"))]),
        card("019f", None, Vec::new()),
    ];
    vec![
        ("requests", page(None, None, two)),
        ("requests-done", page(Some(text("Approved. The application goes on by itself.")), None, Vec::new())),
        ("requests-late", page(None, Some(text("This request was decided already.")), Vec::new())),
    ]
}

fn device(text: Text<'_>) -> Vec<(&'static str, String)> {
    let code =
        |user_code, error| shown(&DeviceCodePage { shell: person(text, Section::Device), user_code, error });
    let result = |outcome, application| {
        shown(&DeviceResultPage { shell: person(text, Section::Device), outcome, application })
    };
    vec![
        ("device-code", code(String::new(), None)),
        (
            "device-code-error",
            code(text("WDJB-MJH"), Some(text("A code has eight letters, this one has seven."))),
        ),
        ("device-approval", shown(&approval(text))),
        ("device-approval-unknown", shown(&bare_approval(text))),
        ("device-approved", result(DeviceOutcome::Approved, Some(text("Grantor command line")))),
        ("device-denied", result(DeviceOutcome::Denied, None)),
        ("device-expired", result(DeviceOutcome::Expired, Some(text("Grantor command line")))),
        ("device-used", result(DeviceOutcome::AlreadyUsed, None)),
    ]
}

fn scope(text: Text<'_>, name: &str) -> Scope {
    let meaning = match name {
        "read" => "Read data that you can read",
        "update" => "Create, change and delete data that you can change",
        _ => "A permission that the application defines",
    };
    Scope { name: text(name), meaning: text(meaning) }
}

fn approval(text: Text<'_>) -> DeviceApprovalPage {
    DeviceApprovalPage {
        shell: administrator(text, Section::Device),
        user_code: text("WDJB-MJHT"),
        application: DeviceApplication {
            name: text("Grantor command line"),
            client_id: text("grantor-cli"),
            description: Some(text("The command-line tool that comes with Grantor.")),
            registration: Registration::BuiltIn,
        },
        request_description: Some(text("grantor login on build-3.example.org, by ada")),
        scopes: ["read", "update", "sec", "offline_access"].map(|name| scope(text, name)).to_vec(),
        asked_from: text("2001:db8:85a3::8a2e:370:7334"),
        asked_at: at("2026-03-14T09:05:00Z"),
        valid_until: at("2026-03-14T09:20:00Z"),
    }
}

fn bare_approval(text: Text<'_>) -> DeviceApprovalPage {
    let application = DeviceApplication {
        name: text("Photo printer in the hall with a name that does not want to end anywhere soon"),
        client_id: text("3b9c1c4e-2f0a-4f5e-9d0c-7f7a1c0f2b11-self-registered-application"),
        description: None,
        registration: Registration::Administrator,
    };
    DeviceApprovalPage { application, request_description: None, scopes: Vec::new(), ..approval(text) }
}

fn row(text: Text<'_>, kind: GrantKind, state: TokenState, description: &str) -> TokenRow {
    TokenRow {
        id: text("0197f3c2-7d1e-7c3a-9b1e-0242ac120002"),
        description: if description.is_empty() { String::new() } else { text(description) },
        kind,
        application: Some(text("Reporting")),
        scopes: vec![text("read"), text("update")],
        created: at("2026-02-01T10:00:00Z"),
        expires: Some(at("2026-05-02T10:00:00Z")),
        last_used: Some(LastUse { at: at("2026-03-13T23:59:00Z"), address: Some(text("203.0.113.7")) }),
        state,
    }
}

fn rows(text: Text<'_>) -> Vec<TokenRow> {
    use GrantKind::*;
    use TokenState::*;
    let unused = |row: TokenRow| TokenRow { last_used: None, expires: None, ..row };
    vec![
        row(text, PersonalAccessToken, Active, "Nightly export on build-3"),
        unused(row(text, ServiceAccessToken, Active, "Monitoring")),
        row(
            text,
            ReferenceToken,
            Active,
            "grantor login on build-3.example.org, by ada, for the quarterly figures",
        ),
        TokenRow { application: None, scopes: Vec::new(), ..row(text, RefreshToken, Revoked, "") },
        row(text, PersonalAccessToken, Leaked, "Found in a log"),
        row(text, AuthorizationCode, Used, ""),
        row(text, DeviceCode, Expired, "Television in the hall"),
        unused(row(text, UserConsent, Active, "")),
    ]
}

fn leaks(text: Text<'_>) -> Vec<Leak> {
    let leak = |kind, url, others| Leak {
        name: text("Nightly export"),
        kind,
        url: if url { text("https://github.com/example/build/blob/main/.env") } else { String::new() },
        source: if url { text("GitHub") } else { String::new() },
        finder: text("192.0.2.7"),
        at: at("2026-03-13T23:59:00Z"),
        others,
    };
    vec![leak(Some(GrantKind::PersonalAccessToken), true, 2), leak(None, false, 0)]
}

fn tokens(text: Text<'_>) -> Vec<(&'static str, String)> {
    let list = |show_all: bool, rows: Vec<TokenRow>, notice, older| {
        let shell = administrator(text, Section::Tokens);
        let newest = show_all.then_some("/tokens?show=all");
        let leaks = if show_all { leaks(text) } else { Vec::new() };
        shown(&TokenListPage { shell, notice, leaks, show_all, rows, newest, older })
    };
    let revoke = |descendants| {
        let token = row(text, GrantKind::RefreshToken, TokenState::Active, "Nightly export on build-3");
        shown(&RevokePage { shell: person(text, Section::Tokens), token, descendants })
    };
    let narrow = || {
        let token =
            row(text, GrantKind::PersonalAccessToken, TokenState::Active, "Nightly export on build-3");
        let scopes =
            vec![(scope(text, "read"), Some(at("2026-03-13T23:59:00Z"))), (scope(text, "update"), None)];
        shown(&NarrowPage { shell: person(text, Section::Tokens), token, scopes })
    };
    let active = rows(text).into_iter().filter(|row| row.state == TokenState::Active).collect();
    vec![
        ("narrow", narrow()),
        ("tokens", list(false, active, Some(text("Revoked “ci”, and 2 grants that came from it.")), None)),
        ("tokens-all", list(true, rows(text), None, Some(text("/tokens?show=all&before=0197f3c2")))),
        ("tokens-none", list(false, Vec::new(), None, None)),
        ("revoke", revoke(0)),
        ("revoke-one", revoke(1)),
        ("revoke-many", revoke(12)),
    ]
}

fn new_token(text: Text<'_>) -> Vec<(&'static str, String)> {
    let page = |applications, form, errors| {
        let scopes = ["read", "update", "sec"]
            .map(|name| ScopeChoice { scope: scope(text, name), checked: name == "read" })
            .into();
        let shell = person(text, Section::Tokens);
        let first_day = text("2026-03-15");
        let once = text("Zm9ybSBudW1iZXI");
        shown(&NewTokenPage { shell, applications, scopes, form, once, first_day, errors })
    };
    let expires = Some(at("2026-04-13T09:05:00Z"));
    vec![
        ("new-token", page(applications(text), NewTokenForm::default(), NewTokenErrors::default())),
        ("new-token-error", page(applications(text), kept_form(text), all_wrong(text))),
        ("new-token-none", page(Vec::new(), NewTokenForm::default(), NewTokenErrors::default())),
        ("token-created", shown(&created(text, expires, vec![text("read"), text("update")]))),
        ("token-created-bare", shown(&created(text, None, Vec::new()))),
    ]
}

fn applications(text: Text<'_>) -> Vec<ApplicationChoice> {
    [("reporting", "Reporting", false), ("warehouse", "Warehouse", true)]
        .map(|(client_id, name, selected)| ApplicationChoice {
            client_id: text(client_id),
            name: text(name),
            scopes: vec![text("read"), text("update")],
            selected,
        })
        .into()
}

fn kept_form(text: Text<'_>) -> NewTokenForm {
    NewTokenForm {
        description: text("Nightly export"),
        expiry: "date".to_owned(),
        expires_on: text("2025-01-01"),
        allowed_ip_addresses: text("203.0.113.7\n10.0.0.300"),
    }
}

fn all_wrong(text: Text<'_>) -> NewTokenErrors {
    NewTokenErrors {
        form: None,
        client_id: Some(text("Warehouse does not let you make tokens.")),
        description: Some(text("A description has at most 128 characters.")),
        scope: Some(text("Warehouse has no scope “sec”; it has read and update.")),
        expiry: Some(text("Choose when the token expires.")),
        expires_on: Some(text("1 Jan 2025 is past.")),
        allowed_ip_addresses: Some(text("“10.0.0.300” is neither an address nor a network.")),
    }
}

fn created(text: Text<'_>, expires: Option<Timestamp>, scopes: Vec<String>) -> TokenCreatedPage {
    TokenCreatedPage {
        shell: person(text, Section::Tokens),
        secret: text("grt_pat_8KZ2xq0V5mY1wQ7rT3nB9sLdFhJgPcAeUiXoNvMyWz42f9Kd1"),
        description: text("Nightly export"),
        application: text("Warehouse"),
        scopes,
        expires,
        base_url: text("https://grants.example.org"),
    }
}

fn my_sign_in(text: Text<'_>) -> Vec<(&'static str, String)> {
    let session = |browser: &str, is_this: bool| SessionLine {
        id: text("0197f3c2-7d1e-7c3a-9b1e-0242ac120002"),
        browser: text(browser),
        address: text("2001:db8:85a3::8a2e:370:7334"),
        provider: is_this.then(|| text("Acme")),
        since: at("2026-03-14T09:05:00Z"),
        seen: at("2026-03-15T10:00:00Z"),
        is_this,
    };
    let own = || PasskeyLine {
        id: text("0197f3c2-7d1e-7c3a-9b1e-0242ac120003"),
        name: text("My phone"),
        added: at("2026-03-14T09:05:00Z"),
        used: Some(at("2026-03-15T10:00:00Z")),
    };
    let new = || NewPasskey {
        challenge: text("Y2hhbGxlbmdl"),
        rp_id: text("grants.example.org"),
        user: text("AZfzwn0efDqbHgJCrBIAAg"),
        login: text("ada"),
        known: text("AQID BAUG"),
    };
    let page = |totp: bool, notice, others: &[&str]| {
        let others = others.iter().map(|browser| session(browser, false));
        shown(&MySignInPage {
            shell: person(text, Section::SignIn),
            notice,
            has_password: !totp,
            linked: if totp { vec![linked(text)] } else { Vec::new() },
            providers: vec![provider(text, "/signin/provider/acme?link=x")],
            email: Email { address: Some(text("ada@example.org")), confirmed: totp, can_change: true },
            totp,
            passkeys: others.len().checked_sub(1).map(|_| own()).into_iter().collect(),
            passkey: Some(new()),
            recovery_codes: totp.then_some(8),
            sessions: [session("Firefox on Linux", true)].into_iter().chain(others).collect(),
        })
    };
    let app = |required, begun: bool, error| {
        let code = begun.then(|| QrCode {
            path: text("M4 4h1v1h-1z"),
            size: 41,
            secret: text("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"),
        });
        let (shell, return_to) = (person(text, Section::SignIn), text("/account"));
        shown(&AuthenticatorPage { shell, required, code, return_to, error })
    };
    let password = |errors| {
        let (shell, login) = (person(text, Section::SignIn), text("ada"));
        shown(&PasswordPage { shell, login, has_password: true, password_length: 8, errors })
    };
    let wrong = PasswordErrors {
        form: None,
        current: Some(text("This is not your password.")),
        password: Some(text("This password was found in a breach; choose another one.")),
        password_again: Some(text("The passwords differ.")),
    };
    let codes = vec![text("b7kq-x3np-2mdf-w9rt"), text("h4vs-c8zj-6ynm-e2kp")];
    let codes = RecoveryCodesPage { shell: person(text, Section::SignIn), codes, go_on: text("/account") };
    vec![
        ("my-sign-in", page(false, None, &[])),
        (
            "my-sign-in-two",
            page(true, Some(text("The app was added.")), &["Chrome on Android", "Safari on macOS"]),
        ),
        ("authenticator-begin", app(true, false, None)),
        ("authenticator", app(false, true, None)),
        ("authenticator-error", app(true, true, Some(text("This is not the code that the app shows now.")))),
        ("recovery-codes", shown(&codes)),
        ("password", password(PasswordErrors::default())),
        ("password-error", password(wrong)),
    ]
}

fn catalogue(text: Text<'_>) -> Vec<(&'static str, String)> {
    let scope = |name: &str, meaning: &str, is_built_in| ScopeLine {
        name: text(name),
        meaning: text(meaning),
        is_active: is_built_in,
        is_built_in,
        administrators_only: !is_built_in,
        is_default: is_built_in,
    };
    let resource = |scopes: &[&str], is_active| ResourceLine {
        identifier: text("https://orders.example/api"),
        name: text("Orders"),
        scopes: scopes.iter().map(|scope| text(scope)).collect(),
        is_active,
    };
    let shell = || administrator(text, Section::Catalogue);
    let page = CataloguePage {
        shell: shell(),
        notice: Some(text("orders:read was saved.")),
        scopes: vec![
            scope("orders:read", "See your orders", false),
            scope("read", "Read data that you can read", true),
        ],
        resources: vec![resource(&["orders:read", "orders:write"], true), resource(&[], false)],
    };
    let scope_page = |is_new: bool, errors| {
        let form = ScopeForm {
            name: text("orders:read"),
            display_name: text("Orders"),
            description: text("See your orders"),
            is_listed: true,
            is_active: !is_new,
            ..ScopeForm::default()
        };
        shown(&ScopePage { shell: shell(), is_new, form, errors })
    };
    let resource_page = |is_new, errors| {
        let form = ResourceForm {
            identifier: text("https://orders.example/api"),
            name: text("Orders"),
            description: text("What was ordered"),
            scopes: text("orders:read"),
            lifetime: text("300"),
            format: "jwt".to_owned(),
            is_active: true,
        };
        shown(&ResourcePage { shell: shell(), is_new, form, errors })
    };
    let wrong = |field| CatalogueErrors { form: None, field: Some((field, text("This is not right."))) };
    let none = CataloguePage { shell: shell(), notice: None, scopes: Vec::new(), resources: Vec::new() };
    vec![
        ("catalogue", shown(&page)),
        ("catalogue-empty", shown(&none)),
        ("catalogue-scope-new", scope_page(true, CatalogueErrors::default())),
        ("catalogue-scope", scope_page(false, wrong("description"))),
        ("catalogue-resource-new", resource_page(true, wrong("identifier"))),
        ("catalogue-resource", resource_page(false, CatalogueErrors::default())),
    ]
}

fn provider(text: Text<'_>, href: &str) -> ProviderLink {
    ProviderLink { label: text("Acme"), href: text(href) }
}

fn linked(text: Text<'_>) -> LinkedAccount {
    LinkedAccount {
        id: text("0197f3c2-7d1e-7c3a-9b1e-0242ac120004"),
        provider: text("Acme"),
        name: text("ada@acme.example"),
        added: at("2026-03-14T09:05:00Z"),
        used: Some(at("2026-03-15T10:00:00Z")),
    }
}

fn mail(text: Text<'_>) -> Vec<(&'static str, String)> {
    let forgot = |asked, error| {
        let login = if asked { String::new() } else { text("ada") };
        shown(&ForgotPage { shell: visitor(text), asked, login, error })
    };
    let reset = |errors| {
        let (action, login) = (text("/mail/reset/4fHq2"), text("ada"));
        shown(&ResetPage { shell: visitor(text), action, login, password_length: 8, errors })
    };
    let confirm = |done| {
        let (action, login, address) = (text("/mail/confirm/4fHq2"), text("ada"), text("ada@example.org"));
        shown(&ConfirmAddressPage { shell: visitor(text), action, login, address, done })
    };
    let email = |errors| {
        let (shell, address) = (person(text, Section::SignIn), text("ada@example.org"));
        shown(&EmailPage { shell, address, errors })
    };
    let wrong = ResetErrors {
        form: None,
        password: Some(text("This password was found in a breach; choose another one.")),
        password_again: Some(text("The passwords differ.")),
    };
    let no_address = EmailErrors { form: None, email: Some(text("This is not an e-mail address.")) };
    vec![
        ("forgot", forgot(false, None)),
        ("forgot-error", forgot(false, Some(text("Too many attempts; try again in 300 seconds.")))),
        ("forgot-asked", forgot(true, None)),
        ("reset", reset(ResetErrors::default())),
        ("reset-error", reset(wrong)),
        ("confirm-address", confirm(false)),
        ("confirm-address-done", confirm(true)),
        ("email", email(EmailErrors::default())),
        ("email-error", email(no_address)),
        (
            "provider-error",
            shown(&ErrorPage::provider(visitor(text), 502, text("Acme cannot sign you in at the moment."))),
        ),
        ("dead-link", shown(&ErrorPage::dead_link(visitor(text)))),
    ]
}

fn errors(text: Text<'_>) -> Vec<(&'static str, String)> {
    let page = ErrorPage {
        shell: visitor(text),
        status: 429,
        title: text("Too many attempts"),
        message: text("Signing in failed too often from this address."),
        advice: text("Wait a minute, then try again."),
        request_id: None,
    };
    vec![
        ("error", shown(&page)),
        ("error-403", shown(&ErrorPage::forged_form(person(text, Section::Other)))),
        ("error-404", shown(&ErrorPage::not_found(visitor(text)))),
        ("error-405", shown(&ErrorPage::wrong_method(visitor(text)))),
        ("error-409", shown(&ErrorPage::sent_before(person(text, Section::Tokens)))),
        ("error-500", shown(&ErrorPage::internal(visitor(text), Some(text("0197f3c2-7d1e"))))),
    ]
}
