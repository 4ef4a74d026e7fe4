use super::*;
use crate::tests::stub::TempFolder;

fn url(text: &str) -> ServerUrl {
    text.parse().unwrap()
}

fn sign_in(token: &str) -> SignIn {
    SignIn {
        token: Secret::parse(token).unwrap(),
        refresh_token: None,
        expires_at: clock::parse("2026-09-01T00:00:00Z"),
        login: "ann".to_owned(),
        scopes: vec!["read".to_owned()],
    }
}

#[test]
fn what_is_written_is_read_back() {
    let folder = TempFolder::new();
    let file = CredentialFile::in_folder(folder.path().join("a/b"));
    assert_eq!(file.read().unwrap(), Credentials::default());
    let mut credentials = Credentials::default();
    assert_eq!(credentials.keep(url("http://one"), sign_in("grt_1")), None);
    credentials.keep(url("http://two"), SignIn { expires_at: None, ..sign_in("grt_2") });
    file.write(&credentials).unwrap();
    file.write(&credentials).unwrap();
    assert_eq!(file.read().unwrap(), credentials);
    let names: Vec<_> = fs::read_dir(folder.path().join("a/b")).unwrap().collect();
    assert_eq!(names.len(), 1, "no draft is left behind");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = TempFolder::new();
    let file = CredentialFile::in_folder(folder.path().join("grantor"));
    file.write(&Credentials::default()).unwrap();
    assert_eq!(mode(&folder.path().join("grantor")), 0o700);
    assert_eq!(mode(&file.path()), 0o600);
    // A file that others could read does not stay so.
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).unwrap();
    file.write(&Credentials::default()).unwrap();
    assert_eq!(mode(&file.path()), 0o600);
}

#[test]
fn a_draft_left_behind_is_no_obstacle() {
    let folder = TempFolder::new();
    let file = CredentialFile::in_folder(folder.path());
    let draft = folder.path().join(format!("credentials.json.{}", std::process::id()));
    fs::write(&draft, "x").unwrap();
    file.write(&Credentials::default()).unwrap();
    assert!(!draft.exists());
}

#[test]
fn a_damaged_file_is_told_without_its_contents() {
    let folder = TempFolder::new();
    let file = CredentialFile::in_folder(folder.path());
    fs::write(file.path(), r#"{"current":null,"servers":{"grt_pat_abc":1}}"#).unwrap();
    let error = format!("{:?}", file.read().unwrap_err());
    assert!(error.contains("credentials.json is damaged") && !error.contains("grt_pat_abc"), "{error}");
}

#[test]
fn the_only_other_server_becomes_the_current_one() {
    let mut credentials = Credentials::default();
    for name in ["http://one", "http://two", "http://three"] {
        credentials.keep(url(name), sign_in("grt"));
    }
    credentials.forget(&url("http://one"));
    assert_eq!(credentials.current, Some(url("http://three")));
    credentials.forget(&url("http://three"));
    assert_eq!(credentials.current, Some(url("http://two")));
    credentials.forget(&url("http://two"));
    assert_eq!(credentials, Credentials::default());
}

#[test]
fn the_folder_comes_from_the_environment() {
    let found = |pairs: &[(&str, &str)]| {
        let variable =
            |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        CredentialFile::find(variable).map(|file| file.path().display().to_string()).ok()
    };
    let is = |pairs: &[(&str, &str)], path: &str| assert_eq!(found(pairs).as_deref(), Some(path));
    is(&[("HOME", "/h")], "/h/.config/grantor/credentials.json");
    is(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")], "/x/grantor/credentials.json");
    is(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "relative")], "/h/.config/grantor/credentials.json");
    is(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x"), ("GRANTOR_CONFIG_HOME", "/g")], "/g/credentials.json");
    assert_eq!(found(&[("HOME", "")]), None);
}

#[test]
fn secrets_do_not_show() {
    let shown = format!("{:?}", sign_in("grt_rat_abc"));
    assert!(shown.contains("[secret]") && !shown.contains("grt_rat_abc"), "{shown}");
    assert_eq!(Secret::parse("two words"), None);
    assert_eq!(Secret::parse(""), None);
}
