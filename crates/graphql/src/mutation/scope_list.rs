//! Lists of scopes in inputs.

use authority::{Fault, Scopes};

/// Reads a list of scopes, each of which is whole.
///
/// # Errors
/// [`Fault::BadField`] for an empty list, which could be read as none or as all.
pub(super) fn listed(scopes: Vec<String>) -> Result<Scopes, Fault> {
    if scopes.is_empty() {
        return Err(Fault::BadField { field: "scopes", message: "at least one scope is needed".to_owned() });
    }
    Scopes::from_names(scopes).map_err(|invalid| match Fault::from(invalid) {
        Fault::InvalidScope(message) => Fault::BadField { field: "scopes", message },
        other => other,
    })
}
