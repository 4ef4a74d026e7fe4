//! From the text of a query to the question that the model accepts.

use model::Record;
use model::entities::AccessToken;
use model::query::{Actor, Query};
use odata::{ErrorKind, OdataError, QueryOptions};

fn question(query: &str) -> Result<Query, OdataError> {
    let options = QueryOptions::parse(query)?;
    let query = odata::bind(AccessToken::entity(), &options.query)?;
    query.bind(AccessToken::entity(), Actor::SYSTEM)?;
    Ok(query)
}

/// The filter as the model's condition, or the error with its status.
fn filter(text: &str) -> String {
    match question(&format!("$filter={text}")) {
        Ok(query) => query.filter.map(|filter| short(&format!("{filter:?}"))).unwrap_or_default(),
        Err(error) => format!("{} {}: {error}", error.kind().status(), error.code()),
    }
}

/// Without the words of Rust's notation that say nothing here.
fn short(debug: &str) -> String {
    debug.replace('"', "")
}

#[test]
fn what_the_model_can_ask_is_bound() {
    for (text, condition) in [
        ("Actor eq 'x'", "Compare([Actor], Eq, Text(x))"),
        ("'x' eq Actor", "Compare([Actor], Eq, Text(x))"),
        ("null ne User", "Compare([User], Ne, Null)"),
        (
            "2026-01-01 le CreationTimestamp",
            "Compare([CreationTimestamp], Ge, Time(Timestamp(1767225600000000)))",
        ),
        (
            "CreationTimestamp LT 2026-01-01T02:30%2B02:30",
            "Compare([CreationTimestamp], Lt, Time(Timestamp(1767225600000000)))",
        ),
        ("User/Active", "Compare([User, Active], Eq, Bool(true))"),
        ("not User/Active", "Not(Compare([User, Active], Eq, Bool(true)))"),
        ("$it/User/Active eq false", "Compare([User, Active], Eq, Bool(false))"),
        ("(User/Active eq true) eq false", "Not(Compare([User, Active], Eq, Bool(true)))"),
        (
            "contains(User/Name,'x') eq true",
            "Text { path: [User, Name], test: Contains, text: x, fold: false }",
        ),
        (
            "startswith(tolower(User/Name),tolower('Xy'))",
            "Text { path: [User, Name], test: StartsWith, text: xy, fold: true }",
        ),
        (
            "EndsWith(ToLower(User/Name),'y')",
            "Text { path: [User, Name], test: EndsWith, text: y, fold: true }",
        ),
        (
            "contains(tolower(User/Name),'Y')",
            "And(Text { path: [User, Name], test: Contains, text: Y, fold: true }, Constant(false))",
        ),
        ("Kind eq 'DeviceCode'", "Compare([Kind], Eq, Text(DeviceCode))"),
        ("Kind eq Erp.GrantKind'DeviceCode'", "Compare([Kind], Eq, Member(DeviceCode))"),
        ("Actor in ('a','b',null)", "In([Actor], [Text(a), Text(b), Null])"),
        (
            "User eq 'Systems_Security_Users(00000000-0000-0000-0000-000000000001)'",
            "Compare([User], Eq, Text(Systems_Security_Users(00000000-0000-0000-0000-000000000001)))",
        ),
        (
            "lessequalnull(LastUsedTimestamp,2026-08-01T00:00:00Z)",
            "OrNull([LastUsedTimestamp], Le, Time(Timestamp(1785542400000000)))",
        ),
        ("equalnull(Actor,'x')", "OrNull([Actor], Eq, Text(x))"),
        ("GreaterEqualNull(ExpireTimestamp,1970-01-01)", "OrNull([ExpireTimestamp], Ge, Time(Timestamp(0)))"),
        ("GrantedScopes/any()", "Any([GrantedScopes], None)"),
        (
            "GrantedScopes/any(s:s/Scope eq 'update')",
            "Any([GrantedScopes], Some(Compare([Scope], Eq, Text(update))))",
        ),
        (
            "GrantedScopes/all(s:s/Scope in ('a') and not (s/Scope eq 'b'))",
            "All([GrantedScopes], And(In([Scope], [Text(a)]), Not(Compare([Scope], Eq, Text(b)))))",
        ),
        (
            "Actor eq 'a' or Actor eq 'b' or Actor eq 'c'",
            "Or(Or(Compare([Actor], Eq, Text(a)), Compare([Actor], Eq, Text(b))), Compare([Actor], Eq, Text(c)))",
        ),
        ("true", "Constant(true)"),
        ("Actor eq @p&@p='x'", "Compare([Actor], Eq, Text(x))"),
        ("Actor in @p&@p=[\"a\",\"b\"]", "In([Actor], [Text(a), Text(b)])"),
        ("Actor in (@p)&@p=['a']", "In([Actor], [Text(a)])"),
        ("@p and true&@p=Actor eq 'x'", "And(Compare([Actor], Eq, Text(x)), Constant(true))"),
    ] {
        assert_eq!(filter(text), condition, "{text}");
    }
}

#[test]
fn the_question_that_the_product_is_about() {
    let text = "GrantedScopes/any(s:s/Scope eq 'update') and \
                lessequalnull(LastUsedTimestamp,2026-08-01T00:00:00Z) and User/Active eq false";
    assert_eq!(
        filter(text),
        "And(And(Any([GrantedScopes], Some(Compare([Scope], Eq, Text(update)))), \
         OrNull([LastUsedTimestamp], Le, Time(Timestamp(1785542400000000)))), \
         Compare([User, Active], Eq, Bool(false)))"
    );
}

#[test]
fn what_cannot_be_asked_is_refused_by_name() {
    for (text, error) in [
        ("AccessFailedCount add 1 eq 2", "501 NotImplemented: the operator 'add' within a comparison"),
        (
            "- User/AccessFailedCount eq 2",
            "501 NotImplemented: the operator '-' before anything but a number",
        ),
        ("Kind has Erp.GrantKind'DeviceCode'", "501 NotImplemented: the operator 'has'"),
        ("length(Actor) eq 2", "501 NotImplemented: the function 'length'"),
        ("now() eq now()", "501 NotImplemented: the function 'now'"),
        ("contains(toupper(Actor),'x')", "501 NotImplemented: the function 'toupper'"),
        ("Actor eq Client", "501 NotImplemented: a comparison of two properties"),
        ("1 eq 1", "501 NotImplemented: a comparison of two values"),
        ("Actor in Client", "501 NotImplemented: 'in' with anything but a list of values"),
        ("GrantedScopes/$count gt 1", "501 NotImplemented: '$count' in a path"),
        ("Erp.X/Actor eq 'a'", "501 NotImplemented: a type in a path"),
        ("$root/X eq 'a'", "501 NotImplemented: $root"),
        ("GrantedScopes/any(s:$it/Actor eq 'a')", "501 NotImplemented: $it within 'any' and 'all'"),
        ("Actor eq @p&@p=@q&@q='x'", "501 NotImplemented: an alias within the value of an alias"),
        ("@p&@p=GrantedScopes/any(s:@p)", "501 NotImplemented: an alias within the value of an alias"),
    ] {
        assert_eq!(filter(text), format!("{error} is not offered by this service"), "{text}");
    }
    for (text, error) in [
        ("Actor", "400 BadValue: 'Actor' is compared with text in single quotes"),
        ("'x'", "400 BadExpression: $filter, character 0: a condition is expected"),
        ("Actor eq @p", "400 BadExpression: $filter, character 9: the alias '@p' has no value"),
        (
            "not Actor eq 'x'",
            "400 BadExpression: $filter, character 0: 'not' belongs to what follows it at once; write not (…) to \
             negate a comparison",
        ),
        (
            "GrantedScopes/any(s:Scope eq 'x')",
            "400 BadExpression: $filter, character 20: a path within this condition begins with the variable 's/'",
        ),
        (
            "GrantedScopes/any(s:s eq 'x')",
            "400 BadExpression: $filter, character 20: a property is expected behind this",
        ),
        (
            "CreationTimestamp gt 2026-02-30",
            "400 BadExpression: $filter, character 21: not a date or time as RFC 3339 writes it, such as \
             2026-08-01T00:00:00Z",
        ),
        (
            "Kind eq Erp.Kind'X'",
            "400 BadExpression: $filter, character 8: there is no enumeration 'Erp.Kind'",
        ),
        (
            "contains(User/Name,1)",
            "400 BadExpression: $filter, character 19: 'contains' looks for text in quotes",
        ),
        (
            "Akctor eq 'x'",
            "400 UnknownProperty: Systems_Security_AccessTokens has no property 'Akctor'; did you mean 'Actor'?",
        ),
        (
            "actor eq 'x'",
            "400 UnknownProperty: Systems_Security_AccessTokens has no property 'actor'; did you mean 'Actor'?",
        ),
        ("Scopes eq 'x'", "400 NotFilterable: 'Scopes' may not be filtered by 'eq'; it is not filterable"),
        (
            "contains(tolower(Scopes),'X')",
            "400 NotFilterable: 'Scopes' may not be filtered by 'contains'; it is not filterable",
        ),
        (
            "CreationTimestamp gt duration'P1D'",
            "400 BadValue: 'CreationTimestamp' is compared with a date and time such as 2026-08-01T00:00:00Z",
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
        "400 LimitExceeded: $filter: the number of conditions and values exceeds the limit of 4000"
    );
}

#[test]
fn the_other_options() {
    let query = question(
        "$select=Actor,default,*&$orderby=CreationTimestamp desc,Id&$top=5&$skip=2&$count=true\
         &$expand=User($select=Name),GrantedScopes($filter=Scope eq @p;@p='y';$orderby=Id)&@p='x'",
    )
    .unwrap();
    assert_eq!((query.top, query.skip, query.count), (Some(5), 2, true));
    assert_eq!(query.select, ["Actor", "default", "*"]);
    let order: Vec<_> = query.order_by.iter().map(|key| (key.name.as_str(), key.descending)).collect();
    assert_eq!(order, [("CreationTimestamp", true), ("Id", false)]);
    assert_eq!(query.expand[0].query.select, ["Name"]);
    let nested = short(&format!("{:?}", query.expand[1].query.filter));
    assert_eq!(nested, "Some(Compare([Scope], Eq, Text(y)))");

    let all = question("$expand=User($select=Name),*").unwrap();
    let names: Vec<_> = all.expand.iter().map(|expand| expand.name.as_str()).collect();
    assert_eq!(names, ["User", "Parent", "TrustedApplication", "GrantedScopes"]);
    assert_eq!(all.expand[0].query.select, ["Name"]);
    let all = question("$expand=*,User($select=Name)").unwrap();
    assert_eq!((all.expand.len(), all.expand[2].query.select.len()), (4, 1));

    for (text, kind, message) in [
        ("$expand=User,User", ErrorKind::BadRequest, "$expand, character 5: 'User' is expanded twice"),
        (
            "$expand=Usr",
            ErrorKind::BadRequest,
            "Systems_Security_AccessTokens has no property 'Usr'; did you mean 'User'?",
        ),
        ("$expand=User/$ref", ErrorKind::NotImplemented, "/$ref in $expand is not offered by this service"),
        (
            "$expand=Parent($levels=3)",
            ErrorKind::NotImplemented,
            "$levels of more than 1 is not offered by this service",
        ),
        (
            "$orderby=User/Name",
            ErrorKind::NotImplemented,
            "ordering by anything but a property of the row itself is not offered by this service",
        ),
        (
            "$select=User/Name",
            ErrorKind::NotImplemented,
            "anything but a property of the row itself in $select is not offered by this service",
        ),
    ] {
        let error = question(text).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, message), "{text}");
    }
}

#[test]
fn options_that_are_syntax_only_are_refused_by_name() {
    for (query, what) in [
        ("$apply=aggregate($count as N)", "$apply"),
        ("$search=x", "$search"),
        ("$compute=length(Actor) as L", "$compute"),
        ("$expand=User($search=x)", "$search"),
        ("$expand=User($compute=1 as x)", "$compute"),
        ("$index=2", "$index"),
        ("$filter=case(true:Actor) eq 'x'", "the function 'case'"),
        ("$filter=cast(Actor,Edm.String) eq 'x'", "the function 'cast'"),
        ("$filter=isof(Erp.User)", "the function 'isof'"),
        ("$filter=$root/Sets(1)/X eq 'x'", "'(…)' in a path"),
    ] {
        let error = question(query).map_err(|error| (error.kind(), error.to_string()));
        let wanted = (ErrorKind::NotImplemented, format!("{what} is not offered by this service"));
        assert_eq!(error.err(), Some(wanted), "{query}");
    }
}
