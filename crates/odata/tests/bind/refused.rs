//! Unsupported filters.

use crate::filter;

#[test]
fn unsupported_filters_are_rejected_by_name() {
    for (text, error) in [
        ("matchesPattern(Actor,'x')", "501 NOT_IMPLEMENTED: the function 'matchesPattern'"),
        ("matchesPattern('y','x')", "501 NOT_IMPLEMENTED: the function 'matchesPattern'"),
        ("geo.length(Actor) eq 2", "501 NOT_IMPLEMENTED: the function 'geo.length'"),
        ("Actor in Client", "501 NOT_IMPLEMENTED: 'in' without a list of values"),
        ("Erp.X/Actor eq 'a'", "501 NOT_IMPLEMENTED: a type in a path other than that of its rows"),
        ("$root/X eq 'a'", "501 NOT_IMPLEMENTED: $root here"),
        (
            "GrantedScopes/$count($filter=$it/Actor eq 'a') eq 2",
            "501 NOT_IMPLEMENTED: $it and other rows in one condition",
        ),
    ] {
        assert_eq!(filter(text), format!("{error} is not supported by this service"), "{text}");
    }
    for (text, error) in [
        ("Actor", "400 BAD_VALUE: 'Actor' is compared with text in single quotes"),
        (
            "User/AccessFailedCount add 1 eq 2",
            "400 NOT_FILTERABLE: 'AccessFailedCount' may not be filtered by 'add'; it allows eq, ne, in, gt, ge, lt, le",
        ),
        (
            "- User/AccessFailedCount eq 2",
            "400 NOT_FILTERABLE: 'AccessFailedCount' may not be filtered by '-'; it allows eq, ne, in, gt, ge, lt, le",
        ),
        (
            "length(User/Name) gt 2",
            "400 NOT_FILTERABLE: 'Name' may not be filtered by 'length'; it allows eq, ne, in, contains, startswith, \
             endswith, tolower, toupper",
        ),
        (
            "concat(tolower(Actor),'x') eq 'y'",
            "400 NOT_FILTERABLE: 'Actor' may not be filtered by 'concat'; it allows eq, ne, in",
        ),
        (
            "year(Actor) eq 1",
            "400 NOT_FILTERABLE: 'Actor' may not be filtered by 'year'; it allows eq, ne, in",
        ),
        (
            "year(date(CreationTimestamp)) eq 1",
            "400 NOT_FILTERABLE: 'CreationTimestamp' may not be filtered by 'year'; it allows gt, ge, lt, le, year, \
             yearmonth, month, day, hour, minute, second, fractionalseconds, date, time, totaloffsetminutes",
        ),
        (
            "startswith(User,'x')",
            "400 NOT_FILTERABLE: 'User' may not be filtered by 'startswith'; it allows eq, ne, in, contains",
        ),
        (
            "tolower(User/Name) gt 'x'",
            "400 NOT_FILTERABLE: 'Name' may not be filtered by 'gt'; it allows eq, ne, in, contains, startswith, endswith, \
             tolower, toupper",
        ),
        (
            "Actor eq Client",
            "400 BAD_EXPRESSION: $filter, character 0: two properties cannot be compared with one another, as no index \
             supports that; compare each with a value",
        ),
        (
            "tolower(Actor) eq 'x'",
            "400 NOT_FILTERABLE: 'Actor' may not be filtered by 'tolower'; it allows eq, ne, in",
        ),
        (
            "GrantedScopes/any(s:toupper(s/Scope) in ('X','Y'))",
            "400 NOT_FILTERABLE: 'Scope' may not be filtered by 'toupper'; it allows eq, ne, in",
        ),
        (
            "Actor eq ben",
            "400 BAD_EXPRESSION: $filter, character 9: there is no property 'ben'; a text is written in single quotes: 'ben'",
        ),
        (
            "Kind eq Foo",
            "400 BAD_EXPRESSION: $filter, character 8: there is no property 'Foo'; a text is written in single quotes: 'Foo'",
        ),
        (
            "contains('abc',Actor)",
            "400 BAD_EXPRESSION: $filter, character 15: 'contains' takes a value as its second argument, not a property",
        ),
        (
            "date(CreationTimestamp) eq 2026",
            "400 BAD_EXPRESSION: $filter, character 27: expected a date here, not a number",
        ),
        (
            "now() sub 1 lt CreationTimestamp",
            "400 BAD_EXPRESSION: $filter, character 0: 'sub' is not defined for a date and time and a number",
        ),
        (
            "GrantedScopes/$count",
            "400 BAD_EXPRESSION: $filter, character 0: a number must be compared with another number",
        ),
        (
            "@p&@p=@q&@q=not @p",
            "400 BAD_EXPRESSION: $filter, character 0: the alias '@p' is recursive, or nested too deeply",
        ),
        ("'x'", "400 BAD_EXPRESSION: $filter, character 0: expected a condition"),
        ("isof(Erp.User)", "400 BAD_EXPRESSION: $filter, character 0: there is no type 'Erp.User'"),
        (
            "Actor has 'X'",
            "400 BAD_EXPRESSION: $filter, character 0: 'has' requires a property of an enumeration type",
        ),
        (
            "cast(Actor,Edm.Guid) eq 1",
            "400 NOT_FILTERABLE: 'Actor' may not be filtered by 'cast'; it allows eq, ne, in",
        ),
        (
            "GrantedScopes/any(s:s/Scope eq Actor)",
            "400 BAD_EXPRESSION: $filter, character 31: a path in this condition must begin with the variable 's/'",
        ),
        (
            "isdefined(Aktor)",
            "400 UNKNOWN_PROPERTY: Systems_Security_AccessTokens has no property 'Aktor'; did you mean 'Actor'?",
        ),
        ("Actor eq @p", "400 BAD_EXPRESSION: $filter, character 9: the alias '@p' has no value"),
        (
            "not Actor eq 'x'",
            "400 BAD_EXPRESSION: $filter, character 0: 'not' applies to the operand that follows; write not (…) to negate a comparison",
        ),
        (
            "GrantedScopes/any(s:Scope eq 'x')",
            "400 BAD_EXPRESSION: $filter, character 20: a path in this condition must begin with the variable 's/'",
        ),
        (
            "GrantedScopes/any(s:s eq 'x')",
            "400 BAD_EXPRESSION: $filter, character 20: expected a property after this",
        ),
        (
            "CreationTimestamp gt 2026-02-30",
            "400 BAD_EXPRESSION: $filter, character 21: not a date or time as RFC 3339 writes it, such as \
             2026-08-01T00:00:00Z",
        ),
        (
            "Kind eq Erp.Kind'X'",
            "400 BAD_EXPRESSION: $filter, character 8: there is no enumeration 'Erp.Kind'",
        ),
        (
            "contains(User/Name,1)",
            "400 BAD_EXPRESSION: $filter, character 19: 'contains' takes a text in quotes",
        ),
        (
            "Akctor eq 'x'",
            "400 UNKNOWN_PROPERTY: Systems_Security_AccessTokens has no property 'Akctor'; did you mean 'Actor'?",
        ),
        (
            "actor eq 'x'",
            "400 UNKNOWN_PROPERTY: Systems_Security_AccessTokens has no property 'actor'; did you mean 'Actor'?",
        ),
        ("Scopes eq 'x'", "400 NOT_FILTERABLE: 'Scopes' may not be filtered by 'eq'; it is not filterable"),
        (
            "contains(tolower(Scopes),'X')",
            "400 NOT_FILTERABLE: 'Scopes' may not be filtered by 'contains'; it is not filterable",
        ),
        (
            "CreationTimestamp gt duration'P1D'",
            "400 BAD_VALUE: 'CreationTimestamp' is compared with a date and time such as 2026-08-01T00:00:00Z",
        ),
    ] {
        assert_eq!(filter(text), error, "{text}");
    }
}

#[test]
fn an_alias_cannot_multiply_a_filter() {
    let value = vec!["Actor eq 'x'"; 400].join(" or ");
    let filter_text = vec!["@p"; 400].join(" or ");
    assert_eq!(
        filter(&format!("{filter_text}&@p={value}")),
        "400 LIMIT_EXCEEDED: $filter: the number of conditions and values exceeds the limit of 4000"
    );
}
