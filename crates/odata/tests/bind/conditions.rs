//! Supported filters.

use crate::filter;

#[test]
fn supported_filters_are_bound() {
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
        ("Kind eq Erp.GrantKind'5'", "Compare([Kind], Eq, Member(5))"),
        ("Kind eq '5'", "Compare([Kind], Eq, Text(5))"),
        ("ExpireTimestamp eq null", "Compare([ExpireTimestamp], Eq, Null)"),
        (
            "CreationTimestamp ge 2026-01-01Z",
            "Compare([CreationTimestamp], Ge, Time(Timestamp(1767225600000000)))",
        ),
        ("User/Name in ('a')", "In([User, Name], [Text(a)])"),
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
fn the_central_query_of_the_product() {
    let text = "GrantedScopes/any(s:s/Scope eq 'update') and \
                lessequalnull(LastUsedTimestamp,2026-08-01T00:00:00Z) and User/Active eq false";
    assert_eq!(
        filter(text),
        "And(And(Any([GrantedScopes], Some(Compare([Scope], Eq, Text(update)))), \
         OrNull([LastUsedTimestamp], Le, Time(Timestamp(1785542400000000)))), \
         Compare([User, Active], Eq, Bool(false)))"
    );
}
