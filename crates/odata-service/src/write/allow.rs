//! The methods of a resource, as the model declares what can be written.

use axum::http::Method;
use model::writing::Settable;
use odata::{Part, Resource};

/// Returns the methods that a resource has.
pub(super) fn methods(resource: &Resource) -> Vec<Method> {
    if matches!(resource, Resource::Action { .. }) {
        return vec![Method::POST];
    }
    let mut methods = vec![Method::GET, Method::HEAD];
    let mut add = |holds: bool, method: Method| {
        if holds {
            methods.push(method);
        }
    };
    match resource {
        Resource::Set(entity, Part::Rows) => add(entity.writable.insert, Method::POST),
        Resource::Collection { collection, part: Part::Rows, .. } => {
            let target = collection.target();
            let is_owned = target.owner().is_some_and(|owner| owner.name == collection.via);
            add(is_owned && target.writable.insert, Method::POST);
        }
        Resource::Row(row) => {
            let writable = row.entity.writable;
            add(writable.update, Method::PATCH);
            add(writable.update, Method::PUT);
            add(writable.delete, Method::DELETE);
        }
        Resource::Attribute { row, attribute, raw: false } => {
            let can_change = row.entity.writable.update && attribute.settable == Settable::Always;
            add(can_change, Method::PUT);
            add(can_change && attribute.nullable, Method::DELETE);
        }
        Resource::Reference { row, reference, only_id: true } => {
            let can_change = row.entity.writable.update && reference.settable == Settable::Always;
            add(can_change, Method::PUT);
            add(can_change && reference.nullable, Method::DELETE);
        }
        _ => {}
    }
    methods
}

/// Returns methods as the header `Allow` has them.
pub(super) fn header(methods: &[Method]) -> String {
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_decides_what_is_allowed() {
        let id = "(12345678-9abc-def0-1234-56789abcdef0)";
        for (path, allowed) in [
            ("Systems_Security_AccessTokens".to_owned(), "GET, HEAD, POST"),
            ("Systems_Security_AccessTokens/$count".to_owned(), "GET, HEAD"),
            (format!("Systems_Security_AccessTokens{id}"), "GET, HEAD, PATCH, PUT, DELETE"),
            (format!("Systems_Security_AccessTokens{id}/Description"), "GET, HEAD, PUT, DELETE"),
            (format!("Systems_Security_AccessTokens{id}/Description/$value"), "GET, HEAD"),
            (format!("Systems_Security_AccessTokens{id}/Kind"), "GET, HEAD"),
            (format!("Systems_Security_AccessTokens{id}/User/$ref"), "GET, HEAD"),
            (format!("Systems_Security_AccessTokens{id}/GrantedScopes"), "GET, HEAD"),
            ("Systems_Security_AuditEvents".to_owned(), "GET, HEAD"),
            (format!("Systems_Security_AuditEvents{id}"), "GET, HEAD"),
            ("$metadata".to_owned(), "GET, HEAD"),
            (format!("Systems_Security_AccessTokens{id}/Rotate"), "POST"),
            (format!("Systems_Security_AccessTokens{id}/Erp.Revoke"), "POST"),
        ] {
            assert_eq!(header(&methods(&Resource::parse(&path).unwrap())), allowed, "{path}");
        }
    }
}
