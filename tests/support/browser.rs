use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header;

use super::demo::Person;
use super::{Cookies, Server, html};

/// A browser without JavaScript: it keeps cookies, follows redirects and submits forms.
pub struct Browser {
    url: String,
    http: Client,
    cookies: Cookies,
    /// The client address that a proxy reports for its requests.
    address: Option<String>,
}

/// A page that was shown.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    /// The final path.
    pub path: String,
    pub body: String,
}

impl Page {
    /// Returns the value of the input with this id.
    pub fn value(&self, id: &str) -> String {
        html::value(&self.body, id).unwrap_or_else(|| panic!("no input {id} in {}", self.body))
    }

    /// Whether the page contains a text; foreign text is in an invisible `<bdi>`.
    pub fn has(&self, text: &str) -> bool {
        self.body.replace("<bdi>", "").replace("</bdi>", "").contains(text)
    }
}

/// Where a browser ended.
#[derive(Debug)]
pub enum Ended {
    /// A page of ours.
    Here(Page),
    /// A foreign address.
    Elsewhere(String),
}

impl Ended {
    /// Returns the page of ours.
    pub fn page(self) -> Page {
        match self {
            Self::Here(page) => page,
            Self::Elsewhere(location) => panic!("sent elsewhere: {location}"),
        }
    }

    /// Returns the foreign address.
    pub fn elsewhere(self) -> reqwest::Url {
        match self {
            Self::Elsewhere(location) => location.parse().unwrap(),
            Self::Here(page) => panic!("still here: {} {} {}", page.status, page.path, page.body),
        }
    }

    /// Returns the parameters of the response to the client, by name.
    pub fn answer(self) -> std::collections::BTreeMap<String, String> {
        self.elsewhere().query_pairs().into_owned().collect()
    }
}

/// Returns where a response continues by itself, as a redirect or as an immediate refresh.
fn next(response: &Response) -> Option<String> {
    let header = |name| Some(response.headers().get(name)?.to_str().unwrap().to_owned());
    let location = header(header::LOCATION).filter(|_| response.status().is_redirection());
    location.or_else(|| Some(header(header::REFRESH)?.strip_prefix("0; url=")?.to_owned()))
}

const MOST_REDIRECTS: usize = 5;

impl Browser {
    /// Returns a new browser without cookies.
    pub fn new(server: &Server) -> Self {
        Self {
            url: server.url.clone(),
            http: server.http.clone(),
            cookies: Cookies::default(),
            address: None,
        }
    }

    /// Sets another client address, if the server trusts its proxies.
    pub fn from(self, address: &str) -> Self {
        Self { address: Some(address.to_owned()), ..self }
    }

    /// Returns a browser of a signed-in user.
    pub fn of(server: &Server, person: &Person) -> Self {
        let browser = Self::new(server);
        let page = browser.sign_in(&person.login, &person.password);
        assert_eq!((page.status, page.path.as_str()), (200, "/tokens"), "{} signs in", person.login);
        browser
    }

    /// Follows a restarted server, which may have another port.
    pub fn moved_to(&mut self, server: &Server) {
        self.url.clone_from(&server.url);
    }

    /// Enters login and password on the sign-in page.
    pub fn sign_in(&self, login: &str, password: &str) -> Page {
        let page = self.open("/signin");
        self.submit(&page, "/signin", &[("login", login), ("password", password)])
    }

    /// Opens a page.
    pub fn open(&self, path: &str) -> Page {
        self.follow(path, self.http.get(format!("{}{path}", self.url)))
    }

    /// Submits the form with this action, with its hidden inputs and the entered values.
    pub fn submit(&self, page: &Page, action: &str, entered: &[(&str, &str)]) -> Page {
        let form = html::forms(&page.body).into_iter().find(|form| form.action == action);
        let form = form.unwrap_or_else(|| panic!("no form for {action} in {page:?}"));
        for (name, _) in entered {
            assert!(form.names.iter().any(|known| known == name), "the form has no field {name}");
        }
        let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let hidden = hidden.filter(|(name, _)| entered.iter().all(|(own, _)| own != name));
        let fields: Vec<(&str, &str)> = hidden.chain(entered.iter().copied()).collect();
        self.follow(action, self.http.post(format!("{}{action}", self.url)).form(&fields))
    }

    /// Looks up a device's code and presses a button.
    pub fn decide(&self, user_code: &str, decision: &str) -> Page {
        let page = self.open(&format!("/device?user_code={user_code}"));
        self.submit(&page, "/device/decide", &[("decision", decision)])
    }

    /// Sends fields to a path with further headers, whether or not a form has them; follows no redirects.
    pub fn send_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let request = self.http.post(format!("{}{path}", self.url)).form(fields);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = self.cookies.send(request);
        Page { status: response.status().as_u16(), path: path.to_owned(), body: response.text().unwrap() }
    }

    /// Sends fields to a path; returns the response without following redirects.
    pub fn answer(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.cookies.send(self.http.post(format!("{}{path}", self.url)).form(fields))
    }

    /// Requests a path with an `Accept` header; returns the headers and the body.
    pub fn look_at(&self, path: &str, accept: &str) -> (header::HeaderMap, String) {
        let request = self.http.get(format!("{}{path}", self.url)).header(header::ACCEPT, accept);
        let response = self.cookies.send(request);
        (response.headers().clone(), response.text().unwrap())
    }

    /// Requests a path; returns the headers and the body without following redirects.
    pub fn look(&self, path: &str) -> (header::HeaderMap, String) {
        let response = self.cookies.send(self.http.get(format!("{}{path}", self.url)));
        (response.headers().clone(), response.text().unwrap())
    }

    /// Requests a personal access token that never expires; the values of `entered` come first.
    pub fn make_token(&self, client_id: &str, scopes: &[&str], entered: &[(&str, &str)]) -> Page {
        let page = self.open("/tokens/new");
        let mut fields = entered.to_vec();
        fields.extend(scopes.iter().map(|scope| ("scope", *scope)));
        fields.push(("client_id", client_id));
        for (name, value) in [("description", "A test's token"), ("expiry", "never")] {
            if entered.iter().all(|(own, _)| *own != name) {
                fields.push((name, value));
            }
        }
        self.submit(&page, "/tokens", &fields)
    }

    /// Creates such a token and returns its secret.
    pub fn token(&self, client_id: &str, scopes: &[&str], entered: &[(&str, &str)]) -> String {
        let page = self.make_token(client_id, scopes, entered);
        assert_eq!(page.status, 201, "{}", page.body);
        page.value("secret")
    }

    /// Revokes a token on the page of all tokens, and confirms.
    pub fn revoke(&self, id: &str) -> Page {
        let action = format!("/tokens/{id}/revoke");
        let question = self.submit(&self.open("/tokens"), &action, &[]);
        assert_eq!(question.status, 200, "{}", question.body);
        self.submit(&question, &action, &[])
    }

    /// Returns the value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.get(name)
    }

    /// Returns the number of cookies whose name begins with `start`.
    pub fn cookies_like(&self, start: &str) -> usize {
        self.cookies.count(start)
    }

    /// Sets a cookie, as an attacker with access to the browser could.
    pub fn keep_cookie(&self, name: &str, value: &str) {
        self.cookies.set(name, value);
    }

    /// Sends fields to an address, whether or not a page has a form for it.
    pub fn send_form(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.follow(path, self.http.post(format!("{}{path}", self.url)).form(fields))
    }

    fn follow(&self, path: &str, request: RequestBuilder) -> Page {
        match self.follow_anywhere(path, request) {
            Ended::Here(page) => page,
            Ended::Elsewhere(location) => panic!("sent elsewhere: {location}"),
        }
    }

    fn follow_anywhere(&self, path: &str, request: RequestBuilder) -> Ended {
        let (mut path, mut request) = (path.to_owned(), request);
        for _ in 0..MOST_REDIRECTS {
            let sent = match &self.address {
                Some(address) => request.header("x-forwarded-for", address),
                None => request,
            };
            let response = self.cookies.send(sent);
            let status = response.status().as_u16();
            let Some(location) = next(&response) else {
                return Ended::Here(Page { status, path, body: response.text().unwrap() });
            };
            path = location;
            if !path.starts_with('/') || path.starts_with("//") {
                return Ended::Elsewhere(path);
            }
            request = self.http.get(format!("{}{path}", self.url));
        }
        panic!("redirect loop: {path}");
    }

    /// Follows a client's request until a page is shown or the browser returns to the client.
    pub fn visit(&self, path: &str) -> Ended {
        self.follow_anywhere(path, self.http.get(format!("{}{path}", self.url)))
    }

    /// Submits the form with this action, and follows the result.
    pub fn send(&self, page: &Page, action: &str, entered: &[(&str, &str)]) -> Ended {
        let form = html::forms(&page.body).into_iter().find(|form| form.action == action);
        let form = form.unwrap_or_else(|| panic!("no form for {action} in {page:?}"));
        let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<(&str, &str)> = hidden.chain(entered.iter().copied()).collect();
        self.follow_anywhere(action, self.http.post(format!("{}{action}", self.url)).form(&fields))
    }
}
