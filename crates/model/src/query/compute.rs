use std::fmt::Debug;
use std::sync::Arc;

use super::Object;

/// A property of rows that is computed from their other properties.
///
/// Engines do not know it. It is evaluated on rows that were read, so it adds no statement and has the same
/// result on all engines.
#[derive(Clone, Debug)]
pub struct Computation {
    /// Name of the computed property.
    pub name: String,
    /// Attributes that the formula needs.
    pub needs: Vec<String>,
    /// Formula that computes the value.
    pub formula: Arc<dyn Formula>,
}

impl PartialEq for Computation {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && std::ptr::addr_eq(Arc::as_ptr(&self.formula), Arc::as_ptr(&other.formula))
    }
}

/// Computes a value from a row.
pub trait Formula: Debug + Send + Sync {
    /// Returns the value for a row whose needed attributes were fetched.
    fn value(&self, row: &Object) -> Computed;
}

/// A computed value.
#[derive(Clone, Debug, PartialEq)]
pub enum Computed {
    /// Null.
    Null,
    /// A Boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A decimal number, as text.
    Decimal(String),
    /// A floating-point number.
    Double(f64),
    /// Text.
    Text(String),
    /// A value of another type: the OData name of the type and the value as text.
    Other(&'static str, String),
}
