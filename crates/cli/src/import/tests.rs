use super::*;
use crate::tests::stub::{self, Answer, Stub, TempFolder};

fn users() -> Option<&'static Entity> {
    model::find_entity("Systems_Security_Users")
}

#[test]
fn csv_has_the_types_of_its_properties() {
    let text =
        "\u{feff}Login,Name,IsAdmin,Owner/Login\r\nann,\"Lee, \"\"Ann\"\"\nB\",TRUE,x\r\n\r\nbob,Bob,,\n";
    let objects = file::of_csv(text, users()).unwrap();
    let expected = [
        json!({ "Login": "ann", "Name": "Lee, \"Ann\"\nB", "IsAdmin": true, "Owner": { "Login": "x" } }),
        json!({ "Login": "bob", "Name": "Bob" }),
    ];
    assert_eq!(objects.into_iter().map(Value::Object).collect::<Vec<_>>(), expected);
}

#[test]
fn wrong_files_name_the_line() {
    for (text, message) in [
        ("A,B\n1,2\n\"a\nb\",1,2\n", "line 3: there are 3 fields under 2 columns"),
        ("A\n\"x\n", "line 2: the quotes of a field are not closed"),
        ("A\n\"x\"y\n", "line 2: a comma or the end of the line has to follow a quote"),
        ("A\nx\"y\n", "line 2: a quote is within a field without quotes"),
        ("A,B\n1\r,2\n3\n", "line 3: there are 1 fields under 2 columns"),
        ("A,A\n1,2\n", "line 1: the column 'A' occurs twice"),
    ] {
        assert_eq!(file::of_csv(text, users()).unwrap_err().to_string(), message);
    }
    assert!(file::of_csv(&"A,".repeat(csv::MAX_COLUMNS + 1), users()).is_err());
    assert!(file::of_csv("A\n1\n", None).unwrap_err().next_step().is_some());
    for (text, message) in
        [("[1]", "item 1 is not an object"), ("{}\n\n{", "line 3: it is not JSON"), ("[{}", "it is not JSON")]
    {
        assert_eq!(file::of_json(text).unwrap_err().to_string(), message);
    }
    assert_eq!(file::of_json(" [{\"a\":1},{}]").unwrap().len(), 2);
    assert_eq!(file::of_json("{\"a\":1}\n\n{}\n").unwrap().len(), 2);
}

#[test]
fn every_object_is_sent_once_and_in_order() {
    let object = |number: usize, length: usize| {
        json!({ "n": number, "text": "x".repeat(length) }).as_object().cloned().unwrap()
    };
    for (count, length, parts) in [(1, 0, 1), (500, 10, 1), (501, 10, 2), (3, 70_000, 3), (0, 0, 0)] {
        let objects: Vec<_> = (0..count).map(|number| object(number, length)).collect();
        let divided = parts::divided(&objects);
        assert_eq!(divided.len(), parts, "{count} of {length}");
        assert_eq!(divided.concat(), objects);
    }
}

#[test]
fn the_bar_is_full_at_the_end() {
    assert_eq!(progress::bar(1, 0, 3), "[##########--------------------] 1/3, 0 failed");
    assert!(progress::bar(3, 2, 3).ends_with("##] 3/3, 2 failed"));
}

#[test]
fn entities_have_several_names() {
    for name in
        ["Users", "user", "Systems_Security_Users", "Erp.Systems_Security_User", "Systems.Security.Users"]
    {
        assert_eq!(find_entity(name).unwrap().name, "Users", "{name}");
    }
    let error = find_entity("Usrs").unwrap_err();
    assert!(error.downcast_ref::<Problem>().unwrap().next_step().unwrap().contains("Users"));
}

#[test]
fn failures_are_written_with_their_objects() {
    let folder = TempFolder::new();
    let file = folder.path().join("users.csv");
    std::fs::write(&file, "Login,Name\nann,Ann\nbob,Bob\n").unwrap();
    let response = json!({ "@erpnet.result": "fail", "objects": [
        { "@erpnet.result": "success", "@odata.id": "Systems_Security_Users(1)", "@erpnet.state": "Added" },
        { "@erpnet.result": "fail", "@erpnet.error": { "code": "CONFLICT", "message": "taken" } },
    ] });
    let stub = Stub::answering([Answer::json(200, &response)]);
    let mut context = stub::context(&folder, &stub.url());
    context.token = crate::credentials::Secret::parse("grt_pat_x");
    let args = ImportArgs {
        file: file.clone(),
        entity: Some("Users".to_owned()),
        action: Some(ActionArg::Merge),
        find_by: Some("Login".to_owned()),
        all_or_nothing: false,
        failures: None,
    };
    let error = run(&context, &args).unwrap_err();
    assert_eq!(error.downcast_ref::<Ended>().map(|ended| ended.0), Some(1));
    let sent = stub.request();
    assert_eq!(sent.line, "POST /api/domain/odata/Import");
    let sent = sent.json();
    assert_eq!(sent["objects"][1]["@erpnet.findBy"], json!({ "Code": "bob" }));
    assert_eq!(sent["objects"][1]["@odata.type"], "Erp.Systems_Security_User");
    let failures = std::fs::read_to_string(beside(&file)).unwrap();
    let failure: Value = serde_json::from_str(&failures).unwrap();
    assert_eq!((&failure["number"], &failure["error"]["code"]), (&json!(2), &json!("CONFLICT")));
    assert_eq!(failure["object"]["Login"], "bob");
}
