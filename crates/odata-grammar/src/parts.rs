//! Rules of parts, checked within the rule of a whole: a text matches such a rule if the text with a prefix
//! and a suffix matches the rule of the whole.

use crate::charset;
use crate::check::check;
use crate::mismatch::Mismatch;

/// Rules, each with the prefix of the text, the rule of the whole and the suffix of the text.
const PARTS: &[(&[&str], &str, &str, &str)] = &[
    // Paths: segments after a name, and segments that begin with one.
    (
        &[
            "boundOperation",
            "collectionNavPath",
            "collectionNavigation",
            "collectionPath",
            "complexColPath",
            "complexNavPath",
            "complexPath",
            "filterInPath",
            "keyPathSegments",
            "navigation",
            "ordinalIndex",
            "primitivePath",
            "singleNavPath",
            "singleNavigation",
        ],
        "A",
        "resourcePath",
        "",
    ),
    (&["containmentNavigation"], "A", "resourcePath", ""),
    (&["keyPathLiteral", "propertyPath"], "A/", "resourcePath", ""),
    (
        &[
            "boundComplexColFunctionCall",
            "boundComplexFunctionCall",
            "boundEntityColFunctionCall",
            "boundEntityFunctionCall",
            "boundPrimitiveColFunctionCall",
            "boundPrimitiveFunctionCall",
        ],
        "A/",
        "resourcePath",
        "",
    ),
    (
        &[
            "complexColFunctionImportCall",
            "complexFunctionImportCall",
            "crossjoin",
            "entityColFunctionImportCall",
            "entityFunctionImportCall",
            "entitySet",
            "primitiveColFunctionImportCall",
            "primitiveFunctionImportCall",
        ],
        "",
        "resourcePath",
        "",
    ),
    // Expressions.
    (
        &[
            "collectionNavNoCastExpr",
            "collectionNavigationExpr",
            "collectionPathExpr",
            "complexColPathExpr",
            "complexPathExpr",
            "filterExpr",
            "primitivePathExpr",
            "singleNavigationExpr",
        ],
        "a",
        "commonExpr",
        "",
    ),
    (&["functionExprParameter"], "(", "functionExprParameters", ")"),
    (&["functionParameter"], "(", "functionParameters", ")"),
    (&["keyValuePair"], "(", "compoundKey", ")"),
    (&["member"], "{", "object", "}"),
    // Searches.
    (&["searchAndExpr", "searchOrExpr"], "a", "searchExpr", ""),
    (&["searchNegateExpr", "searchParenExpr"], "", "searchExpr", ""),
    // Contexts.
    (&["selectList"], "A", "contextFragment", ""),
    (&["selectListItem", "selectListProperty"], "A(", "contextFragment", ")"),
    (&["contextPropertyPath"], "A(1)/", "contextFragment", ""),
    (&["complexAnnotationInFragment", "entityAnnotationInFragment"], "", "annotationInFragment", ""),
    (&["singleTypeName"], "", "odataIdentifier", ""),
    (&["abstractSpatialTypeName"], "Edm.", "primitiveTypeName", ""),
    (&["concreteSpatialTypeName"], "Edm.Geography", "primitiveTypeName", ""),
    // Options.
    (&["batchOption"], "", "batchOptions", ""),
    (&["metadataOption"], "", "metadataOptions", ""),
    (&["entityIdOption"], "$id=A&", "entityOptions", ""),
    (&["entityCastOption"], "$id=A&", "entityCastOptions", ""),
    (&["customName"], "", "nameAndValue", "=x"),
    (&["customValue"], "x=", "nameAndValue", ""),
    // Parts of literals.
    (&["geographyPrefix", "geometryPrefix"], "", "primitiveLiteral", "'SRID=0;Point(1 1)'"),
    (&["sridLiteral"], "", "fullPointLiteral", "Point(1 1)"),
    (&["pointLiteral"], "SRID=0;", "fullPointLiteral", ""),
    (&["lineStringLiteral"], "SRID=0;", "fullLineStringLiteral", ""),
    (&["multiLineStringLiteral"], "SRID=0;", "fullMultiLineStringLiteral", ""),
    (&["multiPointLiteral"], "SRID=0;", "fullMultiPointLiteral", ""),
    (&["multiPolygonLiteral"], "SRID=0;", "fullMultiPolygonLiteral", ""),
    (&["polygonLiteral"], "SRID=0;", "fullPolygonLiteral", ""),
    (&["collectionLiteral"], "SRID=0;", "fullCollectionLiteral", ""),
    (&["geoLiteral"], "SRID=0;GeometryCollection(", "fullCollectionLiteral", ")"),
    (&["pointData"], "SRID=0;Point", "fullPointLiteral", ""),
    (&["positionLiteral"], "SRID=0;Point(", "fullPointLiteral", ")"),
    (&["lineStringData"], "SRID=0;LineString", "fullLineStringLiteral", ""),
    (&["polygonData"], "SRID=0;Polygon", "fullPolygonLiteral", ""),
    (&["ringLiteral"], "SRID=0;Polygon(", "fullPolygonLiteral", ")"),
    (&["year"], "", "date", "-01-01"),
    (&["month"], "2026-", "date", "-01"),
    (&["day"], "2026-01-", "date", ""),
    (&["hour"], "", "timeOfDayValue", ":00"),
    (&["minute", "zeroToFiftyNine"], "00:", "timeOfDayValue", ""),
    (&["second"], "00:00:", "timeOfDayValue", ""),
    // Aggregation.
    (&["asAlias"], "$count", "aggregateExpr", ""),
    (&["aggregateMethod", "nonprimAggMethod"], "a with ", "aggregateExpr", " as x"),
    (&["aggregateWith", "nonprimAggWith"], "a", "aggregateExpr", " as x"),
    (&["aggregateFrom"], "a with sum", "aggregateExpr", " as x"),
    (&["customFrom"], "a", "aggregateExpr", " as x"),
    (&["aggrPathPrefix", "aggrPropPath", "aggrPropStep"], "", "aggregateExpr", " with countdistinct as x"),
    (&["aggregatableExpW", "aggregateCount"], "", "aggregateExpr", " as x"),
    (&["aggregateCustom"], "", "aggregateExpr", ""),
    (&["aggregateFunctionExpr"], "a/aggregate(", "commonExpr", ")"),
    (
        &["aggrPrimPath", "nestPropPath", "recHierPropertyPath", "snglPrimPath", "snglPropPath"],
        "",
        "groupingProperty",
        "",
    ),
    (&["groupbyList"], "groupby(", "groupbyTrafo", ")"),
    (
        &["groupbyElement", "groupingProperties", "rollupLevels", "rollupRecursive"],
        "groupby((",
        "groupbyTrafo",
        "))",
    ),
    (&["rollupNamedHier", "rollupUnnamedHier"], "groupby((rollup(", "groupbyTrafo", ")))"),
    (&["recHierReference"], "ancestors(", "ancestorsTrafo", ",identity)"),
    (&["recHierQualifier"], "", "odataIdentifier", ""),
    (&["preservingTrafo", "preservingTrafos"], "ancestors($root/A,b,c,", "ancestorsTrafo", ")"),
    (&["joinProperty"], "join(", "joinTrafo", " as x)"),
    (&["nestPath"], "addnested(", "nestTrafo", ",identity as x)"),
    (&["nestApplyExpr"], "nest(", "nestTrafo", ")"),
];

/// Checks a text against the rule of a part. Returns `None` for any other rule.
pub(super) fn part(rule: &str, text: &str) -> Option<Result<(), Mismatch>> {
    let (_, prefix, whole, suffix) = PARTS.iter().find(|(rules, ..)| rules.contains(&rule))?;
    let (skipped, length) = (prefix.chars().count(), text.chars().count());
    Some(
        check(whole, &format!("{prefix}{text}{suffix}")).map_err(|Mismatch { at, message }| Mismatch {
            at: at.saturating_sub(skipped).min(length),
            message,
        }),
    )
}

/// Number of service roots that are tried from either end of the path.
const MAX_ROOTS: usize = 16;

/// Checks an absolute URL (`odataUri`). The service root may end at any slash; roots are tried from the
/// shortest on.
pub(super) fn uri(text: &str) -> Result<(), Mismatch> {
    let reached = charset::begin("serviceRoot", text).map_or(0, |(_, furthest)| furthest);
    let Some((Some(origin), _)) = charset::begin("origin", text) else {
        return Err(charset::mismatch("serviceRoot", text, reached));
    };
    let path_end = text.find(['?', '#']).unwrap_or(text.len());
    let path = text.get(..path_end).unwrap_or_default();
    let mut furthest = charset::mismatch("serviceRoot", text, reached);
    let slashes: Vec<usize> = path.match_indices('/').map(|(slash, _)| slash).collect();
    let (first, last) = (slashes.partition_point(|slash| slash + 1 < origin), slashes.len());
    let may_be_tried = |index: &usize| *index < first + MAX_ROOTS || index + MAX_ROOTS >= last;
    for slash in (first..last).filter(may_be_tried).filter_map(|index| slashes.get(index)) {
        let (root, relative) = text.split_at(slash + 1);
        let at = root.chars().count();
        let read = if relative.is_empty() { Ok(()) } else { check("odataRelativeUri", relative) };
        match read {
            Ok(()) => return Ok(()),
            Err(mismatch) if at + mismatch.at >= furthest.at => {
                furthest = Mismatch { at: at + mismatch.at, message: mismatch.message };
            }
            Err(_) => {}
        }
    }
    Err(furthest)
}
