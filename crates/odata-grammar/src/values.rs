//! Parts of options and of paths (OData ABNF, sections 1 to 3; Aggregation ABNF).

use odata::OdataError;
use odata::ast::path::SegmentKind;
use odata::ast::{Key, Options, Search, Transformation, is_search_word};
use odata::syntax::{AllowedOptions, Parser, TypeLast};

use crate::mismatch::wrong_sort;
use crate::read::Read;

pub(super) fn read_of(rule: &str) -> Option<Read> {
    Some(match rule {
        "orderbyItem" => |parser| parser.order_item().map(drop),
        "computeItem" | "computeExpr" => |parser| parser.compute_item().map(drop),
        "selectItem"
        | "selectProperty"
        | "selectPath"
        | "optionallyQualifiedFunctionName"
        | "qualifiedFunctionName" => |parser| parser.select_item().map(drop),
        "expandItem" => |parser| parser.expand_item().map(drop),
        "expandPath" => expand_path,
        "expandOption" => |parser| nested_option(parser, AllowedOptions::EXPAND),
        "expandRefOption" => |parser| nested_option(parser, AllowedOptions::REFERENCES),
        "expandCountOption" => |parser| nested_option(parser, AllowedOptions::COUNT),
        "selectOption" => |parser| nested_option(parser, AllowedOptions::SELECT),
        "selectOptionPC" => |parser| nested_option(parser, AllowedOptions::REFERENCES),
        "searchExpr" => |parser| match parser.lexer.peek() {
            Some(' ' | '\t' | '\'') => Err(parser.lexer.unexpected("a search word")),
            _ => parser.search().map(drop),
        },
        "searchExpr-incomplete" => |parser| parser.lexer.text().map(drop),
        "searchWord" | "searchPhrase" => |parser| {
            let phrase = parser.lexer.peek() == Some('"');
            match parser.search()? {
                Search::Term(term) if phrase || is_search_word(&term) => Ok(()),
                _ => Err(parser.lexer.unexpected("one word or phrase")),
            }
        },
        "applyExpr" => |parser| parser.transformations().map(drop),
        "keyPredicate" | "simpleKey" | "compoundKey" | "functionParameters" => return parens(rule),
        "keyPropertyValue" => |parser| match parser.key_value()? {
            Key::Literal(_) => Ok(()),
            Key::Alias(_) => Err(parser.lexer.error("expected a literal".to_owned())),
        },
        "functionExprParameters" => |parser| parser.named_parameters().map(drop),
        "context" => |parser| {
            parser.lexer.expect('#')?;
            parser.context_fragment()
        },
        "contextFragment" => |parser| parser.context_fragment(),
        "groupingProperty" => |parser| parser.property_path(TypeLast::No).map(drop),
        "aggregateExpr" => |parser| parser.aggregate().map(drop),
        _ => return transformation(rule),
    })
}

fn nested_option(parser: &mut Parser<'_>, allowed: AllowedOptions) -> Result<(), OdataError> {
    parser.nested_option(allowed, &mut Options::default(), &mut Vec::new())
}

fn expand_path(parser: &mut Parser<'_>) -> Result<(), OdataError> {
    let start = parser.lexer.mark();
    if parser.expand_item()?.path.is_empty() {
        return Err(wrong_sort(parser, start, "expected a path"));
    }
    Ok(())
}

fn parens(rule: &str) -> Option<Read> {
    Some(match rule {
        "keyPredicate" => |parser| match parser.lexer.peek() {
            // Any text may be a key as a segment.
            Some('/') => {
                parser.lexer.take_while(|_| true);
                Ok(())
            }
            _ if parser.lexer.is_next("()") || parser.lexer.is_next("( ") => {
                parser.lexer.expect('(')?;
                Err(parser.lexer.unexpected("a key"))
            }
            _ => parser.path_parens().map(drop),
        },
        "simpleKey" => |parser| match parser.path_parens()? {
            SegmentKind::Key(_) => Ok(()),
            _ => Err(parser.lexer.error("expected one value".to_owned())),
        },
        "compoundKey" => |parser| match parser.path_parens()? {
            SegmentKind::Named(named) if !named.is_empty() => Ok(()),
            _ => Err(parser.lexer.error("expected named values".to_owned())),
        },
        _ => |parser| match parser.path_parens()? {
            SegmentKind::Named(_) => Ok(()),
            _ => Err(parser.lexer.error("expected named parameters".to_owned())),
        },
    })
}

/// Returns the reader of a single transformation, such as `aggregateTrafo`.
fn transformation(rule: &str) -> Option<Read> {
    use Transformation as T;
    Some(match rule {
        "aggregateTrafo" => |parser| only(parser, |step| matches!(step, T::Aggregate(_))),
        "computeTrafo" => |parser| only(parser, |step| matches!(step, T::Compute(_))),
        "concatTrafo" => |parser| only(parser, |step| matches!(step, T::Concat(_))),
        "groupbyTrafo" => |parser| only(parser, |step| matches!(step, T::GroupBy { .. })),
        "joinTrafo" => |parser| only(parser, |step| matches!(step, T::Join { outer: false, .. })),
        "outerjoinTrafo" => |parser| only(parser, |step| matches!(step, T::Join { outer: true, .. })),
        "nestTrafo" => |parser| only(parser, |step| matches!(step, T::Nest(_) | T::AddNested { .. })),
        "filterTrafo" => |parser| only(parser, |step| matches!(step, T::Filter(_))),
        "identityTrafo" => |parser| only(parser, |step| matches!(step, T::Identity)),
        "orderbyTrafo" => |parser| only(parser, |step| matches!(step, T::OrderBy(_))),
        "searchTrafo" => |parser| only(parser, |step| matches!(step, T::Search(_))),
        "skipTrafo" => |parser| only(parser, |step| matches!(step, T::Skip(_))),
        "topTrafo" => |parser| only(parser, |step| matches!(step, T::Top(_))),
        "topcountTrafo" | "toppercentTrafo" | "topsumTrafo" | "bottomcountTrafo" | "bottompercentTrafo"
        | "bottomsumTrafo" => |parser| only(parser, |step| matches!(step, T::Ranked { .. })),
        "ancestorsTrafo" => {
            |parser| only(parser, |step| matches!(step, T::Relatives { ancestors: true, .. }))
        }
        "descendantsTrafo" => {
            |parser| only(parser, |step| matches!(step, T::Relatives { ancestors: false, .. }))
        }
        "traverseTrafo" => |parser| only(parser, |step| matches!(step, T::Traverse { .. })),
        "customFunction" => |parser| only(parser, |step| matches!(step, T::Function(_))),
        "applyTrafo" => |parser| only(parser, |_| true),
        _ => return None,
    })
}

fn only(parser: &mut Parser<'_>, wanted: fn(&Transformation) -> bool) -> Result<(), OdataError> {
    let start = parser.lexer.mark();
    if wanted(&parser.any_transformation()?) {
        return Ok(());
    }
    Err(wrong_sort(parser, start, "expected another transformation"))
}
