//! An OData page of 50 rows, compared with the bare SQL, its serialization, and an HTTP exchange of the same
//! size.

use std::time::{Duration, Instant};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value};

use crate::floor::Floor;
use crate::load::{Figures, MEASURED, ask, figures};
use crate::program::Program;

pub async fn run(program: &Program) {
    let path = "/api/domain/odata/Systems_Security_AccessTokens?$top=50&$orderby=CreationTimestamp%20desc";
    let token = program.text("/admin/pat");
    let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n");
    let bare = bare_sql(program);
    let floor = Floor::start();
    for connections in [1, 8] {
        let page = ask(&program.address, connections, &request, "200").await;
        let nothing = ask(&floor.address, connections, "GET / HTTP/1.1\r\nhost: bench\r\n\r\n", "200").await;
        let seconds = 1.0 / bare.per_second + 1.0 / nothing.per_second;
        println!("OData page of 50, {connections:>2} connections: {page}");
        println!(
            "  floor: bare SQL and JSON, in process: {bare}; ratio {:.2}",
            bare.per_second / page.per_second
        );
        println!(
            "  and an HTTP exchange of as many bytes: {nothing}; ratio to both {:.2}",
            1.0 / (page.per_second * seconds)
        );
    }
}

fn bare_sql(program: &Program) -> Figures {
    let connection =
        Connection::open_with_flags(program.folder.join("grantor.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)
            .unwrap();
    let sql = "SELECT * FROM \"Sec_Access_Tokens\" ORDER BY creation_timestamp DESC, id DESC LIMIT 50";
    let began = Instant::now();
    let mut latencies: Vec<Duration> = Vec::new();
    while began.elapsed() < MEASURED / 2 {
        let one = Instant::now();
        assert!(!page(&connection, sql).is_empty());
        latencies.push(one.elapsed());
    }
    figures(&mut latencies, MEASURED / 2)
}

fn page(connection: &Connection, sql: &str) -> String {
    let mut statement = connection.prepare_cached(sql).unwrap();
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([]).unwrap();
    let mut objects = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let cell = |index| match row.get_ref(index).unwrap() {
            ValueRef::Integer(number) => number.into(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
            ValueRef::Blob(bytes) => data_encoding::HEXLOWER.encode(bytes).into(),
            _ => Value::Null,
        };
        let object: Map<String, Value> =
            names.iter().cloned().enumerate().map(|(index, name)| (name, cell(index))).collect();
        objects.push(Value::Object(object));
    }
    serde_json::to_string(&objects).unwrap()
}
