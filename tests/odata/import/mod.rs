//! The action `Import`: what becomes of each object, what is found, who may, and how the body is read.

mod errors;
mod finding;
mod modes;
mod races;
mod rights;
mod streams;

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
        // The parameters come first: the server applies the objects while it reads them.
        let mut body = parameters.to_string();
        body.truncate(body.len() - 1);
        let comma = if body.len() > 1 { "," } else { "" };
        body.push_str(&format!("{comma}\"objects\":{}}}", Value::from(objects)));
        let request = self.http.post(format!("{}/api/domain/odata/{IMPORT}", self.url)).bearer_auth(token);
        let response = request.header("Content-Type", "application/json").body(body).send().unwrap();
        let (status, answer) = (response.status(), response.json::<Value>().unwrap());
        assert_eq!(status, 200, "{answer}");
        let failed = answer["objects"].as_array().unwrap().iter();
        let failed = failed.filter(|object| object["@erpnet.result"] == "fail").count();
        assert_eq!(answer["@grantor.failed"], failed);
        let expected = if failed == 0 && answer["@erpnet.error"].is_null() { "success" } else { "fail" };
        assert_eq!(answer["@erpnet.result"], expected, "{answer}");
        answer
    }

    /// Returns the names of the users with a login, or with a part of it.
    fn names_of(&self, condition: &str, token: &str) -> Vec<String> {
        let rows = self
            .rows(&format!("Systems_Security_Users?$select=Name&$orderby=Login&$filter={condition}"), token);
        rows.iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect()
    }
}
