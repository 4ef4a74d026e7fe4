//! Names (OData ABNF, section 6). Without a model, all kinds of names have the same syntax.

use odata::OdataError;
use odata::syntax::Parser;

use crate::read::Read;

pub(super) fn read_of(rule: &str) -> Option<Read> {
    Some(match rule {
        "odataIdentifier"
        | "entitySetName"
        | "singletonEntity"
        | "entityTypeName"
        | "complexTypeName"
        | "typeDefinitionName"
        | "enumerationTypeName"
        | "enumerationMember"
        | "termName"
        | "primitiveProperty"
        | "primitiveKeyProperty"
        | "primitiveNonKeyProperty"
        | "primitiveColProperty"
        | "complexProperty"
        | "complexColProperty"
        | "streamProperty"
        | "navigationProperty"
        | "entityNavigationProperty"
        | "entityColNavigationProperty"
        | "action"
        | "actionImport"
        | "function"
        | "entityFunction"
        | "entityColFunction"
        | "complexFunction"
        | "complexColFunction"
        | "primitiveFunction"
        | "primitiveColFunction"
        | "entityFunctionImport"
        | "entityColFunctionImport"
        | "complexFunctionImport"
        | "complexColFunctionImport"
        | "primitiveFunctionImport"
        | "primitiveColFunctionImport"
        | "parameterName"
        | "namespacePart"
        | "keyPropertyAlias"
        | "computedProperty"
        | "expressionAlias"
        | "customAggregate"
        | "lambdaVariableExpr"
        | "annotationQualifier"
        | "actionImportCall"
        | "functionImportCallNoParens" => |parser| parser.lexer.expect_name().map(drop),
        "namespace"
        | "optionallyQualifiedEntityTypeName"
        | "optionallyQualifiedComplexTypeName"
        | "optionallyQualifiedActionName"
        | "boundActionCall"
        | "boundFunctionCallNoParens"
        | "aggrCastPath" => |parser| parser.lexer.expect_dotted_name().map(drop),
        "qualifiedEntityTypeName"
        | "qualifiedComplexTypeName"
        | "qualifiedTypeDefinitionName"
        | "qualifiedEnumTypeName"
        | "qualifiedActionName"
        | "singleQualifiedTypeName" => qualified,
        "qualifiedTypeName" => |parser| type_name(parser, true),
        "optionallyQualifiedTypeName" => |parser| type_name(parser, false),
        "primitiveTypeName" => primitive_type,
        "annotationInQuery"
        | "annotationInFragment"
        | "complexAnnotationInQuery"
        | "entityAnnotationInQuery"
        | "primitiveAnnotationInQuery"
        | "primitiveColAnnotationInQuery" => |parser| {
            parser.lexer.expect('@')?;
            parser.lexer.annotation().map(drop)
        },
        "parameterAlias" => |parser| {
            parser.lexer.expect('@')?;
            parser.lexer.expect_name().map(drop)
        },
        "parameterNames" => |parser| parser.separated(',', |p| p.lexer.expect_name().map(drop)).map(drop),
        "allOperationsInSchema" => |parser| {
            parser.lexer.expect_dotted_name()?;
            parser.lexer.expect_text(".*")
        },
        "implicitVariableExpr" => {
            |parser| match parser.lexer.eat_exact_word(&["$it", "$this"], "$it or $this") {
                Some(_) => Ok(()),
                None => Err(parser.lexer.unexpected("$it or $this")),
            }
        }
        _ => return None,
    })
}

/// Returns whether a rule belongs to the fragment of a URL, in which `#` is not encoded.
pub(super) fn is_of_fragment(rule: &str) -> bool {
    matches!(rule, "context" | "contextFragment" | "annotationInFragment")
}

/// Reads a name with its namespace.
pub(super) fn qualified(parser: &mut Parser<'_>) -> Result<(), OdataError> {
    let name = parser.lexer.expect_dotted_name()?;
    if name.contains('.') { Ok(()) } else { Err(parser.lexer.unexpected("'.' after a namespace")) }
}

fn type_name(parser: &mut Parser<'_>, must_be_qualified: bool) -> Result<(), OdataError> {
    match parser.type_name()? {
        Some((name, _)) if !must_be_qualified || name.contains('.') => Ok(()),
        Some(_) => Err(parser.lexer.unexpected("'.' after a namespace")),
        None => Err(parser.lexer.unexpected("the name of a type")),
    }
}

/// Reads `Edm.` and the name of a type (`primitiveTypeName`).
fn primitive_type(parser: &mut Parser<'_>) -> Result<(), OdataError> {
    const EXPECTED: &str = "the name of a primitive type";
    const NAMES: [&str; 17] = [
        "Binary",
        "Boolean",
        "Byte",
        "Date",
        "DateTimeOffset",
        "Decimal",
        "Double",
        "Duration",
        "Guid",
        "Int16",
        "Int32",
        "Int64",
        "SByte",
        "Single",
        "Stream",
        "String",
        "TimeOfDay",
    ];
    const SHAPES: [&str; 8] =
        ["", "Collection", "LineString", "MultiLineString", "MultiPoint", "MultiPolygon", "Point", "Polygon"];
    parser.lexer.expect_text("Edm.")?;
    let spatial: Vec<String> = ["Geography", "Geometry"]
        .iter()
        .flat_map(|family| SHAPES.iter().map(move |shape| format!("{family}{shape}")))
        .collect();
    let names: Vec<&str> = NAMES.into_iter().chain(spatial.iter().map(String::as_str)).collect();
    match parser.lexer.eat_exact_word(&names, EXPECTED) {
        Some(_) => Ok(()),
        None => Err(parser.lexer.unexpected(EXPECTED)),
    }
}
