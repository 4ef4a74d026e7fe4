use reqwest::blocking::{RequestBuilder, Response};
use reqwest::header::{HeaderMap, SET_COOKIE};

use crate::support::{Cookies, Person, Server};

/// A visitor of the pages that keeps cookies, like a browser.
pub struct Visitor<'a> {
    pub server: &'a Server,
    pub cookies: Cookies,
}

/// The response of a page.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Returns the value of the first hidden field of this name.
    pub fn hidden(&self, name: &str) -> &str {
        let field = format!("name=\"{name}\" value=\"");
        let after =
            self.text.split_once(&field).unwrap_or_else(|| panic!("no field {name}:\n{}", self.text)).1;
        after.split_once('"').unwrap().0
    }

    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// Returns the content of the page without its frame.
    pub fn main(&self) -> &str {
        let main = self.text.split_once("<main").unwrap_or_else(|| panic!("no page: {}", self.text)).1;
        main.split_once("</main>").unwrap().0
    }
}

impl<'a> Visitor<'a> {
    pub fn new(server: &'a Server) -> Self {
        Self { server, cookies: Cookies::default() }
    }

    pub fn signed_in(server: &'a Server, person: &Person) -> Self {
        let visitor = Self::new(server);
        let answer = visitor.post_after("/signin", "/signin", &credentials(person));
        assert_eq!((answer.status, answer.header("location")), (303, "/tokens"), "{}", answer.text);
        visitor
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(self.server.get(path, None))
    }

    /// Submits a form with the anti-forgery value from the page `form`.
    pub fn post_after(&self, form: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf(form);
        self.post(path, &[fields, &[("csrf", csrf.as_str())]].concat())
    }

    /// Submits a form as it is.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.server.post(path, fields))
    }

    /// Returns the anti-forgery value of a page.
    pub fn csrf(&self, form: &str) -> String {
        self.get(form).hidden("csrf").to_owned()
    }

    pub fn send(&self, request: RequestBuilder) -> Answer {
        read(self.cookies.send(request))
    }
}

pub fn credentials(person: &Person) -> [(&str, &str); 3] {
    [("login", &person.login), ("password", &person.password), ("return_to", "/tokens")]
}

fn read(response: Response) -> Answer {
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        // Foreign text is in an element of its own, which is invisible.
        text: response.text().unwrap().replace("<bdi>", "").replace("</bdi>", ""),
    }
}
