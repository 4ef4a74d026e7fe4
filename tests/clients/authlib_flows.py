"""The flows of a web client through PyPI's Authlib, unmodified."""

import html
import json
import os
import re

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oauth2.rfc7523 import ClientSecretJWT

BASE = os.environ["BASE"]
with open(os.environ["DEMO"], encoding="utf-8") as file:
    DEMO = json.load(file)
METADATA = requests.get(f"{BASE}/id/.well-known/openid-configuration", timeout=30).json()
WEB, SERVICE = DEMO["applications"]["web"], DEMO["applications"]["service"]
PERSON = DEMO["user"]


def visit(address):
    """Opens a URL, signs in and consents, until the browser is redirected elsewhere; returns that URL."""
    browser = requests.Session()
    answer = browser.get(address, allow_redirects=False, timeout=30)
    for _ in range(20):
        refresh = answer.headers.get("refresh", "").partition("0; url=")[2]
        if answer.status_code == 303 or refresh:
            following = requests.compat.urljoin(answer.url, refresh or answer.headers["location"])
            if not following.startswith(BASE):
                return following
            answer = browser.get(following, allow_redirects=False, timeout=30)
            continue
        assert answer.ok, answer.text
        action, fields = form(answer.text)
        answer = browser.post(BASE + action, data=fields, allow_redirects=False, timeout=30)
    raise AssertionError("no end of pages")


def form(page):
    entered = {
        "/signin": [("login", PERSON["login"]), ("password", PERSON["password"])],
        "/id/connect/authorize/decide": [("decision", "allow")],
    }
    for action, fields in entered.items():
        found = re.search(f'<form[^>]*action="{action}".*?</form>', page, re.S)
        if found:
            names = {name for name, _ in fields}
            sent = [pair for pair in inputs(found[0]) if pair[0] not in names]
            return action, sent + fields
    raise AssertionError(page)


def inputs(text):
    for tag in re.findall(r"<input[^>]*>", text):
        if 'type="hidden"' in tag or " checked" in tag:
            value = re.search(r' value="([^"]*)"', tag)
            yield re.search(r' name="([^"]*)"', tag)[1], html.unescape(value[1]) if value else ""


def sign_in(scope):
    session = OAuth2Session(
        WEB["client_id"],
        WEB["client_secret"],
        scope=scope,
        redirect_uri=WEB["redirect_uri"],
        code_challenge_method="S256",
    )
    verifier, nonce = generate_token(48), generate_token(16)
    address, state = session.create_authorization_url(
        METADATA["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    back = visit(address)
    token = session.fetch_token(
        METADATA["token_endpoint"], authorization_response=back, code_verifier=verifier, state=state
    )
    return session, token, nonce


def check_id_token(token, nonce):
    keys = JsonWebKey.import_key_set(requests.get(METADATA["jwks_uri"], timeout=30).json())
    claims = jwt.decode(
        token["id_token"],
        keys,
        claims_options={
            "iss": {"essential": True, "value": METADATA["issuer"]},
            "aud": {"essential": True, "value": WEB["client_id"]},
            "nonce": {"value": nonce},
        },
    )
    claims.validate()
    return claims


def main():
    session, token, nonce = sign_in("openid profile offline_access read")
    claims = check_id_token(token, nonce)
    told = session.get(METADATA["userinfo_endpoint"], timeout=30).json()
    assert told["sub"] == claims["sub"], told
    print("ok code, ID token, UserInfo")

    before = token["access_token"]
    token = session.refresh_token(METADATA["token_endpoint"], refresh_token=token["refresh_token"])
    assert token["access_token"] != before
    print("ok refresh")

    told = session.introspect_token(METADATA["introspection_endpoint"], token=token["access_token"]).json()
    assert told["active"], told
    session.revoke_token(METADATA["revocation_endpoint"], token=token["refresh_token"])
    told = session.introspect_token(METADATA["introspection_endpoint"], token=token["access_token"]).json()
    assert told == {"active": False}, told
    print("ok introspection, revocation")

    service = OAuth2Session(SERVICE["client_id"], SERVICE["client_secret"], scope="read")
    assert service.fetch_token(METADATA["token_endpoint"], grant_type="client_credentials")["access_token"]
    print("ok client credentials")

    stranger = OAuth2Session(
        SERVICE["client_id"],
        SERVICE["client_secret"],
        token_endpoint_auth_method=ClientSecretJWT(METADATA["token_endpoint"]),
    )
    try:
        stranger.fetch_token(METADATA["token_endpoint"], grant_type="client_credentials")
    except Exception as error:  # noqa: BLE001 - whatever the library makes of the refusal
        assert "invalid_client" in str(error), error
        print("ok a way that was not registered is refused")
    else:
        raise AssertionError("another way than the registered one was taken")


main()
