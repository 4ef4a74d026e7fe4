//! Texts of the grammar are parsed; errors have the right position.

use odata::parse;
use odata::{OdataError, QueryOptions};

/// Returns the printed expression, or the position and message of the error.
fn shown<T>(result: Result<T, OdataError>, print: impl Fn(T) -> String) -> String {
    match result {
        Ok(value) => print(value),
        Err(error) => format!("{} {:?}: {error}", error.code(), error.position()),
    }
}

fn filter(text: &str) -> String {
    shown(parse::filter(text), |expr| expr.to_string())
}

#[test]
fn operators_have_the_precedence_of_the_standard() {
    for (text, tree) in [
        ("a eq 1 or b eq 2 and c eq 3", "a eq 1 or b eq 2 and c eq 3"),
        ("(a eq 1 or b eq 2) and c eq 3", "(a eq 1 or b eq 2) and c eq 3"),
        ("(a eq 1 and b eq 2) or c eq 3", "a eq 1 and b eq 2 or c eq 3"),
        ("((a))", "a"),
        ("a and (b and c)", "a and (b and c)"),
        ("(a and b) and c", "(a and b) and c"),
        ("not a eq b", "not a eq b"),
        ("not (a eq b)", "not (a eq b)"),
        ("NOT(a EQ b)", "not (a eq b)"),
        ("(not a) eq b", "not a eq b"),
        ("not a in (1)", "not a in (1)"),
        ("(a sub b) sub c", "a sub b sub c"),
        ("a sub (b sub c)", "a sub (b sub c)"),
        ("(a add b) mul c", "(a add b) mul c"),
        ("a add (b mul c) eq 7", "a add b mul c eq 7"),
        ("- a mul b", "- a mul b"),
        ("-(a mul b)", "- (a mul b)"),
        ("- 5 sub -5", "- 5 sub -5"),
        ("a gt 1 eq (b lt 2)", "a gt 1 eq b lt 2"),
        ("(a eq b) gt c", "(a eq b) gt c"),
        ("a  AND\tb", "a and b"),
        ("x divby 2 mod 3 DIV 4", "x divby 2 mod 3 div 4"),
        ("Style has Sales.Pattern'Yellow,Solid'", "Style has Sales.Pattern'Yellow,Solid'"),
        ("Style has 'Yellow'", "Style has 'Yellow'"),
    ] {
        assert_eq!(filter(text), tree, "{text}");
    }
}

#[test]
fn paths_functions_and_conditions_on_collections() {
    for (text, tree) in [
        ("User/Active", "User/Active"),
        ("GrantedScopes/any(s:s/Scope eq 'update')", "GrantedScopes/any(s:s/Scope eq 'update')"),
        ("A/any( s : s/X ) and B/all(t:t/Y eq 1)", "A/any(s:s/X) and B/all(t:t/Y eq 1)"),
        ("A/any()", "A/any()"),
        ("A/$count gt 1", "A/$count gt 1"),
        ("A/$count($filter=X eq 1;$search=x y) gt 1", "A/$count($filter=X eq 1;$search=x AND y) gt 1"),
        ("A/$count($filter=X eq 1) gt 1", "A/$count($filter=X eq 1) gt 1"),
        ("A/$filter(X eq 1)/any(a:a/Y)", "A/$filter(X eq 1)/any(a:a/Y)"),
        ("contains( tolower( Name ) , 'x' )", "contains(tolower(Name),'x')"),
        ("now() gt X", "now() gt X"),
        ("Ns.Fn(p=1,q=@a)/X", "Ns.Fn(p=1,q=@a)/X"),
        ("@p", "@p"),
        ("$it/Name eq @p/Name", "$it/Name eq @p/Name"),
        ("$root/Sets('x')/Name eq $this", "$root/Sets('x')/Name eq $this"),
        ("A/Ns.Type/B/@Ns.Term eq 1", "A/Ns.Type/B/@Ns.Term eq 1"),
        ("@Ns.Term/X eq 1", "@Ns.Term/X eq 1"),
        ("cast(X,Edm.String) eq 'x'", "cast(X,Edm.String) eq 'x'"),
        ("geo.length(X) gt 1", "geo.length(X) gt 1"),
        ("X in ('a','b')", "X in ('a','b')"),
        ("X in ( 1 , -2 )", "X in (1,-2)"),
        ("X in ()", "X in ()"),
        ("X in [\"a\",\"b\\\"c\",1]", "X in ['a','b\"c',1]"),
        ("X in Ys/Zs", "X in Ys/Zs"),
        ("X in (1 add 2)", "X in (1 add 2)"),
        ("Größe eq 1", "Größe eq 1"),
    ] {
        assert_eq!(filter(text), tree, "{text}");
    }
}

#[test]
fn every_literal() {
    for (text, kind, printed) in [
        ("null", "Null", "null"),
        ("TRUE", "Bool", "true"),
        ("false", "Bool", "false"),
        ("-0", "Int", "0"),
        ("+5", "Int", "5"),
        ("9223372036854775807", "Int", "9223372036854775807"),
        ("9223372036854775808", "Decimal", "9223372036854775808"),
        ("3.14", "Decimal", "3.14"),
        ("-1.5E-7", "Decimal", "-1.5E-7"),
        ("1e5", "Decimal", "1e5"),
        ("NaN", "NotFinite", "NaN"),
        ("INF", "NotFinite", "INF"),
        ("-INF", "NotFinite", "-INF"),
        ("01234567-89AB-cdef-0123-456789abcdef", "Guid", "01234567-89ab-cdef-0123-456789abcdef"),
        ("2026-08-01", "Date", "2026-08-01"),
        ("-0004-12-31", "Date", "-0004-12-31"),
        ("12026-08-01", "Date", "12026-08-01"),
        ("2026-08-01T10:30Z", "DateTimeOffset", "2026-08-01T10:30Z"),
        (
            "2026-08-01t10:30:59.123456789012+02:00",
            "DateTimeOffset",
            "2026-08-01T10:30:59.123456789012+02:00",
        ),
        ("2026-08-01Z", "DateTimeOffset", "2026-08-01T00:00:00Z"),
        ("23:59:60", "TimeOfDay", "23:59:60"),
        ("07:59", "TimeOfDay", "07:59"),
        ("07:59:59.999", "TimeOfDay", "07:59:59.999"),
        ("duration'P12DT23H59M59.999S'", "Duration", "duration'P12DT23H59M59.999S'"),
        ("Duration'-pt1m'", "Duration", "duration'-PT1M'"),
        ("''", "Text", "''"),
        ("'O''Neil and ''''x'", "Text", "'O''Neil and ''''x'"),
        ("Erp.GrantKind'DeviceCode'", "Enum", "Erp.GrantKind'DeviceCode'"),
        ("A.B.C'1,Two'", "Enum", "A.B.C'1,Two'"),
        ("binary'T0RhdGE'", "Binary", "binary'T0RhdGE'"),
        ("binary'T0RhdGE='", "Binary", "binary'T0RhdGE'"),
        ("binary''", "Binary", "binary''"),
    ] {
        let literal = parse::literal(text);
        let found = literal.as_ref().map(|literal| (literal.kind(), literal.to_string()));
        assert_eq!(found, Ok((kind, printed.to_owned())), "{text}");
    }
}

#[test]
fn errors_have_the_position_of_the_mistake() {
    for (text, at, message) in [
        ("", 0, "expected a value or a name, found the end"),
        ("Name eq", 7, "expected a space after an operator, found the end"),
        ("Name eq ", 8, "expected a value or a name, found the end"),
        ("Name eq'x'", 7, "expected a space after an operator, found '''"),
        ("Name qe 'x'", 5, "expected an operator or the end, found 'q'"),
        ("Name eq 'x", 10, "the closing quote of this text is missing"),
        ("Größe eq 'x", 11, "the closing quote of this text is missing"),
        ("(a eq 1", 7, "expected ')', found the end"),
        ("a eq 1)", 6, "expected an operator or the end, found ')'"),
        ("a eq 1 and", 10, "expected a space after an operator, found the end"),
        ("contains(a,'x'", 14, "expected ')' of 'contains', which takes 2 arguments, found the end"),
        ("contains(a)", 10, "expected ',' of 'contains', which takes 2 arguments, found ')'"),
        ("substring(a)", 11, "expected ',' of 'substring', which takes 2 or 3 arguments, found ')'"),
        ("A/all()", 6, "expected a name, found ')'"),
        ("A/any(x)", 7, "expected ':' after the range variable, found ')'"),
        ("a eq 2026-13-01", 11, "expected a date such as 2026-08-01, found '3'"),
        ("a eq 2026-08-01T10:30", 21, "expected a date and time such as 2026-08-01T10:30:00Z, found the end"),
        ("a eq 2026-08-01T25:30Z", 17, "expected a date and time such as 2026-08-01T10:30:00Z, found '5'"),
        ("a eq 5x", 6, "expected an operator or the end, found 'x'"),
        ("a eq duration'1D'", 14, "expected a duration such as P1DT12H30M5.5S, found '1'"),
        ("a eq binary'+'", 12, "expected ''', found '+'"),
        ("a eq x'1'", 6, "expected a space before a text"),
        ("a eq N.x'a b'", 10, "expected ''', found ' '"),
        ("a in (1,b)", 9, "expected a literal, found ')'"),
        ("nope(x)", 6, "expected a literal, found ')'; there is no function 'nope'"),
        ("a in(1)", 4, "expected a space after an operator, found '('"),
        ("a has b", 7, "expected a member of an enumeration after 'has', found the end"),
        ("$count gt 1", 0, "expected $it, $this, $root/ or $these, found '$'"),
        ("A/$ref eq 1", 2, "expected $count or $filter(…), found '$'"),
        ("$root eq 1", 0, "expected $it, $this, $root/ or $these, found '$'"),
        ("any(x:x)", 3, "expected a collection with '/' before 'any', found '('"),
        ("Name/ eq 'x'", 5, "expected a name, found ' '"),
        ("User/Name/", 10, "expected a name, found the end"),
        ("F()/ eq 1", 4, "expected a name, found ' '"),
        ("Actor = 'x'", 6, "expected an operator or the end, found '='; write 'eq'"),
        ("(Actor='x')", 6, "expected ')', found '='; write 'eq'"),
        ("a eq 1 && b", 7, "expected an operator or the end, found '&'; write 'and'"),
        (
            "Actor LIKE 'x'",
            6,
            "expected an operator or the end, found 'L'; write contains(…), startswith(…) or endswith(…)",
        ),
        ("Actor is null", 6, "expected an operator or the end, found 'i'; write 'eq' or 'ne'"),
        ("Actor eq \"x\"", 9, "expected a value or a name, found '\"'; a text is written in single quotes"),
        ("a eq !", 5, "expected a value or a name, found '!'"),
    ] {
        let error = parse::filter(text).err();
        let found = error.map(|error| (error.position(), error.to_string()));
        let wanted = (Some(at), format!("$filter, character {at}: {message}"));
        assert_eq!(found, Some(wanted), "{text}");
    }
}

#[test]
fn lists_of_the_other_options() {
    let order = |text| shown(parse::order_by(text), |items| join(&items));
    assert_eq!(order("Name,CreationTimestamp DESC , User/Name asc"), "Name,CreationTimestamp desc,User/Name");
    assert_eq!(
        order("Name descending"),
        "SYNTAX_ERROR Some(9): $orderby, character 9: expected 'asc', 'desc' or an operator, found 'e'"
    );
    let select = |text| shown(parse::select(text), |items| join(&items));
    assert_eq!(
        select("*,Name, User/Name,Ns.*,A($select=B;$top=1)"),
        "*,Name,User/Name,Ns.*,A($select=B;$top=1)"
    );
    assert_eq!((select(""), select(" $key , Name ")), ("$key".to_owned(), "$key,Name".to_owned()));
    assert_eq!(select("Name,"), "SYNTAX_ERROR Some(5): $select, character 5: expected a name, found the end");
    let expand = |text| shown(parse::expand(text), |items| join(&items));
    assert_eq!(
        expand(
            "User($select=Name,Email;filter=Active eq true;@p=1),GrantedScopes($OrderBy=Scope desc;$top=5;$skip=1;$count=true)"
        ),
        "User(@p=1;$filter=Active eq true;$select=Name,Email),GrantedScopes($orderby=Scope desc;$top=5;$skip=1;$count=true)"
    );
    assert_eq!(expand("A($expand=B($expand=C);$levels=max)"), "A($expand=B($expand=C);$levels=max)");
    assert_eq!(expand("A/$ref,B/$count($filter=X),*($levels=2)"), "A/$ref,B/$count($filter=X),*($levels=2)");
    assert_eq!(
        expand("A($format=json)"),
        "SYNTAX_ERROR Some(2): $expand, character 2: the option '$format' is not allowed in these parentheses"
    );
    assert_eq!(expand("A($top=1;top=2)"), "DUPLICATE_OPTION None: the query option '$top' is given twice");
    assert_eq!(expand("A()"), "SYNTAX_ERROR Some(2): $expand, character 2: expected an option, found ')'");
}

fn join<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

#[test]
fn errors_name_the_limit() {
    let nested = |depth| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(filter(&nested(parse::MAX_DEPTH)), "a");
    let depth = "exceeds the limit of 64";
    let tree_of = |text: &str| format!("{text}a");
    for text in [
        nested(parse::MAX_DEPTH + 1),
        tree_of(&"not ".repeat(70)),
        tree_of(&"-".repeat(70)),
        tree_of(&"1 add ".repeat(70)),
        "(".repeat(16_000),
        "a in (".repeat(2_000),
        "tolower(".repeat(2_000),
        "a/any(x:".repeat(2_000),
        "[".repeat(16_000),
        "a or b and c eq d lt e add f mul (".repeat(400),
    ] {
        assert!(filter(&text).ends_with(depth), "{}", filter(&text));
    }
    let expand = |text: &str| shown(parse::expand(text), |items| join(&items));
    assert!(expand(&"A($expand=".repeat(1_000)).ends_with(depth));
    let chain = |count| format!("a{}", " or a".repeat(count));
    assert_eq!(filter(&chain(1_900)), chain(1_900));
    assert!(
        filter(&chain(2_000)).contains("the number of values, names and operators exceeds the limit of 2000")
    );
    let text = format!("a eq '{}'", "x".repeat(parse::MAX_LENGTH));
    assert_eq!(
        filter(&text),
        "LIMIT_EXCEEDED Some(0): $filter: the length in bytes exceeds the limit of 16384"
    );
    assert!(filter(&"a".repeat(129)).contains("a name has at most 128 characters"));
}

fn query(raw: &str) -> String {
    shown(QueryOptions::parse(raw), |options| options.query.to_string())
}

#[test]
fn queries_are_split_before_they_are_decoded() {
    for (raw, result) in [
        ("", ""),
        ("$filter=Name%20eq%20'A%26B%3DC'&$top=5", "$filter=Name eq 'A&B=C';$top=5"),
        ("filter=Name eq 'a=b'&TOP=5&$CouNt=True", "$filter=Name eq 'a=b';$top=5;$count=true"),
        ("$filter=Name eq 'a+b'", "$filter=Name eq 'a+b'"),
        ("%24top=3", "$top=3"),
        ("@p='x'&$filter=Name eq @p", "@p='x';$filter=Name eq @p"),
        ("foo=bar&x-y&$skip=2&&", "$skip=2"),
        ("options=skipnulls&$schemaversion=*", ""),
        ("$top=-1", "SYNTAX_ERROR Some(0): $top, character 0: expected a non-negative integer, found '-'"),
        ("$top=5x", "SYNTAX_ERROR Some(1): $top, character 1: expected an operator or the end, found 'x'"),
        ("$top=99999999999999999999", "$top=18446744073709551615"),
        ("$count=yes", "SYNTAX_ERROR Some(0): $count, character 0: expected 'true' or 'false', found 'y'"),
        ("$top=1&top=2", "DUPLICATE_OPTION None: the query option '$top' is given twice"),
        ("@p=1&@p=2", "DUPLICATE_OPTION None: the query option '@p' is given twice"),
        ("$fliter=a", "UNKNOWN_OPTION None: there is no query option '$fliter'; did you mean '$filter'?"),
        ("$zzzzzz=a", "UNKNOWN_OPTION None: there is no query option '$zzzzzz'"),
        ("$levels=1", "UNKNOWN_OPTION None: there is no query option '$levels'"),
        ("$apply=aggregate($count as N)", "$apply=aggregate($count as N)"),
        ("search= x NOT y", "$search=x AND NOT y"),
        ("$compute=x add 1 as y", "$compute=x add 1 as y"),
        ("$index=-5", "NOT_IMPLEMENTED Some(0): $index is not supported by this service"),
        ("options=fast", "BAD_OPTION None: 'options' takes 'skipnulls' or 'expandgroup'"),
        (
            "$filter=%zz",
            "BAD_ENCODING Some(0): $filter: the percent-encoding at character 0 is not UTF-8 text",
        ),
        (
            "$filter=a%2",
            "BAD_ENCODING Some(1): $filter: the percent-encoding at character 1 is not UTF-8 text",
        ),
        (
            "$filter=ab%20%FF",
            "BAD_ENCODING Some(5): $filter: the percent-encoding at character 5 is not UTF-8 text",
        ),
    ] {
        assert_eq!(query(raw), result, "{raw}");
    }
    let options = QueryOptions::parse("options=skipnulls&$format=json&$skiptoken=abc").unwrap_or_default();
    assert!(options.skip_nulls);
    assert_eq!((options.format.as_deref(), options.skip_token.as_deref()), (Some("json"), Some("abc")));
}

#[test]
fn positions_of_an_encoded_text() {
    assert_eq!(odata::encoded_index("a%20eq%20%C3%A4", 0), 0);
    assert_eq!(odata::encoded_index("a%20eq%20%C3%A4", 2), 4);
    assert_eq!(odata::encoded_index("a%20eq%20%C3%A4x", 6), 15);
    assert_eq!(odata::encoded_index("äb", 1), 1);
}
