//! The proofs of a request: DPoP proofs and the client certificate.

use std::sync::Arc;

use authority::tokens::{RequestProofs, proofs};
use authority::{Authority, ClientAddress, Ctx};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use data_encoding::{BASE64, BASE64_MIME_PERMISSIVE};

use super::negotiation::Authorization;
use super::percent::decode_header;

/// The header of a proof of a key (RFC 9449, section 4.1).
const PROOF: HeaderName = HeaderName::from_static("dpop");
/// The header with the nonce for DPoP proofs (RFC 9449, section 8).
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
/// The longest certificate, in bytes of text.
const LONGEST_CERTIFICATE: usize = 16 * 1024;

/// Returns the proofs of a request, if there are any. `certificate_header` is given for trusted peers.
pub(super) fn shown(
    public_url: &str,
    method: &axum::http::Method,
    path: &str,
    headers: &HeaderMap,
    certificate_header: Option<&HeaderName>,
) -> Option<RequestProofs> {
    let mut proofs = headers.get_all(PROOF).iter().peekable();
    let certificate = certificate_header.and_then(|name| certificate(headers, name));
    if proofs.peek().is_none() && certificate.is_none() {
        return None;
    }
    Some(RequestProofs {
        method: method.as_str().to_owned(),
        url: format!("{public_url}{path}"),
        // An unreadable line is an invalid proof.
        proofs: proofs.map(|line| line.to_str().unwrap_or_default().into()).collect(),
        certificate,
    })
}

/// Returns the certificate that a proxy sends: in the form of RFC 9440, `:base64:`, or of nginx, percent-encoded PEM
/// (`$ssl_client_escaped_cert`).
fn certificate(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<u8>> {
    let mut lines = headers.get_all(name).iter();
    let (line, None) = (lines.next()?, lines.next()) else { return None };
    let text = line.to_str().ok().filter(|text| text.len() <= LONGEST_CERTIFICATE)?.trim();
    let der = match text.strip_prefix(':') {
        Some(rest) => BASE64.decode(rest.strip_suffix(':')?.as_bytes()).ok()?,
        None => {
            let pem = decode_header(text)?;
            let body = pem.trim().strip_prefix("-----BEGIN CERTIFICATE-----")?;
            let body = body.strip_suffix("-----END CERTIFICATE-----")?;
            BASE64_MIME_PERMISSIVE.decode(body.as_bytes()).ok()?
        }
    };
    (!der.is_empty()).then_some(der)
}

/// Adds the nonce of the next proof to the response to a client that uses DPoP, regardless of its status.
pub async fn offer_nonce(State(authority): State<Arc<Authority>>, request: Request, next: Next) -> Response {
    let proves = request.headers().contains_key(PROOF) || is_dpop(request.headers());
    let mut response = next.run(request).await;
    if proves {
        let ctx = Ctx::new(authority, clock::now(), ClientAddress::Unknown);
        if let Ok(nonce) = HeaderValue::from_str(&proofs::nonce(&ctx)) {
            response.headers_mut().insert(NONCE, nonce);
        }
    }
    response
}

fn is_dpop(headers: &HeaderMap) -> bool {
    // An unreadable header is refused with a challenge of its own.
    matches!(Authorization::from_headers(headers), Ok(Some(found)) if found.of_scheme("dpop").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_comes_in_two_forms_and_once() {
        let name = HeaderName::from_static("client-cert");
        let of = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(&name, line.parse().unwrap());
            }
            certificate(&headers, &name)
        };
        let expected = Some(b"certificate".to_vec());
        let nginx = "-----BEGIN%20CERTIFICATE-----%0AY2VydGlm%0AaWNhdGU%3D%0A-----END%20CERTIFICATE-----%0A";
        assert_eq!(of(&[":Y2VydGlmaWNhdGU=:"]), expected);
        assert_eq!(of(&[nginx]), expected);
        for bad in [
            "",
            ":",
            "::",
            ":Y2VydGlmaWNhdGU=",
            "Y2VydGlmaWNhdGU=",
            ":Y2Vy dGlm:",
            "-----BEGIN%20CERTIFICATE-----",
            "(null)",
        ] {
            assert_eq!(of(&[bad]), None, "{bad}");
        }
        assert_eq!(of(&[":Y2VydGlmaWNhdGU=:", ":Y2VydGlmaWNhdGU=:"]), None);
        assert_eq!(of(&[]), None);
    }
}
