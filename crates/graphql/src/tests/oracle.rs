//! What is valid, and what values mean, is what graphql-js says: `tests/clients/validation.mjs` makes documents up and
//! judges them with `validate`, `getVariableValues` and `getArgumentValues`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use async_graphql::Variables;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql_value::ConstValue;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::document::{read, schema};
use crate::executable::to_executable;
use crate::input::coerce;
use crate::limits::Limits;

/// A document with what graphql-js says of it.
#[derive(Deserialize)]
struct Case {
    rule: String,
    text: String,
    values: Value,
    stage: String,
    message: Option<String>,
    #[serde(default)]
    variables: Value,
    #[serde(default)]
    arguments: Value,
}

/// What graphql-js 16 accepts and we refuse, by the words of the refusal.
const STRICTER: [(&str, &str); 3] = [
    (
        "a subscription has no @skip or @include at its root (September 2025, section 5.2.4.1)",
        "can not specify @skip or @include",
    ),
    ("a subscription names its root field once, even with one response name", "can only have one root field"),
    ("a list is no input object, not even an empty one (section 3.10)", "found a list"),
];

/// Judges a document as a request is judged.
fn judge(case: &Case) -> Result<(Value, Value), String> {
    let limits = Limits { cost: u64::MAX, depth: 100, tokens: 100_000, aliases: 10_000, ..Limits::default() };
    let first = |errors: Vec<async_graphql::ServerError>| errors.first().unwrap().message.clone();
    let document = read(&case.text, &limits).map_err(first)?;
    let operation = document.executable.operations.iter().next().ok_or("no operation")?;
    let given = Variables::from_json(case.values.clone());
    let variables = coerce(schema(), &document.lines, operation, &given).map_err(first)?;
    let executable = to_executable(&document, operation, &variables).map_err(|error| error.message)?;
    let values = variables.iter().map(|(name, value)| (name.to_string(), as_json(value))).collect();
    Ok((Value::Object(values), arguments(&executable)))
}

fn as_json(value: &ConstValue) -> Value {
    value.clone().into_json().unwrap()
}

/// The arguments of every field that runs, by the positions of the fields.
fn arguments(document: &ExecutableDocument) -> Value {
    fn walk(set: &SelectionSet, found: &mut BTreeMap<String, Value>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let arguments = field.node.arguments.iter().map(|(name, value)| {
                        (name.node.to_string(), as_json(&value.node.clone().into_const().unwrap()))
                    });
                    let position = format!("{}:{}", field.pos.line, field.pos.column);
                    found.insert(position, Value::Object(arguments.collect()));
                    walk(&field.node.selection_set.node, found);
                }
                Selection::InlineFragment(fragment) => walk(&fragment.node.selection_set.node, found),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    let mut found = BTreeMap::new();
    for (_, operation) in document.operations.iter() {
        walk(&operation.node.selection_set.node, &mut found);
    }
    for fragment in document.fragments.values() {
        walk(&fragment.node.selection_set.node, &mut found);
    }
    json!(found)
}

/// A folder below the packages that `scripts/test` installs, so that Node finds them.
fn folder() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).unwrap();
    let folder = target.join("clients").join(format!("validation-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn cases(count: u32, seed: u32) -> Vec<Case> {
    let folder = folder();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/validation.mjs");
    std::fs::copy(script, folder.join("validation.mjs")).unwrap();
    std::fs::write(folder.join("schema.graphql"), crate::schema::sdl()).unwrap();
    let mut node = Command::new("node");
    node.args(["validation.mjs", "schema.graphql", &count.to_string(), &seed.to_string()]);
    let output = node.current_dir(&folder).output().expect("scripts/test installs the clients");
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn documents_and_values_are_what_graphql_js_says() {
    let number = |name: &str, usual: u32| std::env::var(name).map_or(usual, |value| value.parse().unwrap());
    let cases = cases(number("ORACLE_COUNT", 3000), number("ORACLE_SEED", 1));
    let (mut stages, mut stricter, mut wrong) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for case in &cases {
        *stages.entry(case.stage.as_str()).or_insert(0) += 1;
        let context = || format!("{} {}\n{}\n{}", case.rule, case.stage, case.text, case.values);
        match (case.stage.as_str(), judge(case)) {
            ("valid", Ok((variables, arguments))) => {
                if variables != case.variables {
                    wrong.push(format!("variables {variables} != {}\n{}", case.variables, context()));
                }
                if arguments != case.arguments {
                    wrong.push(format!("arguments\n{arguments}\n{}\n{}", case.arguments, context()));
                }
            }
            ("valid", Err(refusal)) => match STRICTER.iter().find(|(_, words)| refusal.contains(words)) {
                Some((rule, _)) => *stricter.entry(*rule).or_insert(0) += 1,
                None => wrong.push(format!("refused: {refusal}\n{}", context())),
            },
            (_, Ok(_)) => wrong.push(format!("accepted, but: {:?}\n{}", case.message, context())),
            (_, Err(_)) => {}
        }
    }
    println!("{} documents: {stages:?}; stricter: {stricter:?}", cases.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
    assert!(stages.len() == 5 && stages.values().all(|count| *count > 20), "{stages:?}");
}
