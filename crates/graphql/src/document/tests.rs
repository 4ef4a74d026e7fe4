use super::*;

fn parse(text: &str) -> Result<(), ServerError> {
    first(Parsed::read(text, &Limits::default()))
}

fn first<T>(read: Result<T, Vec<ServerError>>) -> Result<(), ServerError> {
    read.map(|_| ()).map_err(|mut errors| errors.swap_remove(0))
}

fn refusal(text: &str) -> String {
    parse(text).unwrap_err().message
}

fn nested(depth: usize) -> String {
    format!("{}a{}", "{ a ".repeat(depth), " }".repeat(depth)).replace("a a", "a b")
}

/// The query that GraphiQL and code generators send.
const INTROSPECTION: &str = "query IntrospectionQuery {
  __schema {
    description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) {
    name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef }
    isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue {
  name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
}
fragment TypeRef on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
    kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}";

#[test]
fn the_usual_introspection_query_is_answered() {
    parse(INTROSPECTION).unwrap();
}

#[test]
fn long_documents_are_refused_before_they_are_read() {
    let padded = |length: usize| format!("{{ viewer {{ id }} }}{}", " ".repeat(length - 17));
    parse(&padded(64 * 1024)).unwrap();
    assert_eq!(refusal(&padded(64 * 1024 + 1)), "the document's length in bytes exceeds the limit of 65536");
}

#[test]
fn the_parser_never_sees_deep_nesting() {
    for text in ["{a".repeat(30_000), "{a(b:".to_owned() + &"[".repeat(60_000), "{a(b:{".repeat(10_000)] {
        assert_eq!(refusal(&text), "the nesting of brackets exceeds the limit of 32");
    }
    let types = format!("query($a: {}Int{}) {{ viewer {{ id }} }}", "[".repeat(40), "]".repeat(40));
    assert_eq!(refusal(&types), "the nesting of brackets exceeds the limit of 32");
}

#[test]
fn fields_nest_to_a_limit_wherever_they_are_written() {
    parse(&nested(12)).unwrap();
    assert_eq!(refusal(&nested(13)), "the depth of fields exceeds the limit of 12");
    let by_fragment = format!("{{ a {{ ...f }} }} fragment f on T {}", nested(12));
    assert_eq!(refusal(&by_fragment), "the depth of fields exceeds the limit of 12");
}

#[test]
fn fragments_count_as_often_as_they_are_spread() {
    // Thirty doublings: a billion fields.
    let bomb = (0..30).fold("{ ...f0 }".to_owned(), |text, n| {
        format!("{text} fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1)
    });
    let ends = [" fragment f30 on Query { viewer { id } }", "", " fragment f30 on Query { ...nowhere }"];
    for end in ends {
        assert_eq!(
            refusal(&format!("{bomb}{end}")),
            "the number of fields exceeds the limit of 500",
            "{end}"
        );
    }
    let many = |count: usize| format!("{{ viewer {{ {} }} }}", "id ".repeat(count));
    parse(&many(499)).unwrap();
    assert_eq!(refusal(&many(500)), "the number of fields exceeds the limit of 500");
    let unused = format!("{{ viewer {{ id }} }} fragment f on User {{ {} }}", "id ".repeat(501));
    assert_eq!(refusal(&unused), "the number of fields exceeds the limit of 500");
    let fragments = (0..33).map(|n| format!(" fragment f{n} on User {{ id }}")).collect::<String>();
    assert_eq!(refusal(&format!("{{ a }}{fragments}")), "the number of fragments exceeds the limit of 32");
}

#[test]
fn a_fragment_in_itself_is_refused() {
    let text = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }";
    assert!(refusal(text).ends_with("contains itself"), "{}", refusal(text));
}

#[test]
fn one_root_field_is_asked_for_a_few_times() {
    let aliases = |count: usize| {
        (0..count).map(|n| format!(" a{n}: apiAccessTokenCode(code: \"{n}\") {{ id }}")).collect::<String>()
    };
    parse(&format!("{{{}}}", aliases(5))).unwrap();
    let expected = "the number of selections of one root field exceeds the limit of 5";
    assert_eq!(refusal(&format!("{{{}}}", aliases(6))), expected);
    let spread = format!("{{ ...f ... on Query {{ ...f }} }} fragment f on Query {{{}}}", aliases(3));
    assert_eq!(refusal(&spread), expected);
}

#[test]
fn the_schema_does_not_unfold_without_end() {
    let text = "{ __schema { types { fields { type { fields { type { name } } } } } } }";
    assert_eq!(refusal(text), "the nesting of lists of types in each other exceeds the limit of 1");
    parse("{ node(id: 1) { id } __type(name: \"User\") { fields { name } } }").unwrap();
}

#[test]
fn introspection_needs_the_permission_of_the_operator() {
    let limits = Limits { introspection: false, ..Limits::default() };
    for text in [
        "{ __schema { description } }",
        "{ a: __type(name: \"User\") { name } }",
        "{ ...f } fragment f on Query { __schema { description } }",
    ] {
        first(read(text, &Limits::default())).unwrap();
        assert_eq!(
            first(read(text, &limits)).unwrap_err().message,
            "introspection is disabled on this server",
            "{text}"
        );
    }
    first(read("{ __typename }", &limits)).unwrap();
}

#[test]
fn an_unknown_field_is_answered_with_the_one_that_was_meant() {
    let message = first(read("{ viewr { id } }", &Limits::default())).unwrap_err().message;
    assert_eq!(message, "type `Query` does not have a field `viewr`; did you mean `viewer`?");
}

#[test]
fn what_is_no_graphql_is_a_parse_error() {
    let error = parse("{ viewer ").unwrap_err();
    assert_eq!(error.extensions, Some(code(PARSE_FAILED)));
    assert_eq!(parse("{ a } b").unwrap_err().extensions, Some(code(PARSE_FAILED)));
}

#[test]
fn the_operation_that_runs_is_found_by_its_name() {
    let kind = |text: &str, name: Option<&str>| {
        let document = read(text, &Limits::default()).map_err(|errors| errors[0].message.clone()).unwrap();
        document
            .operation(name)
            .map(|operation| operation.operation_type.name())
            .map_err(|error| error.message)
    };
    let several = "query a { viewer { id } } query b { viewer { scopes } }";
    assert_eq!(kind(several, Some("a")), Ok("query"));
    assert_eq!(kind(several, Some("c")), Err("the document has no operation 'c'".to_owned()));
    let unclear = "the document has several operations; name one as 'operationName'";
    assert_eq!(kind(several, None), Err(unclear.to_owned()));
    let change = "mutation b { userUnlock(input: {login: \"ada\"}) { wasLocked } }";
    assert_eq!(kind(change, None), Ok("mutation"));
    assert_eq!(kind(change, Some("b")), Ok("mutation"));
    assert_eq!(kind("{ viewer { id } }", None), Ok("query"));
    assert!(kind("{ viewer { id } }", Some("a")).is_err());
}

/// What is kept is measured again: two servers in one process may have different limits.
#[test]
fn a_document_that_is_kept_is_measured_again() {
    let text = "{ viewer { user { login } } }";
    first(read(text, &Limits::default())).unwrap();
    assert!(cache().get(text).is_some());
    let limits = Limits { depth: 2, ..Limits::default() };
    assert_eq!(first(read(text, &limits)).unwrap_err().message, "the depth of fields exceeds the limit of 2");
    let change = "mutation { userUnlock(input: {login: \"ada\"}) { wasLocked } }";
    first(read(change, &Limits::default())).unwrap();
    assert!(cache().get(change).is_none(), "it may hold a secret");
}

#[test]
fn an_exceeded_limit_is_named() {
    let limits = Limits { tokens: 20, aliases: 1, root_fields: 2, depth: 2, ..Limits::default() };
    for (text, limit, maximum) in [
        ("{ a b c d e f g h i j k l m n o p q r s t u }", "tokens", 20),
        ("{ a b { x: a y: c } }", "aliases", 1),
        ("{ a b ...f } fragment f on Query { c }", "rootFields", 2),
        ("{ a { b { c } } }", "depth", 2),
    ] {
        let error = first(Parsed::read(text, &limits)).unwrap_err();
        let extensions = serde_json::to_value(error.extensions.unwrap()).unwrap();
        assert_eq!(
            extensions,
            serde_json::json!({ "code": "LIMIT_EXCEEDED", "limit": limit, "maximum": maximum }),
            "{text}"
        );
    }
}
