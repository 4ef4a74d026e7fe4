//! What applications ask people for.

use super::{Text, administrator, at, person, scope, shown, visitor};
use crate::views::*;

pub(super) fn authorize(text: Text<'_>) -> Vec<(&'static str, String)> {
    let sign_out = |application| {
        let (shell, request) = (person(text, Section::Other), text("client_id=board"));
        shown(&SignOutPage { shell, application, request })
    };
    let signed_out =
        |frames, go_on, by_itself| shown(&SignedOutPage { shell: visitor(text), frames, go_on, by_itself });
    let consent = ConsentPage {
        shell: person(text, Section::Other),
        application: text("Team board"),
        client_id: text("board"),
        description: Some(text("The board where the team plans its week")),
        registration: Registration::Itself { looks_like: Some(text("Team bоard")) },
        login: text("ada"),
        scopes: ["openid", "read", "offline_access"]
            .map(|name| (scope(text, name), name != "openid"))
            .to_vec(),
        details: vec![(text("payment"), text("{\n  \"sum\": 5\n}"))],
        claims: vec![Scope { name: text("email"), meaning: text("your e-mail address") }],
        services: services(text),
        are_services_optional: true,
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
    let refused = |fields| {
        shown(&ReturnPage {
            shell: visitor(text),
            host: text("board.example.org"),
            message: text("There is no scope 'nonsense'."),
            code: "invalid_scope",
            action: text("https://board.example.org/cb?error=invalid_scope"),
            fields,
        })
    };
    vec![
        ("return", refused(None)),
        ("return-posted", refused(Some(vec![("error", text("invalid_scope"))]))),
        ("consent", shown(&consent)),
        ("account", shown(&account)),
        ("sign-out", sign_out(Some(text("Team board")))),
        ("sign-out-bare", sign_out(None)),
        (
            "leave",
            shown(&LeavePage { shell: visitor(text), to: text("https://board.example.org/callback?code=x") }),
        ),
        ("signed-out", signed_out(Vec::new(), None, true)),
        ("signed-out-stranger", signed_out(Vec::new(), Some(text("https://board.example.org/bye")), false)),
        (
            "signed-out-told",
            signed_out(
                vec![
                    text("https://board.example.org/out?iss=i&sid=1"),
                    text("https://desk.example.org/out?sid=1"),
                ],
                Some(text("https://board.example.org/bye")),
                true,
            ),
        ),
    ]
}

fn services(text: Text<'_>) -> Vec<Service> {
    let orders = Service { name: text("Orders"), address: text("https://orders.example/api") };
    vec![orders, Service { name: String::new(), address: text("https://stock.example/api") }]
}

pub(super) fn requests(text: Text<'_>) -> Vec<(&'static str, String)> {
    let card = |id: &str, binding_message, details| RequestCard {
        id: text(id),
        application: text("Call centre"),
        client_id: text("call-centre"),
        description: Some(text("Where we answer your calls")),
        binding_message,
        scopes: vec![scope(text, "openid"), scope(text, "read")],
        services: services(text),
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

pub(super) fn device(text: Text<'_>) -> Vec<(&'static str, String)> {
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
        services: services(text),
        details: vec![(text("payment"), text("{\n  \"sum\": 5\n}"))],
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
    DeviceApprovalPage {
        application,
        request_description: None,
        scopes: Vec::new(),
        services: Vec::new(),
        details: Vec::new(),
        ..approval(text)
    }
}
