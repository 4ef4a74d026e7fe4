//! The action `Import`: what becomes of each object, what is found, who may, and how the body is read.

mod errors;
mod finding;
mod modes;
mod rights;
mod streams;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Server;

const IMPORT: &str = "Import";
const USER: &str = "Erp.Systems_Security_User";

/// A user to create, or to change.
fn user(login: &str, name: &str) -> Value {
    json!({ "@odata.type": USER, "Login": login, "Name": name })
}

/// An object with further members.
fn with(mut object: Value, members: &Value) -> Value {
    let all = members.as_object().unwrap().clone();
    object.as_object_mut().unwrap().extend(all);
    object
}

/// The results of the objects: `success` with the state, or the code of the error.
fn results(response: &Value) -> Vec<&str> {
    let objects = response["objects"].as_array().unwrap();
    objects
        .iter()
        .map(|object| match object["@erpnet.result"].as_str() {
            Some("success") => object["@erpnet.state"].as_str().unwrap(),
            _ => object["@erpnet.error"]["code"].as_str().unwrap(),
        })
        .collect()
}

impl Server {
    /// Imports objects, and returns the response, which has the status 200.
    fn import(&self, parameters: &Value, objects: &[Value], token: &str) -> Value {
        let body = with(parameters.clone(), &json!({ "objects": objects }));
        let written = self.write(&Method::POST, IMPORT, &[], &body, token);
        assert_eq!(written.status, 200, "{}", written.body);
        let failed = written.body["objects"].as_array().unwrap().iter();
        let failed = failed.filter(|object| object["@erpnet.result"] == "fail").count();
        assert_eq!(written.body["@grantor.failed"], failed);
        let expected =
            if failed == 0 && written.body["@erpnet.error"].is_null() { "success" } else { "fail" };
        assert_eq!(written.body["@erpnet.result"], expected, "{}", written.body);
        written.body
    }

    /// Returns the names of the users with a login, or with a part of it.
    fn names_of(&self, condition: &str, token: &str) -> Vec<String> {
        let rows = self
            .rows(&format!("Systems_Security_Users?$select=Name&$orderby=Login&$filter={condition}"), token);
        rows.iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect()
    }
}
