//! Every rule of the two grammars is known.

use odata_grammar::{RULE_NAMES, check};

#[test]
fn every_rule_is_known() {
    assert_eq!(RULE_NAMES.lines().count(), 528);
    for name in RULE_NAMES.lines() {
        for rule in [name.to_owned(), name.to_uppercase()] {
            let message = check(&rule, "").err().map(|mismatch| mismatch.message).unwrap_or_default();
            assert!(!message.starts_with("unknown rule"), "{rule} is not answered");
        }
    }
}

#[test]
fn parts_are_checked_within_the_whole() {
    for (rule, text) in [
        ("collectionNavigation", "(1)/Name/$value"),
        ("collectionNavigation", "/Ns.Type/$count"),
        ("collectionPath", "/$count"),
        ("boundOperation", "/Ns.F(p=1)/Name"),
        ("propertyPath", "User/Name"),
        ("filterInPath", "/$filter(Name eq 'x')"),
        ("crossjoin", "$crossjoin(A,B)"),
        ("entityFunctionImportCall", "F(p=1,q=@x)"),
        ("singleNavigationExpr", "/User/Name"),
        ("collectionPathExpr", "/any(s:s/Name eq 'x')"),
        ("filterExpr", "/$filter(Name eq 'x')"),
        ("member", "\"a\":1"),
        ("functionExprParameter", "p=1"),
        ("keyValuePair", "A=1"),
        ("searchOrExpr", " OR b"),
        ("searchNegateExpr", "NOT b"),
        ("selectList", "(A,B(C))"),
        ("selectListItem", "A"),
        ("sridLiteral", "SRID=4326;"),
        ("pointData", "(1 2)"),
        ("geoLiteral", "Point(1 2)"),
        ("year", "-0044"),
        ("month", "12"),
        ("second", "59"),
        ("asAlias", " as N"),
        ("aggregateWith", " with sum"),
        ("aggregateFrom", " from A with max"),
        ("aggregateMethod", "countdistinct"),
        ("aggrPropPath", "A/Ns.T/B/Ns.T"),
        ("customFrom", " from A/B with max from C"),
        ("odataUri", "http:///"),
        ("aggregateFunctionExpr", "A with sum"),
        ("snglPrimPath", "User/Name"),
        ("groupbyElement", "rollup(A,B)"),
        ("rollupUnnamedHier", "A,B/C"),
        ("preservingTrafos", "filter(A eq 1)/top(2)"),
        ("nestApplyExpr", "filter(A eq 1) as N"),
        ("serviceRoot", "https://example.org:8080/api/domain/odata/"),
        ("serviceRoot", "http://[::1]/"),
        ("odataUri", "https://example.org/odata/"),
        ("odataUri", "HTTP://example.org/odata/Users?$filter=Name eq 'x'"),
        ("odataUri", "https://example.org/odata/$metadata"),
        ("odataUri", "https://example.org/odata/$entity?$id=Users(1)"),
    ] {
        assert_eq!(check(rule, text), Ok(()), "{rule} {text}");
    }
    for (rule, text, at) in [
        ("collectionNavigation", "(1", 2),
        ("filterExpr", "/$filter(Name eq )", 17),
        ("month", "13", 1),
        ("second", "61", 0),
        ("aggregateMethod", "middle", 6),
        ("customFrom", " from A,", 8),
        ("odataUri", "https://example.org/7", 21),
        ("odataUri", "https://[::1/", 12),
        ("searchOrExpr", " OR ", 4),
        ("rollupUnnamedHier", "A,", 2),
        ("serviceRoot", "ftp://example.org/", 0),
        ("serviceRoot", "https:/example.org/", 5),
        ("odataUri", "HTTP//example.org/", 4),
        ("serviceRoot", "https://example.org", 19),
        ("odataUri", "https://example.org/odata/Users?$filter=Name eq", 47),
    ] {
        let found = check(rule, text).map_err(|mismatch| mismatch.at);
        assert_eq!(found, Err(at), "{rule} {text}");
    }
}
