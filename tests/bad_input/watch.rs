use crate::support::{Server, sha256};

/// The entity sets whose rows are counted.
const SETS: [&str; 4] = [
    "Systems_Security_AccessTokens",
    "Systems_Security_Users",
    "Systems_Security_TrustedApplications",
    "Systems_Security_TrustedApplicationAuthorizations",
];

/// Asserts that the refusals of a test change nothing, break nothing and reveal no secret.
pub struct Watch<'a> {
    server: &'a Server,
    before: Vec<u64>,
    secrets: Vec<String>,
}

impl<'a> Watch<'a> {
    pub fn new(server: &'a Server) -> Self {
        let world = server.world();
        let applications = &world.applications;
        let keys = [&applications.service, &applications.web].map(|one| one.client_secret.clone().unwrap());
        let people = [&world.admin, &world.user].map(|person| [person.pat.clone(), person.password.clone()]);
        let mut secrets: Vec<String> = people.into_iter().flatten().chain(keys).collect();
        secrets.extend([&world.admin, &world.user].map(|person| sha256(&person.pat)));
        Self { server, before: counts(server), secrets }
    }

    /// Asserts that a response is not a server error and contains no secret.
    pub fn saw(&self, what: &str, status: u16, text: &str) {
        // OData features that this service does not support are 501 (OData 4.01, part 1, 9.3.1).
        assert!((400..500).contains(&status) || status == 501, "{what}: {status} {text}");
        self.assert_tells_nothing(what, text);
    }

    /// Asserts that nothing has changed and that the log has neither failures nor secrets.
    pub fn done(self) {
        assert_eq!(counts(self.server), self.before, "the number of rows changed");
        let log = self.server.log();
        assert!(log.contains("request"), "the log was read");
        assert!(
            !log.contains(" ERROR ") && !log.contains("status=500") && !log.contains("status=503"),
            "{log}"
        );
        self.assert_tells_nothing("the log", &log);
    }

    fn assert_tells_nothing(&self, what: &str, text: &str) {
        for secret in &self.secrets {
            assert!(!text.contains(secret.as_str()), "{what} reveals a secret");
        }
    }
}

fn counts(server: &Server) -> Vec<u64> {
    let admin = server.world().admin.pat;
    SETS.iter().map(|set| server.count(set, &admin)).collect()
}
