//! The service described: `$metadata` as CSDL XML 4.01, and the service document.

mod capabilities;
mod xml;

use model::{Attribute, Collection, DataType, Default, Entity, EnumType, Reference, UNBOUNDED};

use xml::Xml;

/// The namespace of all types.
pub const NAMESPACE: &str = "Erp";

const DESCRIPTION: &str = "Org.OData.Core.V1.Description";
const VOCABULARIES: [(&str, &str); 2] = [
    (
        "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml",
        "Org.OData.Core.V1",
    ),
    (
        "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Capabilities.V1.xml",
        "Org.OData.Capabilities.V1",
    ),
];

/// The enumerations that attributes have as their type, in the order in which they first appear.
pub fn enum_types() -> Vec<&'static EnumType> {
    let mut types: Vec<&'static EnumType> = Vec::new();
    for attribute in model::entities().flat_map(Entity::attributes) {
        if let DataType::Enum(kind) = attribute.data_type
            && types.iter().all(|known| known.name != kind.name)
        {
            types.push(kind);
        }
    }
    types
}

/// `$metadata` as XML.
pub fn metadata_xml() -> String {
    let mut xml = Xml::new();
    xml.open("edmx:Edmx", &[("xmlns:edmx", "http://docs.oasis-open.org/odata/ns/edmx"), ("Version", "4.0")]);
    for (uri, namespace) in VOCABULARIES {
        xml.open("edmx:Reference", &[("Uri", uri)]);
        xml.leaf("edmx:Include", &[("Namespace", namespace)]);
        xml.close();
    }
    xml.open("edmx:DataServices", &[]);
    xml.open("Schema", &[("xmlns", "http://docs.oasis-open.org/odata/ns/edm"), ("Namespace", NAMESPACE)]);
    enum_types().into_iter().for_each(|kind| write_enum(&mut xml, kind));
    model::entities().for_each(|entity| write_type(&mut xml, entity));
    write_container(&mut xml);
    xml.finish()
}

/// The service document as JSON; `root` is the absolute URL of the service, with a slash at its end.
pub fn service_document(root: &str) -> String {
    let sets: Vec<_> = model::entities()
        .map(Entity::set_name)
        .map(|set| serde_json::json!({ "name": set, "kind": "EntitySet", "url": set }))
        .collect();
    let context = format!("{root}$metadata");
    serde_json::json!({ "@odata.context": context, "value": sets }).to_string()
}

/// The name of a data type in CSDL.
pub(crate) fn type_name(data_type: DataType) -> String {
    match data_type {
        DataType::Text => "Edm.String".to_owned(),
        DataType::DateTime => "Edm.DateTimeOffset".to_owned(),
        DataType::Guid => "Edm.Guid".to_owned(),
        DataType::Int32 => "Edm.Int32".to_owned(),
        DataType::Bool => "Edm.Boolean".to_owned(),
        DataType::Enum(kind) => format!("{NAMESPACE}.{}", kind.name),
    }
}

/// The full name of an entity's type.
pub(crate) fn entity_type_name(entity: &Entity) -> String {
    format!("{NAMESPACE}.{}", entity.type_name())
}

fn write_enum(xml: &mut Xml, kind: &EnumType) {
    xml.open("EnumType", &[("Name", kind.name)]);
    for (index, member) in kind.members.iter().enumerate() {
        let value = match member.code {
            model::Code::Int(value) => value.to_string(),
            model::Code::Text(_) => index.to_string(),
        };
        xml.open("Member", &[("Name", member.name), ("Value", &value)]);
        describe(xml, member.description);
        xml.close();
    }
    xml.close();
}

fn write_type(xml: &mut Xml, entity: &'static Entity) {
    xml.open("EntityType", &[("Name", &entity.type_name())]);
    xml.open("Key", &[]);
    xml.leaf("PropertyRef", &[("Name", entity.id().name)]);
    xml.close();
    entity
        .attributes()
        .filter(|attribute| !attribute.secret)
        .for_each(|attribute| write_property(xml, attribute));
    entity.references().iter().for_each(|reference| write_reference(xml, entity, reference));
    entity.collections().iter().for_each(|collection| write_collection(xml, collection));
    describe(xml, entity.description);
    xml.close();
}

fn write_property(xml: &mut Xml, attribute: &Attribute) {
    let data_type = type_name(attribute.data_type);
    let length = match attribute.max_length {
        Some(UNBOUNDED) => Some("max".to_owned()),
        Some(length) => Some(length.to_string()),
        None => None,
    };
    let default = default_value(attribute);
    let mut facets = vec![("Name", attribute.name), ("Type", data_type.as_str())];
    if !attribute.nullable {
        facets.push(("Nullable", "false"));
    }
    if matches!(attribute.data_type, DataType::DateTime) {
        facets.push(("Precision", "6"));
    }
    facets.extend(length.as_deref().map(|length| ("MaxLength", length)));
    facets.extend(default.as_deref().map(|value| ("DefaultValue", value)));
    xml.open("Property", &facets);
    describe(xml, attribute.description);
    if attribute.read_only {
        xml.leaf("Annotation", &[("Term", "Org.OData.Core.V1.Computed"), ("Bool", "true")]);
    } else if matches!(attribute.default, Some(Default::NowUtc | Default::NewGuid)) {
        xml.leaf("Annotation", &[("Term", "Org.OData.Core.V1.ComputedDefaultValue"), ("Bool", "true")]);
    }
    xml.close();
}

/// The default value in the notation of CSDL; none where it is computed.
fn default_value(attribute: &Attribute) -> Option<String> {
    match attribute.default? {
        Default::NowUtc | Default::NewGuid => None,
        Default::Bool(value) => Some(value.to_string()),
        other => Some(other.title()),
    }
}

fn write_reference(xml: &mut Xml, entity: &'static Entity, reference: &'static Reference) {
    let target = entity_type_name(reference.target());
    let mut facets = vec![("Name", reference.name), ("Type", target.as_str())];
    if !reference.nullable {
        facets.push(("Nullable", "false"));
    }
    facets.extend(partner(entity, reference).map(|name| ("Partner", name)));
    xml.open("NavigationProperty", &facets);
    describe(xml, reference.description);
    xml.close();
}

/// The collection of the referenced entity that the reference is the other end of.
fn partner(entity: &'static Entity, reference: &'static Reference) -> Option<&'static str> {
    let collections = reference.target().collections().iter();
    let mut partners = collections
        .filter(|collection| collection.via == reference.name && std::ptr::eq(collection.target(), entity));
    partners.next().map(|collection| collection.name)
}

fn write_collection(xml: &mut Xml, collection: &'static Collection) {
    let target = format!("Collection({})", entity_type_name(collection.target()));
    let facets = [("Name", collection.name), ("Type", target.as_str()), ("Partner", collection.via)];
    xml.open("NavigationProperty", &facets);
    describe(xml, collection.description);
    xml.close();
}

fn write_container(xml: &mut Xml) {
    xml.open("EntityContainer", &[("Name", "Container")]);
    for entity in model::entities() {
        let own_type = entity_type_name(entity);
        xml.open("EntitySet", &[("Name", &entity.set_name()), ("EntityType", &own_type)]);
        let references = entity.references().iter().map(|reference| (reference.name, reference.target()));
        let collections =
            entity.collections().iter().map(|collection| (collection.name, collection.target()));
        for (name, target) in references.chain(collections) {
            xml.leaf("NavigationPropertyBinding", &[("Path", name), ("Target", &target.set_name())]);
        }
        describe(xml, entity.description);
        capabilities::of_set(xml, entity);
        xml.close();
    }
    capabilities::of_service(xml);
    xml.close();
}

fn describe(xml: &mut Xml, description: &str) {
    if !description.is_empty() {
        xml.leaf("Annotation", &[("Term", DESCRIPTION), ("String", description)]);
    }
}
