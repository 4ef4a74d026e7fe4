//! Capabilities of sets, as annotations of `Org.OData.Capabilities.V1`.

use model::query::{MAX_EXPAND_DEPTH, Method, is_groupable};
use model::writing::Settable;
use model::{Attribute, Entity, Filters};

use super::AGGREGATION;
use super::description::{Annotation, Expression, core};
use crate::functions;
use crate::negotiate::{Offer, Version};
use crate::transformations;

/// The claimed conformance level (OData 4.01 part 1, section 13.1). Only filters without an index are missing for the
/// next one.
const CONFORMANCE: &str = "Intermediate";

/// Content encodings of responses.
const ENCODINGS: [&str; 2] = ["gzip", "zstd"];

/// Returns the capabilities of one set.
pub(super) fn for_set(entity: &'static Entity) -> Vec<Annotation> {
    let attributes: Vec<_> = entity.attributes().filter(|attribute| !attribute.secret).collect();
    let unsorted = attributes.iter().filter(|attribute| !attribute.is_sortable());
    let searchable = entity.searched_attributes().next().is_some();
    vec![
        core("OptimisticConcurrency", Expression::paths(std::iter::once("ObjectVersion"))),
        restrict("FilterRestrictions", filters(&attributes)),
        restrict(
            "SortRestrictions",
            vec![
                ("Sortable", Expression::Bool(true)),
                ("NonSortableProperties", Expression::paths(unsorted.map(|attribute| attribute.name))),
            ],
        ),
        restrict("SearchRestrictions", vec![("Searchable", Expression::Bool(searchable))]),
        restrict(
            "ExpandRestrictions",
            vec![
                ("Expandable", Expression::Bool(true)),
                ("MaxLevels", Expression::Int(i64::try_from(MAX_EXPAND_DEPTH).unwrap_or(i64::MAX))),
            ],
        ),
        // Expanded rows change independently of the row.
        restrict(
            "ChangeTracking",
            vec![
                ("Supported", Expression::Bool(true)),
                ("ExpandableProperties", Expression::List(Vec::new())),
            ],
        ),
        restrict("CountRestrictions", vec![("Countable", Expression::Bool(true))]),
        restrict("SelectSupport", vec![("Supported", Expression::Bool(true))]),
        capability("TopSupported", Expression::Bool(true)),
        capability("SkipSupported", Expression::Bool(true)),
        capability("IndexableByKey", Expression::Bool(true)),
        Annotation {
            term: format!("{AGGREGATION}.ApplySupported"),
            value: Expression::Record(grouping(entity)),
        },
        restrict("InsertRestrictions", insertions(entity)),
        restrict("UpdateRestrictions", updates(entity)),
        restrict("DeleteRestrictions", vec![("Deletable", Expression::Bool(entity.writable.delete))]),
    ]
}

/// Returns the capabilities of all sets.
pub(super) fn for_service() -> Vec<Annotation> {
    let versions: Vec<_> = Version::ALL.iter().map(|version| version.name()).collect();
    let level = Expression::Member {
        type_name: "Org.OData.Capabilities.V1.ConformanceLevelType",
        member: CONFORMANCE,
    };
    vec![
        core("ODataVersions", Expression::Text(versions.join(" "))),
        capability("ConformanceLevel", level),
        capability("SupportedFormats", Expression::texts(Offer::Data.media_types())),
        capability("SupportedMetadataFormats", Expression::texts(Offer::Metadata.media_types())),
        capability("AcceptableEncodings", Expression::texts(ENCODINGS.map(str::to_owned))),
        capability("KeyAsSegmentSupported", Expression::Bool(true)),
        capability("FilterFunctions", Expression::texts(functions::for_filters().map(str::to_owned))),
        capability("ComputeSupported", Expression::Bool(true)),
        capability("AsynchronousRequestsSupported", Expression::Bool(false)),
        capability("BatchSupported", Expression::Bool(true)),
        restrict("BatchSupport", batches()),
        restrict("DeepInsertSupport", vec![("Supported", Expression::Bool(true))]),
        capability("CrossJoinSupported", Expression::Bool(false)),
    ]
}

/// Returns the support of `$apply` by a set (`Org.OData.Aggregation.V1.ApplySupportedType`).
fn grouping(entity: &'static Entity) -> Vec<(&'static str, Expression)> {
    let properties = || entity.properties().filter(|property| entity.property(property.name()).is_some());
    let groupable = properties().filter(|property| is_groupable(*property));
    let aggregatable = properties().filter_map(|property| {
        let methods: Vec<_> =
            Method::OF_VALUES.into_iter().filter(|method| method.applies_to(property)).collect();
        (!methods.is_empty()).then(|| {
            Expression::Record(vec![
                ("Property", Expression::Path(property.name())),
                (
                    "SupportedAggregationMethods",
                    Expression::texts(methods.into_iter().map(|method| method.name().to_owned())),
                ),
            ])
        })
    });
    vec![
        ("Transformations", Expression::texts(transformations::OFFERED.map(str::to_owned))),
        (
            "Rollup",
            Expression::Member {
                type_name: "Org.OData.Aggregation.V1.RollupType",
                member: "MultipleHierarchies",
            },
        ),
        ("From", Expression::Bool(true)),
        ("GroupableProperties", Expression::paths(groupable.map(model::Property::name))),
        ("AggregatableProperties", Expression::List(aggregatable.collect())),
    ]
}

/// Returns the support of batches (`BatchSupportType`).
fn batches() -> Vec<(&'static str, Expression)> {
    let formats = ["application/json", "multipart/mixed"];
    vec![
        ("Supported", Expression::Bool(true)),
        ("ContinueOnErrorSupported", Expression::Bool(true)),
        ("ReferencesInRequestBodiesSupported", Expression::Bool(true)),
        ("ReferencesAcrossChangeSetsSupported", Expression::Bool(true)),
        ("EtagReferencesSupported", Expression::Bool(false)),
        ("RequestDependencyConditionsSupported", Expression::Bool(false)),
        ("SupportedFormats", Expression::texts(formats.map(str::to_owned))),
    ]
}

/// Returns what a new row can have (`InsertRestrictionsType`). Attributes have `Core.Computed`.
fn insertions(entity: &'static Entity) -> Vec<(&'static str, Expression)> {
    if !entity.writable.insert {
        return vec![("Insertable", Expression::Bool(false))];
    }
    let references = entity.references().iter().filter(|reference| reference.settable == Settable::Never);
    let is_own = |collection: &&model::Collection| {
        let target = collection.target();
        target.writable.insert && target.owner().is_some_and(|owner| owner.name == collection.via)
    };
    let collections = entity.collections().iter().filter(|collection| !is_own(collection));
    let names =
        references.map(|reference| reference.name).chain(collections.map(|collection| collection.name));
    vec![
        ("Insertable", Expression::Bool(true)),
        ("NonInsertableNavigationProperties", Expression::navigations(names)),
    ]
}

/// Returns what can change of a row (`UpdateRestrictionsType`). Attributes have `Core.Computed` and `Core.Immutable`.
fn updates(entity: &'static Entity) -> Vec<(&'static str, Expression)> {
    if !entity.writable.update {
        return vec![("Updatable", Expression::Bool(false))];
    }
    let references = entity.references().iter().filter(|reference| reference.settable != Settable::Always);
    let collections = entity.collections().iter().map(|collection| collection.name);
    let names = references.map(|reference| reference.name).chain(collections);
    vec![
        ("Updatable", Expression::Bool(true)),
        ("NonUpdatableNavigationProperties", Expression::navigations(names)),
    ]
}

fn capability(term: &str, value: Expression) -> Annotation {
    Annotation { term: format!("Org.OData.Capabilities.V1.{term}"), value }
}

fn restrict(term: &str, properties: Vec<(&'static str, Expression)>) -> Annotation {
    capability(term, Expression::Record(properties))
}

fn filters(attributes: &[&'static Attribute]) -> Vec<(&'static str, Expression)> {
    let closed = attributes.iter().filter(|attribute| attribute.filters == Filters::NONE);
    let restricted = attributes.iter().filter_map(|attribute| {
        let allowed = allowed_expressions(attribute.filters)?;
        Some(Expression::Record(vec![
            ("Property", Expression::Path(attribute.name)),
            ("AllowedExpressions", Expression::Text(allowed.to_owned())),
        ]))
    });
    vec![
        ("Filterable", Expression::Bool(true)),
        ("NonFilterableProperties", Expression::paths(closed.map(|attribute| attribute.name))),
        ("FilterExpressionRestrictions", Expression::List(restricted.collect())),
    ]
}

/// Returns the broadest term of `FilterExpressionType` that promises nothing unsupported.
const fn allowed_expressions(filters: Filters) -> Option<&'static str> {
    let equals = filters.allows(Filters::EQUALS);
    match (equals, filters.allows(Filters::RANGE), filters.allows(Filters::LIKE)) {
        (true, true, true) => Some("MultiRangeOrSearchExpression"),
        (_, _, true) => Some("SearchExpression"),
        (true, true, false) => Some("MultiRange"),
        (false, true, false) => Some("MultiRange"),
        (true, false, false) => Some("MultiValue"),
        (false, false, false) => None,
    }
}
