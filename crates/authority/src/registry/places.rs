//! The associated data of sealed values, so that none can be moved to another row.

use model::Uuid;

/// The place of a pushed authorization request.
pub fn pushed_request(hash: &str) -> Vec<u8> {
    format!("grantor_pushed_requests/{hash}").into_bytes()
}

/// The place of the response to a refresh.
pub fn refresh_answer(id: Uuid) -> Vec<u8> {
    format!("grantor_refresh_answers/{id}").into_bytes()
}
