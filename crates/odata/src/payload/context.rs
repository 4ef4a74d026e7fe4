//! The select list of a context URL (OData 4.01 part 1, sections 10.7 to 10.9).

use model::{Entity, Property};

use crate::ast::{ExpandItem, ExpandShape, Levels, Options};
use crate::negotiate::Version;

/// Returns the selected and expanded properties in parentheses, or an empty text if the request selects none.
///
/// Expanded properties appear with their own select list, in version 4.01 even if that is empty.
///
/// ```
/// use odata::QueryOptions;
/// use odata::negotiate::Version;
/// use odata::payload::select_list;
///
/// let users = model::find_entity("Systems_Security_Users").expect("an entity");
/// let options = QueryOptions::parse("$select=Id,Active")?;
/// assert_eq!(select_list(users, &options.query, Version::V4_01), "(Id,Active)");
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn select_list(entity: &'static Entity, options: &Options, version: Version) -> String {
    let mut names: Vec<String> = Vec::new();
    for item in &options.select {
        let path = item.path.join("/");
        // `default` is a keyword of this service, not a property.
        if path == "default" {
            names.extend(entity.default_properties().map(Property::name).map(str::to_owned));
        } else {
            names.push(path);
        }
    }
    for (name, list) in options.expand.iter().filter_map(|item| expanded(entity, item, version)) {
        // A select list replaces the bare name.
        names.retain(|known| known != name);
        names.push(format!("{name}{list}"));
    }
    if names.is_empty() {
        return String::new();
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    format!("({})", names.join(","))
}

/// Returns an expanded property with its select list; `None` if the version omits empty lists.
fn expanded<'a>(
    entity: &'static Entity,
    item: &'a ExpandItem,
    version: Version,
) -> Option<(&'a str, String)> {
    let [name] = item.path.as_slice() else { return None };
    if item.shape != ExpandShape::Rows {
        return None;
    }
    let reference = entity.reference(name).map(model::Reference::target);
    let target = reference.or_else(|| entity.collection(name).map(model::Collection::target))?;
    let list = select_list(target, &item.options, version);
    let list = if list.is_empty() && version == Version::V4_01 { "()".to_owned() } else { list };
    // A property expanded recursively has a plus sign before its list.
    let repeated = matches!(item.options.levels, Some(Levels::Max | Levels::Number(2..)));
    let plus = if repeated { "+" } else { "" };
    (!list.is_empty()).then(|| (name.as_str(), format!("{plus}{list}")))
}
