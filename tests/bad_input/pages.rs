//! Malformed forms of the pages.

use reqwest::header::CONTENT_TYPE;

use super::Watch;
use crate::support::Browser;

const FORM: &str = "application/x-www-form-urlencoded";

on_both_engines! {
    /// A body that is too long, of another type, or not text gets an error page, with or without a session.
    fn malformed_forms(server: &mut Server) {
        let browser = Browser::of(server, &server.world().user);
        let cookie = format!("grantor={}", browser.cookie("grantor").unwrap());
        let watch = Watch::new(server);
        let long = vec![b'x'; 300 * 1024];
        for path in ["/signin", "/signout", "/device", "/device/decide", "/tokens", "/tokens/x/revoke"] {
            for (content_type, body, status) in [
                (FORM, long.clone(), 413),
                ("application/json", b"{}".to_vec(), 400),
                ("multipart/form-data; boundary=x", b"--x--".to_vec(), 400),
                (FORM, b"csrf=%ff".to_vec(), 400),
                (FORM, b"csrf=%00".to_vec(), 400),
                (FORM, b"csrf=%zz".to_vec(), 400),
                (FORM, b"csrf=\xff".to_vec(), 400),
                (FORM, b"csrf=x&csrf=x".to_vec(), 400),
                (FORM, b"csrf=x".to_vec(), 403),
                (FORM, Vec::new(), 403),
            ] {
                let request = server.http.post(format!("{}{path}", server.url)).header("cookie", &cookie);
                let response = request.header(CONTENT_TYPE, content_type).body(body).send().unwrap();
                let (seen, text) = (response.status().as_u16(), response.text().unwrap());
                watch.saw(path, seen, &text);
                assert_eq!(seen, status, "{path}: {content_type}");
                assert!(text.contains("<main"), "{path}: {text}");
            }
        }
        watch.done();
        assert_eq!(browser.open("/tokens").path, "/tokens", "still signed in");
    }
}
