//! Every setting of the schema reaches the field that the program reads, or is refused; no setting is dead.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::super::schema::properties;
use super::super::{Config, schema};

/// Strings and lists have forms of their own.
const SAMPLES: &[(&str, &str)] = &[
    ("data", r#""elsewhere""#),
    ("database_url", r#""postgres://id@db/grantor""#),
    ("token_prefix", r#""acme""#),
    ("key_file", r#""/run/secrets/keys""#),
    ("keys", r#""00""#),
    ("listen", r#""[::1]:9090""#),
    ("public_url", r#""https://id.example.org""#),
    ("trusted_proxies", r#"["192.0.2.0/24"]"#),
    ("client_certificate_header", r#""Client-Cert""#),
    ("client_certificate_authorities", r#""/etc/authorities.pem""#),
    ("cross_origins", r#"["https://app.example.org"]"#),
    ("metrics_token", r#""0123456789abcdef""#),
    ("administration_acr", r#""urn:grantor:acr:2""#),
    ("password_breach_file", r#""/var/lib/hashes""#),
    ("smtp_url", r#""smtps://mail.example.org""#),
    ("smtp_user", r#""grantor""#),
    ("smtp_password", r#""1234""#),
    ("smtp_password_file", r#""/run/secrets/mail""#),
    ("mail_from", r#""id@example.org""#),
    ("graphql_documents", r#""/etc/documents""#),
    ("providers", PROVIDERS),
];

const PROVIDERS: &str = r#"[{
    "name": "acme", "label": "Acme", "issuer": "https://login.example.org", "client_id": "grantor", "client_secret": null,
    "client_secret_file": null, "scopes": "openid", "create_users": "internal", "trust_email": true,
    "trust_username": true, "trust_second_factor": true
}]"#;

/// Returns a value of a setting that is not its default.
fn sample(key: &str, property: &Value) -> Value {
    let (default, schema) = (&property["default"], schema());
    let definition = property["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    let variants = definition.and_then(|name| schema["$defs"][name]["oneOf"].as_array());
    let mut variants = variants.into_iter().flatten().map(|variant| variant["const"].clone());
    if let Some(variant) = variants.find(|variant| variant != default) {
        return variant;
    }
    match default {
        Value::Bool(default) => json!(!default),
        Value::Number(default) => json!(default.as_i64().unwrap() + 1),
        Value::Null if property["minimum"].is_number() => json!(17),
        _ => {
            let found = SAMPLES.iter().find(|(name, _)| *name == key);
            let (_, text) = found.unwrap_or_else(|| panic!("{key} needs a sample that is not its default"));
            serde_json::from_str(text).unwrap()
        }
    }
}

/// Returns samples of all settings. The demonstration is on, so the address is one of this computer.
fn samples() -> Map<String, Value> {
    properties().iter().map(|(key, property)| (key.clone(), sample(key, property))).collect()
}

#[test]
fn every_setting_of_the_file_reaches_its_field() {
    let samples = samples();
    let file = std::env::temp_dir().join(format!("grantor-settings-{}.toml", std::process::id()));
    std::fs::write(&file, toml(&samples)).unwrap();
    let config = Config::load(Some(&file), &json!({}));
    std::fs::remove_file(&file).unwrap();
    let values = config.unwrap_or_else(|error| panic!("{error:#}")).values();
    let defaults = Config::default().values();
    for (key, sample) in &samples {
        assert_eq!(&values[key], sample, "{key} of the file");
        assert_ne!(&defaults[key], sample, "the sample of {key} is its default");
        assert_eq!(defaults[key], properties()[key]["default"], "the default of {key} in the schema");
    }
}

/// Writes settings as TOML, whose values but objects are written as in JSON.
fn toml(settings: &Map<String, Value>) -> String {
    let plain = |value: &Value| !value.is_null();
    let (tables, values): (Vec<_>, Vec<_>) = settings.iter().partition(|(key, _)| *key == "providers");
    let mut text: String = values.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    for (key, list) in tables {
        for table in list.as_array().unwrap() {
            text += &format!("[[{key}]]\n");
            let members = table.as_object().unwrap().iter().filter(|(_, value)| plain(value));
            text.extend(members.map(|(name, value)| format!("{name} = {value}\n")));
        }
    }
    text
}

#[test]
fn a_value_of_another_type_or_range_is_refused() {
    for (key, property) in properties() {
        let refused = |value: Value| {
            let result = Config::load(None, &json!({ &key: value }));
            let error = result.err().unwrap_or_else(|| panic!("{key} takes {value}"));
            assert!(format!("{error:#}").contains(&key), "{key}: {error:#}");
        };
        refused(json!({ "a": 1 }));
        for (bound, step) in [("minimum", -1), ("maximum", 1)] {
            if let Some(bound) = property[bound].as_i64() {
                refused(json!(bound + step));
            }
        }
        if !schema::is_text(&property) {
            refused(json!("-"));
        }
    }
}

/// A field that no code reads has no effect. A field is read through the name of its section or through `self` in the
/// file that declares it.
#[test]
fn every_setting_is_read() {
    let sources = sources();
    let receivers =
        ["self", "settings", "config", "limits", "program", "network", "sign_in", "upstream", "clients"]
            .into_iter()
            .chain(["lifetimes", "retention", "odata"]);
    let receivers: Vec<&str> = receivers.collect();
    for key in properties().keys() {
        let (declared_in, field) = declaration(&sources, key);
        let mut readers = sources.iter().filter(|(path, text)| {
            reads(text, field)
                .any(|receiver| receivers.contains(&receiver) && (receiver != "self" || *path == declared_in))
        });
        assert!(readers.next().is_some(), "no code reads the setting {key}");
    }
}

/// Returns the file that declares a setting, and the name of the field.
fn declaration<'a>(sources: &'a BTreeMap<PathBuf, String>, key: &str) -> (&'a Path, &'a str) {
    let renamed = format!("rename = \"{key}\"");
    let own = format!("{key}: ");
    for (path, text) in sources.iter().filter(|(_, text)| text.contains("SmartDefault")) {
        let mut lines = text.lines().map(str::trim);
        if lines.any(|line| line.contains(&renamed)) {
            let mut fields = lines.filter_map(|line| line.strip_prefix("pub ")?.split_once(": "));
            return (path, fields.next().unwrap().0);
        }
        let field = |line: &'a str| {
            let name = line.trim().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            name.starts_with(&own).then(|| name.split_once(':').unwrap().0)
        };
        if let Some(name) = text.lines().find_map(field) {
            return (path, name);
        }
    }
    panic!("no section declares {key}")
}

/// Returns the receivers in `receiver.field`.
fn reads<'a>(text: &'a str, field: &'a str) -> impl Iterator<Item = &'a str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(field).filter_map(move |(at, _)| {
        let after = text[at + field.len()..].chars().next();
        let before = text[..at].trim_end().strip_suffix('.')?.trim_end();
        let start = before.rfind(|c: char| !is_word(c)).map_or(0, |at| at + 1);
        after.is_none_or(|c| !is_word(c) && c != '(').then_some(&before[start..])
    })
}

/// Returns the sources of all crates without their tests.
fn sources() -> BTreeMap<PathBuf, String> {
    fn walk(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_none_or(|name| name != "tests") {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
                found.insert(path, code);
            }
        }
    }
    let mut found = BTreeMap::new();
    for krate in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap() {
        let source = krate.unwrap().path().join("src");
        if source.is_dir() {
            walk(&source, &mut found);
        }
    }
    found
}
