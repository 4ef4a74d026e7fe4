//! Writing through OData: creating a token compared with the token endpoint, and importing users compared with a bare commit of
//! the same rows in groups of the same size.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Instant;

use model::entities::{AuditEvent, AuditEventType, AuditSubject, User, UserType};
use model::{Timestamp, Uuid};
use store::{Location, Store, StoreError};

use crate::load::{ask, post};
use crate::program::Program;

/// The parts that are measured alone, if the command line names them.
pub const CREATE: &str = "create";
pub const IMPORT: &str = "import";

/// Number of users that are imported.
const USERS: u128 = 100_000;
/// Number of rows of a commit, as in the server.
const GROUP: u128 = 200;
const START: Timestamp = Timestamp::from_seconds(1_700_000_000);

pub async fn create(program: &Program) {
    let headers = format!("authorization: Bearer {}\r\n", program.text("/admin/pat"));
    let token = r#"{"Kind":"PersonalAccessToken","Client":"demo-web","Description":"bench","Scopes":"read"}"#;
    let odata = post("/api/domain/odata/Systems_Security_AccessTokens", &headers, "application/json", token);
    let (client, secret) = ("/applications/service/client_id", "/applications/service/client_secret");
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=read",
        program.text(client),
        program.text(secret)
    );
    let endpoint = post("/id/connect/token", "", "application/x-www-form-urlencoded", &form);
    for connections in [1, 32] {
        let odata = ask(&program.address, connections, &odata, "201").await;
        let endpoint = ask(&program.address, connections, &endpoint, "200").await;
        let ratio = endpoint.per_second / odata.per_second;
        println!("create of a token by OData, {connections:>2} connections: {odata}");
        println!("  token endpoint                         : {endpoint}; cost {ratio:.2}");
    }
}

pub async fn import(program: &Program) {
    let began = Instant::now();
    let results = imported(&program.address, program.text("/admin/pat"));
    let own = began.elapsed().as_secs_f64();
    assert_eq!(results, USERS, "every user is imported");
    let bare = committed(program).await;
    let per_second = |seconds: f64| USERS as f64 / seconds;
    println!("import of {USERS} users: {:>8.0}/s", per_second(own));
    println!("  bare commits of the same rows: {:>8.0}/s; ratio {:.2}", per_second(bare), bare / own);
}

/// Imports users on one connection, and returns the number of those that were added.
fn imported(address: &str, token: &str) -> u128 {
    let mut stream = TcpStream::connect(address).unwrap();
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let head = format!(
        "POST /api/domain/odata/Import?loggingLevel=1 HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\
         content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let sender = std::thread::spawn(move || {
        for first in (0..USERS).step_by(100) {
            let objects = first..USERS.min(first + 100);
            let text: String = objects.map(|number| {
                format!("{{\"@odata.type\":\"Erp.Systems_Security_User\",\"Login\":\"import-{number}\",\"Name\":\"User {number}\"}}\n")
            }).collect();
            write!(stream, "{:x}\r\n{text}\r\n", text.len()).unwrap();
        }
        stream.write_all(b"0\r\n\r\n").unwrap();
    });
    let added = lines.map_while(Result::ok).filter(|line| line.contains("\"Added\"")).count() as u128;
    sender.join().unwrap();
    added
}

/// Commits the same rows without anything else, and returns the time in seconds.
async fn committed(program: &Program) -> f64 {
    let path = program.folder.join("bare.db");
    let store = Store::open(&Location::Sqlite(path), Arc::new(|_| {})).await.unwrap();
    let began = Instant::now();
    for first in (0..USERS).step_by(GROUP as usize) {
        let written: Result<(), StoreError> = store
            .write(move |tx| {
                (first..USERS.min(first + GROUP)).try_for_each(|number| {
                    tx.insert(&user(number))?;
                    tx.insert(&event(number))
                })
            })
            .await;
        written.unwrap();
    }
    let seconds = began.elapsed().as_secs_f64();
    store.close().await;
    seconds
}

fn user(number: u128) -> User {
    User {
        login: format!("import-{number}"),
        name: format!("User {number}"),
        user_type: UserType::InternalUser,
        ..User::new(Uuid::from_u128(number + 1), START)
    }
}

fn event(number: u128) -> AuditEvent {
    AuditEvent {
        data: Some(format!("{{\"login\":\"import-{number}\"}}")),
        subject: AuditSubject::User,
        event_type: AuditEventType::UserCreated,
        subject_user_id: Some(Uuid::from_u128(number + 1)),
        ..AuditEvent::new(Uuid::from_u128((1 << 100) + number), START)
    }
}
