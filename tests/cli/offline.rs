//! Commands that work on the registry while the server is stopped.

use crate::support::{Browser, sha256};

const TOKENS: &str = "Systems_Security_AccessTokens";
const CODES: &str = "Systems_Security_AccessTokens?$filter=Kind eq 'DeviceCode' and Client eq 'demo-native'\
                     &$orderby=CreationTimestamp desc&$top=1&$select=Id,Data";

on_both_engines! {
    /// Loads exactly the requested number of grants, but not while a server is running.
    fn grants_are_loaded(server: &mut Server) {
        let admin = server.world().admin.pat;
        let before = server.count(TOKENS, &admin);
        let load = ["demo-data", "--grants", "3000"];
        assert!(server.on_folder(&load).unwrap_err().contains("stop it first"));
        assert_eq!(server.count(TOKENS, &admin), before);
        assert!(server.stop());
        server.on_folder(&load).unwrap();
        server.run();
        assert_eq!(server.count(TOKENS, &admin), before + 3000);
        for kind in [
            "PersonalAccessToken",
            "ServiceAccessToken",
            "ReferenceToken",
            "RefreshToken",
            "AuthorizationCode",
            "DeviceCode",
            "UserConsent",
        ] {
            assert!(server.count(&format!("{TOKENS}?$filter=Kind eq '{kind}'"), &admin) > 300, "{kind}");
        }
    }

    /// After key rotation, everything is readable and the former keys are not needed.
    fn keys_are_rotated(server: &mut Server) {
        let world = server.world();
        let started = server.start_device("demo-native", "read");
        let before = server.rows(CODES, &world.admin.pat);
        let data = before[0]["Data"].as_str().unwrap();
        assert!(data.contains("asked_from") && !data.contains(&started.user_code), "{data}");
        let jwks = |server: &crate::support::Server| {
            let path = "/id/.well-known/openid-configuration/jwks";
            server.get(path, None).send().unwrap().text().unwrap()
        };
        let published = jwks(server);
        assert!(server.stop());
        let file = server.folder().join("keys");
        let former = std::fs::read_to_string(&file).unwrap();
        let printed = server.on_folder(&["keys", "rotate"]).unwrap();
        let rotated = std::fs::read_to_string(&file).unwrap();
        assert!(printed.contains("re-encrypted ") && rotated != former, "{printed}");

        let keys = |text: &str| -> Vec<String> {
            text.lines()
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .map(str::to_owned)
                .collect()
        };
        let (old, new) = (keys(&former), keys(&rotated));
        assert_eq!(new[1..], old[..], "the current key is first, former keys are kept");
        std::fs::write(&file, format!("{}\n", new[0])).unwrap();
        server.run();
        assert_eq!(server.rows(CODES, &world.admin.pat)[0]["Data"], before[0]["Data"]);
        assert_eq!(jwks(server), published, "the signing keys are the same");
        let page = Browser::of(server, &world.user).decide(&started.user_code, "approve");
        assert!(page.status == 200, "{}", page.body);
        assert!(server.accepts(&server.redeem(&started).unwrap()));
        let kept = String::from_utf8_lossy(&server.everything_kept()).into_owned();
        assert!(kept.contains(&sha256(&world.user.pat)), "the registry was read");

        assert!(server.stop());
        std::fs::write(&file, &former).unwrap();
        let error = server.on_folder(&["demo-data", "--grants", "1"]).unwrap_err();
        assert!(error.contains("the keys do not match"), "{error}");
    }
}
