//! Growth of the page time with the registry: the same queries on ten thousand grants and on a million.

use std::sync::Arc;
use std::time::{Duration, Instant};

use model::entities::{AccessToken, AccessTokenScope, GrantKind, TrustedApplication, User};
use model::query::{Actor, Query};
use model::{Record, Timestamp, Uuid, Value};
use store::{Location, Store, StoreError};

pub const PART: &str = "scale";
const SMALL: u128 = 10_000;
/// The large size, unless a number follows the name of the part.
const LARGE: u128 = 1_000_000;
/// Maximum time to fill one registry; the measurement then uses the grants that exist.
const MOST: Duration = Duration::from_secs(600);
const START: Timestamp = Timestamp::from_seconds(1_700_000_000);
const PAGE: u64 = 50;
/// Number of reads of a page: warm-up, measured.
const ROUNDS: (usize, usize) = (20, 200);

/// The queries, each with whether its middle page is measured too.
const QUESTIONS: [(&str, bool); 19] = [
    ("", true),
    ("$orderby=CreationTimestamp", true),
    ("$orderby=CreationTimestamp desc", true),
    ("$orderby=AccessTokenKey", true),
    ("$filter=Actor eq 'actor 77'", false),
    ("$filter=Session eq 'session 777'", false),
    ("$filter=Client eq 'client 7'", true),
    ("$filter=Kind eq 'DeviceCode'", true),
    ("$filter=Client eq 'client 7' and Kind eq 'DeviceCode'", false),
    ("$filter=User eq 00000000-0000-0000-0000-000000000007", false),
    ("$filter=Actor in ('actor 1','actor 2','actor 3')", false),
    ("$filter=Kind in ('DeviceCode','UserConsent')", true),
    ("$filter=CreationTimestamp ge {last}", false),
    ("$filter=CreationTimestamp ge {half}", true),
    ("$filter=CreationTimestamp ge {half}&$orderby=CreationTimestamp", true),
    ("$filter=LastUsedTimestamp lt {first}", false),
    ("$filter=date(CreationTimestamp) eq 2023-11-15", false),
    ("$filter=GrantedScopes/any(s:s/Scope eq 'rare')", false),
    ("$filter=User/Login eq 'user-7'", false),
];

pub async fn run() {
    let folder = std::env::temp_dir().join(format!("grantor-scale-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let large = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(LARGE);
    let sizes: [u128; 2] = [SMALL, large];
    let mut results = Vec::new();
    for size in sizes {
        let location = Location::Sqlite(folder.join(format!("{size}.db")));
        let rows = filled(&location, size).await;
        results.push(measured(&location, rows).await);
    }
    compare("SQLite", &results);
    let _ = std::fs::remove_dir_all(&folder);
    let Ok(server) = std::env::var("GRANTOR_TEST_POSTGRES") else { return };
    results.clear();
    for size in sizes {
        let database = Database::new(&server, size).await;
        let location = Location::Postgres(database.url.clone());
        let rows = filled(&location, size).await;
        // The server does this by itself within minutes.
        execute(&database.url, "VACUUM ANALYZE").await;
        results.push(measured(&location, rows).await);
        database.drop().await;
    }
    compare("PostgreSQL", &results);
}

struct Figures {
    rows: u128,
    /// First page and middle page of each query.
    pages: Vec<(String, Duration)>,
}

fn compare(engine: &str, results: &[Figures]) {
    let [small, large] = results else { return };
    println!("{engine}: a page of {PAGE}, median; {} and {} grants", small.rows, large.rows);
    for ((what, few), (_, many)) in small.pages.iter().zip(&large.pages) {
        let ratio = many.as_secs_f64() / few.as_secs_f64();
        let mark = if ratio > 1.5 { "  <-- above 1.5" } else { "" };
        println!("{ratio:>6.2}  {few:>10.1?} {many:>10.1?}  {what}{mark}");
    }
}

/// Fills a registry and returns its number of grants.
async fn filled(location: &Location, size: u128) -> u128 {
    let store = Store::open(location, Arc::new(|_| {})).await.unwrap();
    let began = Instant::now();
    let rows = fill(&store, size).await;
    println!("{location:?}: {rows} grants in {:.0?}", began.elapsed());
    store.close().await;
    rows
}

async fn measured(location: &Location, rows: u128) -> Figures {
    let store = Store::open(location, Arc::new(|_| {})).await.unwrap();
    let mut pages = Vec::new();
    for (question, middle) in QUESTIONS {
        let asked = question
            .replace("{first}", &at(100).to_string())
            .replace("{half}", &at(rows / 2).to_string())
            .replace("{last}", &at(rows - 100).to_string());
        let query = bound(&asked, None);
        pages.push((format!("first page  {question}"), time(&store, &query).await));
        if middle {
            let after = position(&store, &asked).await;
            pages.push((format!("middle page {question}"), time(&store, &bound(&asked, after)).await));
        }
    }
    store.close().await;
    Figures { rows, pages }
}

fn at(number: u128) -> Timestamp {
    START.plus_seconds(i64::try_from(number).unwrap())
}

fn bound(question: &str, after: Option<Vec<Value>>) -> model::query::BoundQuery {
    let options = odata::QueryOptions::parse(question).unwrap_or_else(|error| panic!("{question}: {error}"));
    let query = odata::bind(AccessToken::entity(), &options.query, START).unwrap();
    Query { top: Some(PAGE), after, ..query }.bind(AccessToken::entity(), Actor::SYSTEM).unwrap()
}

/// Returns the position of the middle page of a result.
async fn position(store: &Store, question: &str) -> Option<Vec<Value>> {
    let mut query = bound(question, None);
    let counted = query.clone();
    let count: Result<u64, StoreError> = store.read(move |read| read.count(&counted)).await;
    (query.skip, query.top) = (count.unwrap() / 2, Some(1));
    let page: Result<_, StoreError> = store.read(move |read| read.page(&query)).await;
    page.unwrap().next
}

async fn time(store: &Store, query: &model::query::BoundQuery) -> Duration {
    let mut times = Vec::with_capacity(ROUNDS.1);
    let began = Instant::now();
    for round in 0..ROUNDS.0 + ROUNDS.1 {
        let (query, one) = (query.clone(), Instant::now());
        let page: Result<_, StoreError> = store.read(move |read| read.page(&query)).await;
        assert!(!page.unwrap().objects.is_empty());
        times.push(one.elapsed());
        // A slow page needs fewer rounds for a clear result.
        if round >= ROUNDS.0 && began.elapsed() > Duration::from_secs(3) {
            break;
        }
    }
    let mut times = times.split_off(ROUNDS.0.min(times.len() - 1));
    times.sort_unstable();
    times[times.len() / 2]
}

/// Writes grants until `size` is reached or the time is up, and returns the number of grants.
async fn fill(store: &Store, size: u128) -> u128 {
    const AT_ONCE: u128 = 10_000;
    let users: Result<(), StoreError> = store
        .write(move |tx| {
            (0..(size / 50).max(200)).try_for_each(|number| tx.insert(&user(number)))?;
            tx.insert(&application())
        })
        .await;
    users.unwrap();
    let began = Instant::now();
    let mut done = 0;
    while done < size && began.elapsed() < MOST {
        let written: Result<(), StoreError> = store
            .write(move |tx| {
                (done..done + AT_ONCE).try_for_each(|number| {
                    tx.insert(&grant(number, size))?;
                    tx.insert(&scope(number))
                })
            })
            .await;
        written.unwrap();
        done += AT_ONCE;
    }
    done
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn user(number: u128) -> User {
    User {
        id: id(number),
        object_version: 1,
        external_id: None,
        external_system: None,
        updated_at: None,
        access_failed_count: 0,
        active: !number.is_multiple_of(20),
        basic_authentication_allowed: false,
        creation_time_utc: START,
        default_language: None,
        email: None,
        email_confirmed: false,
        is_admin: false,
        lockout_end_utc: None,
        login: format!("user-{number}"),
        name: format!("User {number}"),
        notes: None,
        password: None,
        time_zone: None,
        two_factor_enabled: false,
        user_type: model::entities::UserType::InternalUser,
    }
}

fn application() -> TrustedApplication {
    TrustedApplication {
        former_secret_hash: None,
        former_secret_until_utc: None,
        id: id(1),
        object_version: 1,
        external_id: None,
        external_system: None,
        updated_at: None,
        access_token_format: model::entities::AccessTokenFormat::Reference,
        application_secret_hash: None,
        application_uri: "app".to_owned(),
        basic_authentication_allowed: false,
        client_type: model::entities::ClientType::Confidential,
        creation_time_utc: START,
        description: None,
        impersonate_as_community_user_allowed: false,
        impersonate_as_internal_user_allowed: false,
        impersonate_login_url: None,
        impersonate_logout_url: None,
        is_enabled: true,
        metadata: None,
        name: "Application".to_owned(),
        notes: None,
        reference_tokens: model::entities::ReferenceTokens::None,
        scope: None,
        system_user_allowed: false,
        system_user_login_url: None,
        system_user_id: None,
    }
}

/// Returns a grant of a registry of this size: the number of grants per user is constant, those per
/// application and kind grow.
fn grant(number: u128, size: u128) -> AccessToken {
    let some = |every: u128| number.is_multiple_of(every);
    AccessToken {
        id: id(number),
        object_version: 1,
        external_id: None,
        external_system: None,
        updated_at: some(2).then(|| at(number)),
        access_token_key: format!(
            "{:032x}",
            number.wrapping_mul(0x9e37_79b9_7f4a_7c15) & u128::from(u64::MAX)
        ),
        actor: Some(format!("actor {}", number % (size / 50))),
        allowed_ip_addresses: None,
        authorized_ip_address: None,
        authorized_timestamp: None,
        client: Some(format!("client {}", number % 50)),
        confirmation: None,
        consumed_timestamp: None,
        creation_timestamp: at(number),
        data: None,
        description: Some("A grant for a benchmark".to_owned()),
        expire_timestamp: some(2).then(|| at(number + 3600)),
        kind: GrantKind::ALL[usize::try_from(number % 7).unwrap()],
        last_used_ip_address: None,
        last_used_timestamp: some(2).then(|| at(number)),
        revocation_reason: None,
        revoked_timestamp: None,
        scopes: Some("read".to_owned()),
        session: some(3).then(|| format!("session {number}")),
        created_by_id: None,
        parent_id: None,
        predecessor_id: None,
        successor_id: None,
        trusted_application_id: Some(id(1)),
        user_id: Some(id(number % (size / 50).max(200))),
    }
}

/// The number of grants with a rare scope is the same in every size.
fn scope(number: u128) -> AccessTokenScope {
    AccessTokenScope {
        id: id(number),
        object_version: 1,
        external_id: None,
        external_system: None,
        updated_at: None,
        scope: if number < 5000 && number.is_multiple_of(50) { "rare" } else { "read" }.to_owned(),
        last_used_timestamp: None,
        access_token_id: id(number),
    }
}

/// A database of its own, removed by [`Database::drop`].
struct Database {
    server: String,
    name: String,
    url: String,
}

impl Database {
    async fn new(server: &str, size: u128) -> Self {
        let name = format!("grantor_scale_{}_{size}", std::process::id());
        let (base, _) = server.rsplit_once('/').expect("a URL with a database");
        let database = Self { server: server.to_owned(), url: format!("{base}/{name}"), name };
        let create = format!("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", database.name);
        execute(server, &create).await;
        database
    }

    async fn drop(self) {
        execute(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
    }
}

async fn execute(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    driver.await.unwrap().unwrap();
}
