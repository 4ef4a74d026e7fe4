//! Computed values in payloads.

use model::query::Computed;

use super::Style;
use crate::json::Json;
use crate::negotiate::MetadataLevel;

impl Style<'_> {
    /// Writes a computed property. It is not part of `$metadata`, so full metadata includes the type of every
    /// value that JSON does not imply (OData JSON 4.01, section 4.6.3).
    pub(super) fn computed(self, json: &mut Json, name: &str, value: &Computed) {
        let type_name = match value {
            Computed::Null => return self.null(json, name),
            Computed::Int(_) => Some("Int64"),
            Computed::Decimal(_) => Some("Decimal"),
            Computed::Other(type_name, _) => Some(*type_name),
            Computed::Bool(_) | Computed::Double(_) | Computed::Text(_) => None,
        };
        let names = self.names();
        if let Some(type_name) = type_name.filter(|_| self.form.level == MetadataLevel::Full) {
            json.key_of(name, names.type_name);
            json.quoted(format_args!("{}{type_name}", names.standard_type));
        }
        json.key(name);
        match value {
            Computed::Null => json.null(),
            Computed::Bool(value) => json.bare(value),
            Computed::Int(number) if self.form.ieee754 => json.quoted(number),
            Computed::Int(number) => json.bare(number),
            Computed::Decimal(number) if self.form.ieee754 => json.quoted(number),
            Computed::Decimal(number) => json.bare(number),
            Computed::Double(number) if number.is_finite() => json.bare(number),
            Computed::Double(number) if number.is_nan() => json.quoted("NaN"),
            Computed::Double(number) => json.quoted(if *number > 0.0 { "INF" } else { "-INF" }),
            Computed::Text(text) | Computed::Other(_, text) => json.text(text),
        }
    }
}
