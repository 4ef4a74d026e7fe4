//! The select list of a context URL (OData 4.01 part 1, sections 10.7 to 10.9).

use model::Entity;

use crate::ast::{ExpandItem, ExpandShape, Levels, Options, SelectItem};

/// Returns the properties of a response in parentheses: those of `$select`, or the default and computed properties, and
/// the expanded ones. The default properties are not all properties, so that they are listed too (OData 4.01 part 1,
/// section 11.2.5.1).
///
/// Expanded properties appear with their own list.
///
/// ```
/// use odata::QueryOptions;
/// use odata::payload::select_list;
///
/// let users = model::find_entity("Systems_Security_Users").expect("an entity");
/// let list = |query| Ok::<_, odata::OdataError>(select_list(users, &QueryOptions::parse(query)?.query));
/// assert_eq!(list("$select=Id,Active")?, "(Id,Active)");
/// assert!(list("")?.starts_with("(Id,AccessFailedCount,"));
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn select_list(entity: &'static Entity, options: &Options) -> String {
    let mut names: Vec<String> = Vec::new();
    for item in &options.select {
        match item.path.join("/").as_str() {
            SelectItem::KEY => names.push(entity.id().name.to_owned()),
            // A keyword of this service, not a property.
            "default" => names.extend(defaults(entity)),
            path => names.push(path.to_owned()),
        }
    }
    if options.select.is_empty() {
        names.extend(defaults(entity));
        names.extend(options.compute.iter().map(|item| item.alias.clone()));
    }
    for (name, list) in options.expand.iter().flat_map(|item| expanded(entity, item)) {
        // A select list replaces the bare name.
        names.retain(|known| known != name);
        names.push(format!("{name}{list}"));
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    format!("({})", names.join(","))
}

fn defaults(entity: &'static Entity) -> impl Iterator<Item = String> {
    entity.default_properties().map(|property| property.name().to_owned())
}

/// Returns the properties that an item expands, each with its select list.
fn expanded<'a>(entity: &'static Entity, item: &'a ExpandItem) -> Vec<(&'a str, String)> {
    let [name] = item.path.as_slice() else { return Vec::new() };
    if item.shape != ExpandShape::Rows {
        return Vec::new();
    }
    let references = entity.references().iter().map(|reference| (reference.name, reference.target()));
    let collections = entity.collections().iter().map(|collection| (collection.name, collection.target()));
    let targets = references.chain(collections).filter(|(target, _)| name == "*" || name == target);
    // A property expanded recursively has a plus sign before its list.
    let repeated = matches!(item.options.levels, Some(Levels::Max | Levels::Number(2..)));
    let plus = if repeated { "+" } else { "" };
    targets.map(|(name, target)| (name, format!("{plus}{}", select_list(target, &item.options)))).collect()
}
