//! Declarations with every sign that means something in Markdown, HTML, YAML or a script.

use serde_json::{Value, json};

/// Words that would be markup if they were not escaped.
pub const HOSTILE: &str = "# a *b* _c_ __d__ <script>alert('&amp;')</script> [e](javascript:f) ![g](h) | i \\ ~~j~~ \
                           `k|<l>` &lt; 1. m ``` n_o p&q; \"r\" {{s}} <!-- t --> </main> [u]: v http://w.example/";

/// A guide to errors with a row that would be markup.
pub const ERRORS: &str = "# E\n\n## S\n\n| Code | Status | Do |\n| --- | --- | --- |\n\
                          | `a|b` | 400 | [x](y.md) <b> *c* &amp; `d` |\n";

/// A schema with a type of each kind.
pub fn introspection() -> Value {
    let text = json!({"kind": "SCALAR", "name": "String", "ofType": null});
    let some =
        json!({"kind": "NON_NULL", "name": null, "ofType": {"kind": "LIST", "name": null, "ofType": text}});
    let input = json!({"name": "a", "description": HOSTILE, "defaultValue": "\"|`\"", "isDeprecated": true,
                       "deprecationReason": HOSTILE, "type": text});
    let field = json!({"name": "f", "description": HOSTILE, "isDeprecated": true, "deprecationReason": HOSTILE,
                       "type": some, "args": [input]});
    let kind = |kind: &str, name: &str| {
        json!({"kind": kind, "name": name, "description": format!("{HOSTILE}\n\n1) {HOSTILE}"), "fields": null,
               "specifiedByURL": null, "inputFields": null, "interfaces": null, "enumValues": null, "possibleTypes": null})
    };
    let with = |mut one: Value, key: &str, value: Value| {
        one[key] = value;
        one
    };
    let thing = with(kind("OBJECT", "Thing"), "fields", json!([field]));
    let link = json!([{"kind": "OBJECT", "name": "Thing", "ofType": null}]);
    let common = json!([{"kind": "INTERFACE", "name": "Common", "ofType": null}]);
    let value =
        json!([{"name": "V", "description": HOSTILE, "isDeprecated": false, "deprecationReason": null}]);
    let types = json!([
        with(kind("OBJECT", "Query"), "fields", json!([field])),
        with(thing, "interfaces", common),
        with(with(kind("INTERFACE", "Common"), "fields", json!([field])), "possibleTypes", link.clone()),
        with(kind("UNION", "Either"), "possibleTypes", link),
        with(kind("ENUM", "Choice"), "enumValues", value),
        with(kind("INPUT_OBJECT", "Given"), "inputFields", json!([input])),
        with(kind("SCALAR", "String"), "specifiedByURL", json!("https://example.org/a?b=c&d")),
    ]);
    let directive = json!({"name": "d", "description": HOSTILE, "isRepeatable": false, "locations": ["FIELD"], "args": [input]});
    json!({"__schema": {"queryType": {"name": "Query"}, "mutationType": null, "subscriptionType": null,
                        "directives": [directive], "types": types}})
}
