//! Capabilities of sets, as annotations of `Org.OData.Capabilities.V1`.

use model::query::{MAX_EXPAND_DEPTH, Method, is_groupable};
use model::{Attribute, Entity, Filters};

use super::AGGREGATION;
use super::description::{Annotation, Expression, core};
use crate::functions;
use crate::negotiate::{Offer, Version};
use crate::transformations;

/// The claimed conformance level (OData 4.01 part 1, section 13.1). Only batches and filters without an index
/// are missing for the next one.
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
        restrict("InsertRestrictions", vec![("Insertable", Expression::Bool(false))]),
        restrict("UpdateRestrictions", vec![("Updatable", Expression::Bool(false))]),
        restrict("DeleteRestrictions", vec![("Deletable", Expression::Bool(false))]),
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
        capability("BatchSupported", Expression::Bool(false)),
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
