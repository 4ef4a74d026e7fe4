//! Settings of the sessions of the pool.

use super::pool;

/// The URL of the tests' server, with sessions that do not wait for the disk unless they are set to.
fn url_without_waiting() -> String {
    let url = std::env::var("GRANTOR_TEST_POSTGRES");
    let url = url.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    if !url.contains("://") {
        return format!("{url} options='-c synchronous_commit=off'");
    }
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options=-c%20synchronous_commit%3Doff")
}

#[tokio::test]
async fn commits_wait_for_the_disk_where_the_default_is_that_they_do_not() {
    let (pool, _) = pool(&url_without_waiting()).unwrap();
    let session = pool.get().await.unwrap();
    let shown = session.query_one("SHOW synchronous_commit", &[]).await.unwrap();
    assert_eq!(shown.get::<_, &str>(0), "on");
    let default = "SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'";
    let default = session.query_one(default, &[]).await.unwrap();
    assert_eq!(default.get::<_, &str>(0), "off", "the test needs a server with another default");
}
