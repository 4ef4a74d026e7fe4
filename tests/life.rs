//! Starting, stopping and health.

use crate::support::{Engine, Server};

on_both_engines! {
    /// Liveness and readiness respond at once; shutdown is clean; a second start finds the same data.
    fn it_starts_stops_and_starts_again(server: &mut Server) {
        for path in ["/health/live", "/health/ready"] {
            assert_eq!(server.get(path, None).send().unwrap().status(), 200, "{path}");
        }
        let before = server.world();
        assert!(server.stop(), "shutdown is not clean: {}", server.log());
        server.run();
        let after = server.world();
        assert_eq!(after.base_url, server.url);
        assert_eq!(before.admin.pat, after.admin.pat);
        let path = "/api/domain/odata/Systems_Security_Users?$select=Login&$filter=IsAdmin eq true";
        let users = server.get(path, Some(&after.admin.pat)).send().unwrap();
        assert_eq!(users.status(), 200);
        assert!(users.text().unwrap().contains("\"Login\":\"ada\""));
    }
}

/// A stop signal is handled from the moment the program reports that it listens.
#[test]
fn it_stops_as_soon_as_it_listens() {
    let mut server = Server::start(Engine::Sqlite, &[]);
    for _ in 0..10 {
        assert!(server.stop(), "shutdown is not clean: {}", server.log());
        assert!(server.log().ends_with("stopped\n"));
        server.run();
    }
}

/// Two programs never use the same folder.
#[test]
fn a_folder_has_one_program() {
    let server = Server::demo(Engine::Sqlite);
    let mut second = server.command();
    second.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(server.folder());
    let output = second.output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("stop it first"));
}

/// A background task that ends is restarted; the fifth end ends the program, with an error.
#[test]
fn a_background_task_that_ends_again_and_again_ends_the_program() {
    let environment = [("GRANTOR_TEST_ENDING_TASK", "purge")];
    let mut server = Server::start_with(Engine::Sqlite, &[], &environment);
    let ready = server.get("/health/ready", None).send().unwrap();
    assert_eq!(ready.status(), 503);
    assert!(ready.text().unwrap().contains("'purge'"));
    assert_eq!(server.get("/health/live", None).send().unwrap().status(), 200);
    assert_eq!(server.metric("grantor_task_down{task=\"purge\"}"), 1);
    assert_eq!(server.metric("grantor_task_down{task=\"maintenance\"}"), 0);
    while server.metric("grantor_task_restarts_total{task=\"purge\"}") == 0 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(!server.has_stopped(), "it ended with an error");
    let log = server.log();
    assert!(log.contains("the background task 'purge' ended 5 times within 300 seconds"), "{log}");
}
