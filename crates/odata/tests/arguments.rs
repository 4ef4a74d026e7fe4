//! Arguments of functions.

use odata::{QueryOptions, Resource, check_arguments};

/// Returns the error of a call with a query.
fn error_of(call: &str, query: &str) -> String {
    let path = format!("Systems_Security_Users(0000000a-0000-0000-0000-00000000000b)/{call}");
    let Ok(Resource::Function { method, arguments, .. }) = Resource::parse(&path) else {
        return "no function".to_owned();
    };
    let options = QueryOptions::parse(query).unwrap_or_default();
    match check_arguments(method, &arguments, &options) {
        Ok(()) => "fits".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn arguments_are_checked() {
    const F: &str = "GetAllowedCustomPropertyValues";
    for (arguments, query, expected) in [
        ("(customPropertyCode='x')", "", "fits"),
        ("(customPropertyCode='x',search=null,exactMatch=true,top=5)", "", "fits"),
        ("(customPropertyCode=@c,skip=@none)", "@c='x'", "fits"),
        ("", "customPropertyCode='x'&@top=3&unknown=y", "fits"),
        ("()", "@customPropertyCode='x'", "fits"),
        ("", "", "'customPropertyCode' takes a value, but has none"),
        ("(top=1)", "customPropertyCode='x'", "'customPropertyCode' takes a value, but has none"),
        ("(customPropertyCode=null)", "", "'customPropertyCode' takes text in single quotes"),
        ("(customPropertyCode=@none)", "", "'customPropertyCode' takes text in single quotes"),
        ("(customPropertyCode=@c)", "@c=1 add 1", "'customPropertyCode' takes text in single quotes"),
        ("(customPropertyCode='x',top=2147483648)", "", "'top' takes a 32-bit integer"),
        ("(customPropertyCode='x',exactMatch='y')", "", "'exactMatch' takes true or false"),
        (
            "(customPropertyCode='x',customPropertyCode='y')",
            "",
            "the query option 'customPropertyCode' is given twice",
        ),
        (
            "(custmPropertyCode='x')",
            "",
            "there is no parameter 'custmPropertyCode'; did you mean 'customPropertyCode'?",
        ),
    ] {
        assert_eq!(error_of(&format!("{F}{arguments}"), query), expected, "{arguments} {query}");
    }
    assert_eq!(error_of("CreateNotification(subject='x')", ""), "no function");
}
