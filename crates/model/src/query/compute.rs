use std::fmt::Debug;
use std::sync::Arc;

use super::Object;

/// A value that rows show besides their properties, worked out from those.
///
/// No engine knows of it: it is made of a row that was read, so it costs nothing but its own work and is the same
/// on every engine.
#[derive(Clone, Debug)]
pub struct Computation {
    /// The name under which it is shown.
    pub name: String,
    /// The attributes from which it is worked out.
    pub needs: Vec<String>,
    /// How.
    pub formula: Arc<dyn Formula>,
}

impl PartialEq for Computation {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && std::ptr::addr_eq(Arc::as_ptr(&self.formula), Arc::as_ptr(&other.formula))
    }
}

/// What works a value out.
pub trait Formula: Debug + Send + Sync {
    /// The value for a row in which everything that it needs was fetched.
    fn value(&self, row: &Object) -> Computed;
}

/// A value that was worked out.
#[derive(Clone, Debug, PartialEq)]
pub enum Computed {
    /// No value.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with digits behind a point.
    Decimal(String),
    /// A floating-point number.
    Double(f64),
    /// A text.
    Text(String),
    /// The text of a value of another type, and the name that OData has for the type.
    Other(&'static str, String),
}
