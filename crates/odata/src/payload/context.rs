//! The part of a context URL that says what was selected (OData 4.01 part 1, sections 10.7 to 10.9).

use model::{Entity, Property};

use crate::ast::{ExpandItem, ExpandShape, Levels, Options};
use crate::negotiate::Version;

/// The selected and expanded properties in parentheses; nothing where the request selects none.
///
/// What is expanded stands there with what is selected of it, in version 4.01 also where that is nothing.
pub fn select_list(entity: &'static Entity, options: &Options, version: Version) -> String {
    let mut names: Vec<String> = Vec::new();
    for item in &options.select {
        let path = item.path.join("/");
        // `default` is a word of this service, not a property.
        if path == "default" {
            names.extend(entity.default_properties().map(Property::name).map(str::to_owned));
        } else {
            names.push(path);
        }
    }
    for (name, list) in options.expand.iter().filter_map(|item| expanded(entity, item, version)) {
        // An own selection says more than the name alone.
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

/// An expanded property with its own selection; nothing where the version does not write one that is empty.
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
    // What is expanded again and again has a plus sign before its list.
    let repeated = matches!(item.options.levels, Some(Levels::Max | Levels::Number(2..)));
    let plus = if repeated { "+" } else { "" };
    (!list.is_empty()).then(|| (name.as_str(), format!("{plus}{list}")))
}
