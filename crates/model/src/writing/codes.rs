//! Codes of the faults of single values, in the details of an error. They are stable; the guide lists them.

/// An annotation has a value that it cannot have.
pub const BAD_ANNOTATION: &str = "BAD_ANNOTATION";
/// A reference names no row.
pub const BAD_REFERENCE: &str = "BAD_REFERENCE";
/// The property or parameter cannot have the value.
pub const BAD_VALUE: &str = "BAD_VALUE";
/// Two properties give one column different values.
pub const CONTRADICTION: &str = "CONTRADICTION";
/// The value is set when the row is created, and stays.
pub const IMMUTABLE: &str = "IMMUTABLE";
/// The value is valid, and the service does not support it.
pub const NOT_IMPLEMENTED: &str = "NOT_IMPLEMENTED";
/// The value cannot be null.
pub const NOT_NULLABLE: &str = "NOT_NULLABLE";
/// Only the server sets the value.
pub const READ_ONLY: &str = "READ_ONLY";
/// The member occurs twice.
pub const REPEATED: &str = "REPEATED";
/// The value is missing.
pub const REQUIRED: &str = "REQUIRED";
/// The text is longer than the property allows.
pub const TOO_LONG: &str = "TOO_LONG";
/// The operation has no such parameter.
pub const UNKNOWN_PARAMETER: &str = "UNKNOWN_PARAMETER";
/// The entity has no such property.
pub const UNKNOWN_PROPERTY: &str = "UNKNOWN_PROPERTY";

/// All codes.
pub const ALL: [&str; 13] = [
    BAD_ANNOTATION,
    BAD_REFERENCE,
    BAD_VALUE,
    CONTRADICTION,
    IMMUTABLE,
    NOT_IMPLEMENTED,
    NOT_NULLABLE,
    READ_ONLY,
    REPEATED,
    REQUIRED,
    TOO_LONG,
    UNKNOWN_PARAMETER,
    UNKNOWN_PROPERTY,
];
