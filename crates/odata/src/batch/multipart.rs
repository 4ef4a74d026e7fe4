//! Batches as `multipart/mixed` (RFC 2046, section 5.1).

use super::{Answer, BatchError, BatchRequest, BatchResponse, Entry, checked, unreadable};

/// Returns the boundary of a part's content type, if it is `multipart/mixed`.
fn boundary(content_type: &str) -> Option<&str> {
    let (essence, parameters) = content_type.split_once(';')?;
    if !essence.trim().eq_ignore_ascii_case("multipart/mixed") {
        return None;
    }
    let named = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
    let mut values = named.filter(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"));
    let value = values.next()?.1.trim();
    Some(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// Reads a batch.
///
/// # Errors
/// [`BatchError`] for a body that is not a sequence of HTTP requests and change sets.
pub fn read_multipart(boundary: &str, body: &[u8]) -> Result<Vec<Entry>, BatchError> {
    let entries = parts(boundary, body)?.into_iter().map(|part| {
        let part = Part::read(part)?;
        let content_type = part.header("content-type").unwrap_or_default();
        match self::boundary(content_type) {
            Some(inner) => {
                let requests =
                    parts(inner, part.content)?.into_iter().map(|part| request(&Part::read(part)?));
                Ok(Entry::ChangeSet { name: None, requests: requests.collect::<Result<_, _>>()? })
            }
            None => request(&part).map(Entry::Single),
        }
    });
    checked(entries.collect::<Result<_, _>>()?)
}

/// Returns the parts between the delimiters.
fn parts<'a>(boundary: &str, body: &'a [u8]) -> Result<Vec<&'a [u8]>, BatchError> {
    // RFC 2046, section 5.1.1.
    if !(1..=70).contains(&boundary.len()) {
        return unreadable("a boundary has 1 to 70 characters");
    }
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    while at < body.len() {
        let end =
            body[at..].iter().position(|byte| *byte == b'\n').map_or(body.len(), |found| at + found + 1);
        let line = trimmed(&body[at..end]);
        if let Some(rest) = line.strip_prefix(delimiter.as_bytes()) {
            let is_last = rest.starts_with(b"--");
            let is_delimiter = is_last || rest.iter().all(|byte| matches!(byte, b' ' | b'\t'));
            if is_delimiter {
                if let Some(start) = start {
                    // The line break before a delimiter belongs to the delimiter.
                    parts.push(without_line_break(&body[start..at]));
                }
                start = Some(end);
                if is_last {
                    return Ok(parts);
                }
            }
        }
        at = end;
    }
    unreadable(format!("the delimiter '{delimiter}--' at the end is missing"))
}

fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn without_line_break(part: &[u8]) -> &[u8] {
    trimmed(part)
}

/// Headers and content.
struct Part<'a> {
    headers: Vec<(String, String)>,
    content: &'a [u8],
}

impl<'a> Part<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, BatchError> {
        let mut headers = Vec::new();
        let mut at = 0;
        loop {
            if at >= bytes.len() {
                return Ok(Self { headers, content: &[] });
            }
            let end = bytes[at..]
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(bytes.len(), |found| at + found + 1);
            let line = trimmed(&bytes[at..end]);
            at = end;
            if line.is_empty() {
                return Ok(Self { headers, content: bytes.get(at..).unwrap_or_default() });
            }
            let text = std::str::from_utf8(line).ok().and_then(|line| line.split_once(':'));
            let Some((name, value)) = text else { return unreadable("a header line has no colon") };
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }
}

/// Reads the HTTP request that a part contains.
fn request(part: &Part<'_>) -> Result<BatchRequest, BatchError> {
    let content_type = part.header("content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/http") {
        return unreadable("a part is application/http, or multipart/mixed for a change set");
    }
    let end =
        part.content.iter().position(|byte| *byte == b'\n').map_or(part.content.len(), |found| found + 1);
    let line = std::str::from_utf8(trimmed(&part.content[..end])).unwrap_or_default();
    let words = line.trim_end().split_once(' ').and_then(|(method, rest)| {
        let (url, version) = rest.rsplit_once(' ')?;
        version.starts_with("HTTP/").then(|| (method, url.trim()))
    });
    let Some((method, url)) = words.filter(|(_, url)| !url.is_empty()) else {
        return unreadable("a request begins with a line such as 'GET Set?$top=2 HTTP/1.1'");
    };
    let inner = Part::read(&part.content[end..])?;
    Ok(BatchRequest {
        id: part.header("content-id").map(str::to_owned),
        method: method.to_ascii_uppercase(),
        url: url.to_owned(),
        headers: inner.headers,
        body: without_line_break(inner.content).to_vec(),
        depends_on: Vec::new(),
    })
}

/// Writes the responses between delimiters with a boundary.
pub fn write_multipart(boundary: &str, answers: &[Answer]) -> Vec<u8> {
    let mut body = Vec::new();
    for (index, answer) in answers.iter().enumerate() {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        match answer {
            Answer::Single(response) => write(&mut body, response),
            Answer::ChangeSet(responses) => {
                // No boundary begins with another one: a delimiter is found by its beginning (RFC 2046, section 5.1.1). Some
                // clients find a change set by the beginning of its boundary.
                let inner = format!("changesetresponse_{index}_{boundary}");
                body.extend_from_slice(
                    format!("Content-Type: multipart/mixed; boundary={inner}\r\n\r\n").as_bytes(),
                );
                for response in responses {
                    body.extend_from_slice(format!("--{inner}\r\n").as_bytes());
                    write(&mut body, response);
                }
                body.extend_from_slice(format!("--{inner}--\r\n").as_bytes());
            }
        }
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

fn write(body: &mut Vec<u8>, response: &BatchResponse) {
    let mut text = String::from("Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n");
    let mut line = |name: &str, value: &str| {
        [name, ": ", value, "\r\n"].iter().for_each(|part| text.push_str(part));
    };
    if let Some(id) = &response.id {
        line("Content-ID", id);
    }
    text.push_str("\r\n");
    text.push_str(&format!("HTTP/1.1 {} {}\r\n", response.status, reason(response.status)));
    for (name, value) in &response.headers {
        [name, ": ", value, "\r\n"].iter().for_each(|part| text.push_str(part));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n", response.body.len()));
    body.extend_from_slice(text.as_bytes());
    body.extend_from_slice(&response.body);
    body.extend_from_slice(b"\r\n");
}

/// Returns the reason phrase of a status.
const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        424 => "Failed Dependency",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Unknown",
    }
}
