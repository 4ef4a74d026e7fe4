//! Values for the tests of readers.

use serde_json::{Value, json};

/// A value of every kind that JSON has, empty and not, and nested ones.
#[must_use]
pub fn kinds() -> Vec<Value> {
    let deep = (0..60).fold(
        json!(null),
        |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "x": inner }) },
    );
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("x"),
        json!([]),
        json!([[]]),
        json!([null]),
        json!(["x"]),
        json!([1, null]),
        json!([{}]),
        json!({}),
        json!({"x": null}),
        json!({"true": null}),
        json!({"never": null}),
        json!({"x": {"x": []}}),
        deep,
    ]
}
