//! Object transactions: operations of one token that are collected over several requests, and applied at the end of them
//! in one transaction. They are in the memory of this program. See decision 57.

mod calls;
mod changes;
mod copies;
mod id;
mod open;
mod table;

use axum::http::HeaderMap;

pub(super) use calls::Call;
pub(super) use open::Open;
pub(super) use table::Transactions;

/// Returns the identifier in the header `TransactionId`, if there is one.
pub(super) fn header(headers: &HeaderMap) -> Option<String> {
    headers.get("transactionid").map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned())
}
