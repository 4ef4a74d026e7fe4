//! Objects of an import, divided between requests.

use super::Object;

/// Maximum number of objects of a request.
const MAX_OBJECTS: usize = 500;
/// Length of the text of a request, in bytes, from which on it has no further object. The server answers while it reads, and the
/// response is read behind the request: so much fits between them.
const MAX_TEXT: usize = 64 * 1024;

/// Divides objects between requests.
pub(super) fn divided(objects: &[Object]) -> Vec<&[Object]> {
    let mut parts = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (index, object) in objects.iter().enumerate() {
        if index > start && (index - start >= MAX_OBJECTS || length >= MAX_TEXT) {
            parts.extend(objects.get(start..index));
            (start, length) = (index, 0);
        }
        length += serde_json::to_vec(object).map_or(MAX_TEXT, |text| text.len());
    }
    parts.extend(objects.get(start..).filter(|rest| !rest.is_empty()));
    parts
}
