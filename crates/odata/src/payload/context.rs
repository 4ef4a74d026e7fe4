//! The part of a context URL that says what was selected (OData 4.01 part 1, section 10.7).

use model::{Entity, Property};

use crate::ast::{ExpandItem, Options};

/// The selected properties in parentheses; nothing where the request selects none.
pub fn select_list(entity: &'static Entity, options: &Options) -> String {
    if options.select.is_empty() {
        return String::new();
    }
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
    for (name, list) in options.expand.iter().filter_map(|item| expanded(entity, item)) {
        // An own selection says more than the name alone.
        names.retain(|known| known != name);
        names.push(format!("{name}{list}"));
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    format!("({})", names.join(","))
}

/// An expanded property with its own selection; nothing where it has none.
fn expanded<'a>(entity: &'static Entity, item: &'a ExpandItem) -> Option<(&'a str, String)> {
    let [name] = item.path.as_slice() else { return None };
    let reference = entity.reference(name).map(model::Reference::target);
    let target = reference.or_else(|| entity.collection(name).map(model::Collection::target))?;
    let list = select_list(target, &item.options);
    (!list.is_empty()).then_some((name, list))
}
