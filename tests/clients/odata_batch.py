"""Sends batches of OData. Multipart requests are written, and responses parsed, by the `email` package of Python."""

import json
import os
from email import policy
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.parser import BytesParser
from io import BytesIO

import requests

BASE = os.environ["BASE"]
ROOT = f"{BASE}/api/domain/odata/"
with open(os.environ["DEMO"], encoding="utf-8") as file:
    PAT = json.load(file)["admin"]["pat"]
BEARER = {"Authorization": f"Bearer {PAT}"}
POLICY = policy.HTTP.clone(max_line_length=0, cte_type="8bit")


def ok(flow):
    print(f"ok {flow}", flush=True)


def part(request, content_id=None):
    message = EmailMessage(POLICY)
    message["Content-Type"] = "application/http"
    message["Content-Transfer-Encoding"] = "binary"
    if content_id:
        message["Content-ID"] = content_id
    message.set_payload(request)
    return message


def multipart(parts, boundary="batch_x"):
    whole = EmailMessage(POLICY)
    whole["Content-Type"] = f"multipart/mixed; boundary={boundary}"
    whole.set_payload(parts)
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False, policy=POLICY).flatten(whole)
    head, _, body = written.getvalue().partition(b"\r\n\r\n")
    return body, "multipart/mixed; boundary=" + boundary


def send(body, content_type, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.post(ROOT + "$batch", data=body, headers=BEARER | {"Content-Type": content_type} | named, timeout=60)


def http(text):
    """Parses an HTTP response: status, headers, body."""
    line, _, rest = text.partition("\r\n")
    head, _, body = rest.partition("\r\n\r\n")
    headers = dict(header.split(": ", 1) for header in head.split("\r\n"))
    return int(line.split(" ")[1]), headers, body


def parse(response):
    assert response.status_code == 200, response.text
    raw = f"Content-Type: {response.headers['Content-Type']}\r\n\r\n".encode() + response.content
    message = BytesParser(policy=POLICY).parsebytes(raw)
    assert not message.defects and message.is_multipart(), message.defects
    return [(inner["Content-ID"], *http(inner.get_payload())) for inner in message.iter_parts()]


def main():
    paths = [
        "Systems_Security_Users?$filter=IsAdmin%20eq%20true&$select=Login,Name",
        "Systems_Security_Users/$count",
        "Nothing",
        "$metadata",
    ]
    alone = [requests.get(ROOT + path, headers=BEARER, timeout=60) for path in paths]

    parts = [part(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n", str(number)) for number, path in enumerate(paths)]
    found = parse(send(*multipart(parts), Prefer="continue-on-error"))
    assert [status for _, status, _, _ in found] == [200, 200, 404, 200], found
    for (name, _, headers, body), single in zip(found, alone):
        assert body == single.text, (body, single.text)
        assert headers["content-type"] == single.headers["content-type"]
    assert [name for name, *_ in found] == ["0", "1", "2", "3"]
    ok("multipart")

    stopped = parse(send(*multipart(parts)))
    assert [status for _, status, _, _ in stopped] == [200, 200, 404], "it ends with the first error"
    ok("stops")

    requests_ = [{"id": str(number), "method": "get", "url": path} for number, path in enumerate(paths)]
    response = send(json.dumps({"requests": requests_}), "application/json", Prefer="continue-on-error")
    response = response.json()["responses"]
    assert [item["status"] for item in response] == [200, 200, 404, 200]
    assert response[0]["body"] == alone[0].json()
    assert response[1]["body"] == alone[1].text
    ok("json")


main()
