//! From the text of a query to the question that the model accepts.

use model::entities::AccessToken;
use model::query::{Actor, ExpandShape, Query};
use model::{Record, Timestamp};
use odata::{ErrorKind, OdataError, QueryOptions};

/// 2026-08-01T00:00:00Z
const NOW: Timestamp = Timestamp::from_seconds(1_785_542_400);

fn question(query: &str) -> Result<Query, OdataError> {
    let options = QueryOptions::parse(query)?;
    let query = odata::bind(AccessToken::entity(), &options.query, NOW)?;
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
            "Text { path: [User, Name], test: Contains, text: x, case: AsIs }",
        ),
        (
            "startswith(tolower(User/Name),tolower('Xy'))",
            "Text { path: [User, Name], test: StartsWith, text: xy, case: Lower }",
        ),
        (
            "EndsWith(ToLower(User/Name),'y')",
            "Text { path: [User, Name], test: EndsWith, text: y, case: Lower }",
        ),
        (
            "contains(tolower(User/Name),'Y')",
            "Text { path: [User, Name], test: Contains, text: Y, case: Lower }",
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
        ("tolower(User/Name) eq 'x'", "Text { path: [User, Name], test: Equals, text: x, case: Lower }"),
        ("'X' ne ToUpper(User/Name)", "Not(Text { path: [User, Name], test: Equals, text: X, case: Upper })"),
        ("tolower(User/Name) eq null", "Compare([User, Name], Eq, Null)"),
        (
            "tolower(User/Name) in ('x','y')",
            "Or(Text { path: [User, Name], test: Equals, text: x, case: Lower }, \
             Text { path: [User, Name], test: Equals, text: y, case: Lower })",
        ),
        ("contains(User,'x')", "Text { path: [User], test: Contains, text: x, case: AsIs }"),
        ("contains(Parent/User,null)", "Constant(false)"),
        (
            "CreationTimestamp ge now() sub duration'P90D'",
            "Compare([CreationTimestamp], Ge, Time(Timestamp(1777766400000000)))",
        ),
        (
            "date(now() sub duration'P1D') lt CreationTimestamp",
            "Compare([CreationTimestamp], Gt, Time(Timestamp(1785456000000000)))",
        ),
        ("year(CreationTimestamp) eq 2026", "Part([CreationTimestamp], Year, Eq, Some(2026))"),
        ("2026.5 gt Year(CreationTimestamp)", "Part([CreationTimestamp], Year, Le, Some(2026))"),
        ("month(CreationTimestamp) eq 6.5", "Constant(false)"),
        ("day(LastUsedTimestamp) ne null", "Part([LastUsedTimestamp], Day, Ne, None)"),
        ("date(CreationTimestamp) eq 1970-01-03", "Part([CreationTimestamp], Date, Eq, Some(2))"),
        ("time(CreationTimestamp) lt 00:00:01.5", "Part([CreationTimestamp], Time, Lt, Some(1500000))"),
        (
            "fractionalseconds(CreationTimestamp) ge 0.0000015",
            "Part([CreationTimestamp], FractionalSeconds, Gt, Some(1))",
        ),
        (
            "equalnull(hour(LastUsedTimestamp),12)",
            "Or(Part([LastUsedTimestamp], Hour, Eq, None), Part([LastUsedTimestamp], Hour, Eq, Some(12)))",
        ),
        ("GrantedScopes/$count gt 1", "Count([GrantedScopes], None, Gt, 1)"),
        ("1.5 gt Parent/GrantedScopes/$count", "Count([Parent, GrantedScopes], None, Le, 1)"),
        ("GrantedScopes/$count eq null", "Constant(false)"),
        (
            "GrantedScopes/$count($filter=Scope eq 'x') in (1,2)",
            "Or(Count([GrantedScopes], Some(Compare([Scope], Eq, Text(x))), Eq, 1), \
             Count([GrantedScopes], Some(Compare([Scope], Eq, Text(x))), Eq, 2))",
        ),
        (
            "GrantedScopes/$filter(Scope eq 'x')/$count eq 0",
            "Count([GrantedScopes], Some(Compare([Scope], Eq, Text(x))), Eq, 0)",
        ),
        (
            "TrustedApplication/Authorizations/any(a:a/TrustedApplication/Authorizations/all(b:b/ContextUser/Active))",
            "Any([TrustedApplication, Authorizations], Some(All([TrustedApplication, Authorizations], \
             Compare([ContextUser, Active], Eq, Bool(true)))))",
        ),
        ("Kind has Erp.GrantKind'DeviceCode'", "Compare([Kind], Eq, Member(DeviceCode))"),
        ("yearmonth(CreationTimestamp) ge 202608", "Part([CreationTimestamp], YearMonth, Ge, Some(202608))"),
        ("isof(Erp.Systems_Security_AccessToken)", "Constant(true)"),
        ("isof(Erp.Systems_Security_User)", "Constant(false)"),
        ("isof(Actor,Edm.String)", "Compare([Actor], Ne, Null)"),
        ("isof(User/Name,Edm.Guid) or isof(1,Edm.Byte)", "Or(Constant(false), Constant(true))"),
        ("isof(User,Erp.Systems_Security_User)", "Compare([User], Ne, Null)"),
        ("User/Erp.Systems_Security_User/Active", "Compare([User, Active], Eq, Bool(true))"),
        ("cast(Kind,Edm.String) eq 'DeviceCode'", "Compare([Kind], Eq, Text(DeviceCode))"),
        ("cast(CreationTimestamp,Edm.Date) eq 1970-01-03", "Part([CreationTimestamp], Date, Eq, Some(2))"),
        ("isdefined(Actor) and isdefined(User/Name)", "And(Constant(true), Constant(true))"),
        ("'update' in GrantedScopes/Scope", "Any([GrantedScopes], Some(Compare([Scope], Eq, Text(update))))"),
        (
            "(Actor eq 'a') ne (Client eq 'b')",
            "Or(And(Compare([Actor], Eq, Text(a)), Not(Compare([Client], Eq, Text(b)))), \
             And(Not(Compare([Actor], Eq, Text(a))), Compare([Client], Eq, Text(b))))",
        ),
        (
            "case(Actor eq 'a':Client,true:Session) eq 'x'",
            "Or(Or(And(Compare([Actor], Eq, Text(a)), Compare([Client], Eq, Text(x))), \
             And(And(Not(Compare([Actor], Eq, Text(a))), Constant(true)), Compare([Session], Eq, Text(x)))), \
             And(And(Not(Compare([Actor], Eq, Text(a))), Not(Constant(true))), Constant(false)))",
        ),
        (
            "case(Actor eq 'a':1,Actor eq 'b':2) ge 2",
            "Or(Or(And(Compare([Actor], Eq, Text(a)), Constant(false)), \
             And(And(Not(Compare([Actor], Eq, Text(a))), Compare([Actor], Eq, Text(b))), Constant(true))), \
             And(And(Not(Compare([Actor], Eq, Text(a))), Not(Compare([Actor], Eq, Text(b)))), Constant(false)))",
        ),
        (
            "GrantedScopes/$count($search=update;$filter=Scope ne 'x') gt 0",
            "Count([GrantedScopes], Some(And(Compare([Scope], Ne, Text(x)), Mentions(Term(update)))), Gt, 0)",
        ),
        (
            "GrantedScopes/any(s:s/Scope eq 'x' and $it/Actor eq 'a')",
            "Or(And(Compare([Actor], Eq, Text(a)), Any([GrantedScopes], \
             Some(And(Compare([Scope], Eq, Text(x)), Constant(true))))), \
             And(Not(Compare([Actor], Eq, Text(a))), Any([GrantedScopes], \
             Some(And(Compare([Scope], Eq, Text(x)), Constant(false))))))",
        ),
        (
            "TrustedApplication/Authorizations/any(a:a/TrustedApplication/Authorizations/all(b:a/ContextUser/Active or Actor eq 'x'))",
            "Or(And(Compare([Actor], Eq, Text(x)), Any([TrustedApplication, Authorizations], \
             Some(Or(And(Compare([ContextUser, Active], Eq, Bool(true)), All([TrustedApplication, Authorizations], \
             Or(Constant(true), Constant(true)))), \
             And(Not(Compare([ContextUser, Active], Eq, Bool(true))), All([TrustedApplication, Authorizations], \
             Or(Constant(false), Constant(true)))))))), \
             And(Not(Compare([Actor], Eq, Text(x))), Any([TrustedApplication, Authorizations], \
             Some(Or(And(Compare([ContextUser, Active], Eq, Bool(true)), All([TrustedApplication, Authorizations], \
             Or(Constant(true), Constant(false)))), \
             And(Not(Compare([ContextUser, Active], Eq, Bool(true))), All([TrustedApplication, Authorizations], \
             Or(Constant(false), Constant(false)))))))))",
        ),
        ("Actor eq @p&@p=@q&@q='x'", "Compare([Actor], Eq, Text(x))"),
        ("@p&@p=not @q&@q=Actor eq 'x'", "Not(Compare([Actor], Eq, Text(x)))"),
        (
            "@p lt CreationTimestamp&@p=now() sub @d&@d=duration'PT1S'",
            "Compare([CreationTimestamp], Gt, Time(Timestamp(1785542399000000)))",
        ),
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
        ("matchesPattern(Actor,'x')", "501 NotImplemented: the function 'matchesPattern'"),
        ("matchesPattern('y','x')", "501 NotImplemented: the function 'matchesPattern'"),
        ("geo.length(Actor) eq 2", "501 NotImplemented: the function 'geo.length'"),
        ("Actor in Client", "501 NotImplemented: 'in' with anything but a list of values"),
        ("Erp.X/Actor eq 'a'", "501 NotImplemented: a type in a path that is not the one of its rows"),
        ("$root/X eq 'a'", "501 NotImplemented: $root"),
        (
            "GrantedScopes/$count($filter=$it/Actor eq 'a') eq 2",
            "501 NotImplemented: $it beside other rows in one condition",
        ),
    ] {
        assert_eq!(filter(text), format!("{error} is not offered by this service"), "{text}");
    }
    for (text, error) in [
        ("Actor", "400 BadValue: 'Actor' is compared with text in single quotes"),
        (
            "User/AccessFailedCount add 1 eq 2",
            "400 NotFilterable: 'AccessFailedCount' may not be filtered by 'add'; it allows eq, ne, gt, ge, lt, le",
        ),
        (
            "- User/AccessFailedCount eq 2",
            "400 NotFilterable: 'AccessFailedCount' may not be filtered by '-'; it allows eq, ne, gt, ge, lt, le",
        ),
        (
            "length(User/Name) gt 2",
            "400 NotFilterable: 'Name' may not be filtered by 'length'; it allows eq, ne, contains, startswith, \
             endswith, tolower, toupper",
        ),
        (
            "concat(tolower(Actor),'x') eq 'y'",
            "400 NotFilterable: 'Actor' may not be filtered by 'concat'; it allows eq, ne, in",
        ),
        (
            "year(Actor) eq 1",
            "400 NotFilterable: 'Actor' may not be filtered by 'year'; it allows eq, ne, in",
        ),
        (
            "year(date(CreationTimestamp)) eq 1",
            "400 NotFilterable: 'CreationTimestamp' may not be filtered by 'year'; it allows gt, ge, lt, le, year, \
             yearmonth, month, day, hour, minute, second, fractionalseconds, date, time, totaloffsetminutes",
        ),
        (
            "startswith(User,'x')",
            "400 NotFilterable: 'User' may not be filtered by 'startswith'; it allows eq, ne, in, contains",
        ),
        (
            "tolower(User/Name) gt 'x'",
            "400 NotFilterable: 'Name' may not be filtered by 'gt'; it allows eq, ne, contains, startswith, endswith, \
             tolower, toupper",
        ),
        (
            "Actor eq Client",
            "400 BadExpression: $filter, character 0: two properties are not compared with one another, as no index \
             serves that; compare each with a value",
        ),
        (
            "contains('abc',Actor)",
            "400 BadExpression: $filter, character 15: 'contains' looks for a value in a property, not for a property",
        ),
        (
            "date(CreationTimestamp) eq 2026",
            "400 BadExpression: $filter, character 27: a date is expected here, not a number",
        ),
        (
            "now() sub 1 lt CreationTimestamp",
            "400 BadExpression: $filter, character 0: 'sub' does not stand between a date and time and a number",
        ),
        (
            "GrantedScopes/$count",
            "400 BadExpression: $filter, character 0: a number is compared with another",
        ),
        (
            "@p&@p=@q&@q=not @p",
            "400 BadExpression: $filter, character 0: the alias '@p' stands for itself, or for too many others",
        ),
        ("'x'", "400 BadExpression: $filter, character 0: a condition is expected"),
        ("isof(Erp.User)", "400 BadExpression: $filter, character 0: there is no type 'Erp.User'"),
        (
            "Actor has 'X'",
            "400 BadExpression: $filter, character 0: 'has' asks for a member of an enumeration, and this property \
             is none",
        ),
        (
            "cast(Actor,Edm.Guid) eq 1",
            "400 NotFilterable: 'Actor' may not be filtered by 'cast'; it allows eq, ne, in",
        ),
        (
            "GrantedScopes/any(s:s/Scope eq Actor)",
            "400 BadExpression: $filter, character 31: a path within this condition begins with the variable 's/'",
        ),
        (
            "isdefined(Aktor)",
            "400 UnknownProperty: Systems_Security_AccessTokens has no property 'Aktor'; did you mean 'Actor'?",
        ),
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
        (
            "$expand=User/$count",
            ErrorKind::BadRequest,
            "'User' is a reference, a collection is expected there",
        ),
        (
            "$expand=Parent/User",
            ErrorKind::BadRequest,
            "$expand, character 0: a path does not lead through references here; write Parent($expand=User)",
        ),
        (
            "$expand=Parent($levels=6)",
            ErrorKind::BadRequest,
            "$expand: the depth of expansion exceeds the limit of 5",
        ),
        (
            "$expand=User($levels=2)",
            ErrorKind::BadRequest,
            "$expand, character 0: $levels: Systems_Security_Users have no 'User' to follow",
        ),
        (
            "$expand=Parent($filter=$it/Actor eq 'x')",
            ErrorKind::NotImplemented,
            "$it beside other rows in one condition is not offered by this service",
        ),
        (
            "$orderby=User/Name",
            ErrorKind::BadRequest,
            "results may not be ordered by 'User/Name'; they may be ordered by ",
        ),
        (
            "$orderby=length(Actor) desc",
            ErrorKind::BadRequest,
            "results may not be ordered by 'length(Actor)'; they may be ordered by ",
        ),
        (
            "$select=User/Name",
            ErrorKind::BadRequest,
            "$select, character 0: 'User' is not expanded; write $expand=User($select=Name)",
        ),
        (
            "$select=Actor/Name",
            ErrorKind::BadRequest,
            "$select, character 0: 'Actor' has no properties of its own",
        ),
    ] {
        let error = question(text).unwrap_err();
        assert_eq!(error.kind(), kind, "{text}");
        assert!(error.to_string().starts_with(message), "{text}: {error}");
    }
}

#[test]
fn what_is_expanded_has_a_shape_and_levels() {
    let query = question("$expand=User/$ref,GrantedScopes/$count,Parent($levels=3;$select=Actor)").unwrap();
    let shapes: Vec<_> = query.expand.iter().map(|expand| expand.shape).collect();
    assert_eq!(shapes, [ExpandShape::References, ExpandShape::Count, ExpandShape::Rows]);
    let depth = |query: &Query| {
        let mut depth = 0;
        let mut expand = query.expand.iter().find(|expand| expand.name == "Parent");
        while let Some(parent) = expand {
            depth += 1;
            assert_eq!(parent.query.select, ["Actor"]);
            expand = parent.query.expand.first();
        }
        depth
    };
    assert_eq!(depth(&query), 3);
    assert_eq!(depth(&question("$expand=Parent($levels=max;$select=Actor)").unwrap()), 5);
    assert_eq!(depth(&question("$expand=Parent($levels=1;$select=Actor)").unwrap()), 1);
    let all = question("$expand=*/$ref").unwrap();
    assert!(all.expand.len() == 4 && all.expand.iter().all(|expand| expand.shape == ExpandShape::References));
}

#[test]
fn what_is_expanded_is_selected_from() {
    let query = question(
        "$expand=User,GrantedScopes&$select=Actor,User/Name,User/Login,GrantedScopes($select=Scope)",
    );
    let query = query.unwrap();
    assert_eq!(query.select, ["Actor", "User", "GrantedScopes"]);
    assert_eq!(query.expand[0].query.select, ["Name", "Login"]);
    assert_eq!(query.expand[1].query.select, ["Scope"]);
}

#[test]
fn a_search_is_bound() {
    let query = question("$search=ada NOT \"b c\" OR d&$expand=User($search=x)").unwrap();
    assert_eq!(
        short(&format!("{:?}", query.search)),
        "Some(Or([And([Term(ada), Not(Term(b c))]), Term(d)]))"
    );
    assert_eq!(short(&format!("{:?}", query.expand[0].query.search)), "Some(Term(x))");
}

#[test]
fn options_that_are_syntax_only_are_refused_by_name() {
    for (query, what) in [
        ("$apply=aggregate($count as N)", "$apply with groups here"),
        ("$index=2", "$index"),
        ("$filter=$root/Sets(1)/X eq 'x'", "$root"),
    ] {
        let error = question(query).map_err(|error| (error.kind(), error.to_string()));
        let wanted = (ErrorKind::NotImplemented, format!("{what} is not offered by this service"));
        assert_eq!(error.err(), Some(wanted), "{query}");
    }
}
