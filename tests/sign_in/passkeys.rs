//! Passkeys, with a software authenticator written for these tests.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use super::*;
use crate::support::Asking;

/// A device with one passkey for `localhost`.
struct Device {
    key: EcdsaKeyPair,
    id: [u8; 16],
    count: u32,
    origin: String,
    flags: u8,
}

impl Device {
    fn new() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let id = key.public_key().as_ref()[1..17].try_into().unwrap();
        Self { key, id, count: 0, origin: "http://localhost:8080".to_owned(), flags: 5 }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn authenticator_data(&self, flags: u8, more: &[u8]) -> Vec<u8> {
        let domain = digest(&SHA256, b"localhost");
        [domain.as_ref(), &[flags], &self.count.to_be_bytes(), more].concat()
    }

    /// Returns the fields of the form after the device created its passkey.
    fn made(&self, challenge: &str) -> Vec<(&'static str, String)> {
        let point = self.key.public_key().as_ref();
        let key = [
            &[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..],
            &point[1..33],
            &[0x22, 0x58, 32],
            &point[33..],
        ];
        let more = [&[0; 16][..], &[0, 16], &self.id, &key.concat()].concat();
        let data = self.authenticator_data(self.flags | 0x40, &more);
        self.fields(&self.client_data("webauthn.create", challenge), &data, &[])
    }

    /// Returns the fields of the form after the device used its passkey.
    fn used(&mut self, challenge: &str) -> Vec<(&'static str, String)> {
        self.count += 1;
        let (client, data) =
            (self.client_data("webauthn.get", challenge), self.authenticator_data(self.flags, &[]));
        let signed = [&data[..], digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        self.fields(&client, &data, signature.as_ref())
    }

    fn fields(&self, client: &[u8], data: &[u8], signature: &[u8]) -> Vec<(&'static str, String)> {
        let parts = [
            ("credential", &self.id[..]),
            ("client_data", client),
            ("authenticator_data", data),
            ("signature", signature),
        ];
        parts.map(|(name, bytes)| (name, BASE64URL_NOPAD.encode(bytes))).into()
    }
}

fn hidden(page: &Page, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let rest = page.body.split_once(&field).unwrap_or_else(|| panic!("no {name} in {page:?}")).1;
    rest.split_once('"').unwrap().0.to_owned()
}

/// Submits the form with the device's response.
fn send(browser: &Browser, page: &Page, action: &str, answer: &[(&str, String)]) -> Page {
    let (csrf, challenge) = (hidden(page, "csrf"), hidden(page, "challenge"));
    let own =
        [("csrf", csrf.as_str()), ("challenge", &challenge), ("return_to", "/tokens"), ("name", "Phone")];
    let fields: Vec<_> =
        own.into_iter().chain(answer.iter().map(|(name, value)| (*name, value.as_str()))).collect();
    browser.send_form(action, &fields)
}

fn add(browser: &Browser, device: &Device) -> Page {
    let page = browser.open("/account");
    send(browser, &page, "/account/passkeys", &device.made(&hidden(&page, "challenge")))
}

fn enter(browser: &Browser, device: &mut Device) -> Page {
    let page = browser.open("/signin");
    let answer = device.used(&hidden(&page, "challenge"));
    send(browser, &page, "/signin/passkey", &answer)
}

/// Returns the claims of an ID token, whose issuer differs from the address that the test uses.
fn claims(tokens: &serde_json::Value) -> serde_json::Value {
    let payload = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

/// Gives the server a name, because passkeys are bound to one.
fn with_name(server: &mut Server) {
    server.restart_with("GRANTOR_PUBLIC_URL", "http://localhost:8080");
}

on_both_engines! {
    /// A passkey is sufficient to sign in, is a second factor with the password, and is reported to clients.
    fn a_passkey_signs_in(server: &mut Server) {
        with_name(server);
        let world = server.world();
        let (browser, mut device) = (Browser::of(server, &world.user), Device::new());
        let added = add(&browser, &device);
        assert!(added.status == 200 && codes(&added).len() == 10, "{}", added.body);
        assert!(browser.open("/account").has("<b>Phone</b>"));
        assert_eq!(user(server, &world.user)["TwoFactorEnabled"], true);
        assert_eq!(add(&browser, &device).status, 409, "the browser is known");

        let other = Browser::new(server);
        assert_eq!(enter(&other, &mut device).path, "/tokens");
        let needs = json!({ "id_token": { "acr": { "essential": true, "values": ["phr"] } } }).to_string();
        let asking = Asking::of(&world.applications.web, "openid read").with("claims", &needs);
        let told = claims(&server.tokens(&asking, &other));
        assert_eq!((told["acr"].clone(), told["amr"].clone()), (json!("phr"), json!(["hwk", "user"])));

        let (third, page) = halfway(server, &world.user);
        assert!(page.has("Use a passkey") && page.has("One of your recovery codes."));
        let answer = device.used(&hidden(&page, "challenge"));
        assert_eq!(send(&third, &page, "/signin/passkey", &answer).path, "/tokens");

        let page = other.open("/account");
        let id = hidden(&page, "passkey");
        let csrf = hidden(&page, "csrf");
        let strangers = Browser::of(server, &world.admin);
        let own = hidden(&strangers.open("/account"), "csrf");
        let refused = strangers.send_form("/account/passkeys/remove", &[("csrf", &own), ("passkey", &id)]);
        assert_eq!(refused.status, 404);
        let removed = other.send_form("/account/passkeys/remove", &[("csrf", &csrf), ("passkey", &id)]);
        assert!(removed.has("The passkey was removed."), "{}", removed.body);
        assert_eq!(enter(&Browser::new(server), &mut device).status, 401);
        assert_eq!(user(server, &world.user)["TwoFactorEnabled"], false);
    }

    /// A passkey response is refused if it is repeated, from another browser, from a copy, or for another
    /// site.
    fn an_answer_counts_once_and_here(server: &mut Server) {
        with_name(server);
        let ben = server.world().user;
        let mut device = Device::new();
        assert_eq!(add(&Browser::of(server, &ben), &device).status, 200);

        let browser = Browser::new(server);
        let page = browser.open("/signin");
        let answer = device.used(&hidden(&page, "challenge"));
        let thief = Browser::new(server);
        let foreign = thief.open("/signin");
        assert_eq!(send(&thief, &foreign, "/signin/passkey", &answer).status, 401, "another challenge");
        let (csrf, challenge) = (hidden(&foreign, "csrf"), hidden(&page, "challenge"));
        let own = [("csrf", csrf.as_str()), ("challenge", &challenge)];
        let fields: Vec<_> = own.into_iter().chain(answer.iter().map(|(name, value)| (*name, value.as_str()))).collect();
        assert_eq!(thief.send_form("/signin/passkey", &fields).status, 401, "another browser");
        let outcomes: Vec<Page> = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..6).map(|_| scope.spawn(|| {
                let own = [("csrf", hidden(&page, "csrf")), ("challenge", hidden(&page, "challenge"))];
                let fields: Vec<_> = own.iter().chain(&answer).map(|(name, value)| (*name, value.as_str())).collect();
                let same = Browser::new(server);
                same.keep_cookie("grantor-form", &browser.cookie("grantor-form").unwrap());
                same.send_form("/signin/passkey", &fields)
            })).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|page| page.status == 200).count(), 1, "not exactly one succeeds");

        for (change, what) in [
            ((|device| device.count = 0) as fn(&mut Device), "a copy whose count is behind"),
            (|device| device.origin = "https://localhost.evil.example".to_owned(), "a false page"),
            (|device| device.flags = 1, "user verification is missing"),
            (|device| device.key = Device::new().key, "another key"),
        ] {
            let (count, origin, flags) = (device.count, device.origin.clone(), device.flags);
            change(&mut device);
            assert_eq!(enter(&Browser::new(server), &mut device).status, 401, "{what}");
            (device.count, device.origin, device.flags) = (count + 1, origin, flags);
        }
    }

    /// If users reach the server by an IP address, browsers do not support passkeys, and none are offered.
    fn an_address_has_no_passkeys(server: &mut Server) {
        let browser = Browser::of(server, &server.world().user);
        assert!(!browser.open("/account").has("Passkeys"));
        assert!(!Browser::new(server).open("/signin").has("data-passkey"));
    }
}
