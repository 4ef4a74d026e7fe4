//! The style sheet, the script and the icon of the pages: part of the program, and kept by browsers for good, because
//! an address carries the hash of the content.

use std::fmt;

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use web::http::etag::{fnv_1a, has_current};

/// The style sheet of every page.
pub(crate) static STYLE: StaticFile = StaticFile::new(
    "style",
    "css",
    "text/css; charset=utf-8",
    // The reference has the same colours and letters.
    concat!(include_str!("../../reference/src/assets/tokens.css"), include_str!("../static/style.css"))
        .as_bytes(),
);

/// Copy buttons, on the page that shows a secret.
pub(crate) static COPY: StaticFile =
    StaticFile::new("copy", "js", "text/javascript; charset=utf-8", include_bytes!("../static/copy.js"));

/// Sends an answer on, on the page that posts it to an application.
pub(crate) static SUBMIT: StaticFile =
    StaticFile::new("submit", "js", "text/javascript; charset=utf-8", include_bytes!("../static/submit.js"));

/// Asks the browser for passkeys, on the pages that know them.
pub(crate) static PASSKEY: StaticFile = StaticFile::new(
    "passkey",
    "js",
    "text/javascript; charset=utf-8",
    include_bytes!("../static/passkey.js"),
);

/// The mark of the product: beside its name and in the browser's tab.
pub(crate) static ICON: StaticFile =
    StaticFile::new("icon", "svg", "image/svg+xml", include_bytes!("../static/icon.svg"));

static ALL: [&StaticFile; 5] = [&STYLE, &COPY, &SUBMIT, &PASSKEY, &ICON];

/// What a browser may do with a file whose address changes with its content (RFC 8246).
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// A file that is part of the program. Displayed, it is the path under which [`serve`] answers with it.
pub(crate) struct StaticFile {
    stem: &'static str,
    extension: &'static str,
    content_type: &'static str,
    content: &'static [u8],
    hash: u64,
}

impl StaticFile {
    const fn new(
        stem: &'static str,
        extension: &'static str,
        content_type: &'static str,
        content: &'static [u8],
    ) -> Self {
        Self { stem, extension, content_type, content, hash: fnv_1a(content) }
    }

    /// The last part of its path, such as `style-0123456789abcdef.css`.
    fn file_name(&self) -> String {
        format!("{}-{:016x}.{}", self.stem, self.hash, self.extension)
    }

    /// The entity tag (RFC 9110 section 8.8.3), with its quotes.
    fn entity_tag(&self) -> String {
        format!("\"{:016x}\"", self.hash)
    }
}

impl fmt::Display for StaticFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/static/{}", self.file_name())
    }
}

/// Hexadecimal digits and our own names: nothing that HTML would have to escape.
impl askama::filters::HtmlSafe for StaticFile {}

/// Answers `GET /static/{file}`: the file, 304 when the browser has it, or 404.
pub(crate) async fn serve(Path(name): Path<String>, request: HeaderMap) -> Response {
    let Some(file) = ALL.into_iter().find(|file| file.file_name() == name) else {
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    };
    let tag = file.entity_tag();
    let kept = [(header::CACHE_CONTROL, FOR_GOOD.to_owned()), (header::ETAG, tag.clone())];
    if has_current(&request, &tag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let content_type = [(header::CONTENT_TYPE, file.content_type)];
    (kept, content_type, Body::from(file.content)).into_response()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::Request;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn answer(path: &str, known: Option<&str>) -> Response {
        let mut request = Request::get(path);
        if let Some(known) = known {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        let service: Router = Router::new().route("/static/{file}", get(serve));
        service.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn serves_each_file_under_its_own_path() {
        for (file, content_type) in
            [(&STYLE, "text/css"), (&COPY, "text/javascript"), (&ICON, "image/svg+xml")]
        {
            let response = answer(&file.to_string(), None).await;
            assert_eq!(response.status(), StatusCode::OK);
            assert!(response.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with(content_type));
            assert_eq!(response.headers()[header::CACHE_CONTROL], FOR_GOOD);
            assert_eq!(response.headers()[header::ETAG], file.entity_tag());
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert_eq!(body, file.content);
        }
    }

    #[tokio::test]
    async fn answers_304_to_a_browser_that_has_the_file() {
        let tag = STYLE.entity_tag();
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let response = answer(&STYLE.to_string(), Some(&known)).await;
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(response.headers()[header::ETAG], tag);
        }
        assert_eq!(answer(&STYLE.to_string(), Some("\"other\"")).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn answers_404_to_another_hash_and_another_name() {
        for path in
            ["/static/style.css", "/static/style-0000000000000000.css", "/static/..%2Fmain.rs", "/static/x"]
        {
            assert_eq!(answer(path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
