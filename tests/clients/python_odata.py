"""Reads and writes the registry with python-odata: the model, filters, expanded rows, pages, changes."""

import datetime
import json
import os

import requests
from odata import ODataService

BASE = os.environ["BASE"]
with open(os.environ["DEMO"], encoding="utf-8") as file:
    PAT = json.load(file)["admin"]["pat"]


def service():
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {PAT}"
    # The library takes a null reference for a row.
    headers = {"Prefer": "omit-values=nulls"}
    return ODataService(
        f"{BASE}/api/domain/odata/", reflect_entities=True, session=session, extra_headers=headers, quiet_progress=True
    )


def ok(flow):
    print(f"ok {flow}", flush=True)


def main():
    registry = service()
    tokens = registry.entities["Systems_Security_AccessTokens"]
    users = registry.entities["Systems_Security_Users"]
    assert tokens.CreationTimestamp and users.Login
    ok("metadata")

    query = registry.query(tokens).select(tokens.Id, tokens.Kind)
    every = [row["Id"] for row in query]
    assert len(every) > 200 and len(set(every)) == len(every), len(every)
    ok("pages")

    some = registry.query(users).filter(users.Login == "ada").all()
    assert [user.Login for user in some] == ["ada"]
    since = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    used = registry.query(tokens).filter(tokens.LastUsedTimestamp >= since).filter(tokens.Actor != None).all()  # noqa: E711
    assert 0 < len(used) < len(every) and all(row.LastUsedTimestamp >= since for row in used)
    ada = registry.query(users).filter(users.Login.startswith("ad")).first()
    assert ada.Name == some[0].Name
    ok("filters")

    expanded = registry.query(tokens).expand(tokens.User).limit(30).all()
    names = [row.User.Name for row in expanded if row.User is not None]
    assert len(expanded) == 30 and names and all(names)
    ok("expands")

    newest = registry.query(tokens).order_by(tokens.CreationTimestamp.desc()).limit(20).all()
    times = [row.CreationTimestamp for row in newest]
    assert times == sorted(times, reverse=True) and len(times) == 20
    ok("orders")

    # The library creates no rows whose key the server computes.
    body = {"Login": "python", "Name": "Monty"}
    address = f"{BASE}/api/domain/odata/Systems_Security_Users"
    created = requests.post(address, json=body, headers={"Authorization": f"Bearer {PAT}"}, timeout=30)
    assert created.status_code == 201, created.text
    user = registry.query(users).filter(users.Login == "python").first()
    user.Name = "Graham"
    registry.save(user)
    found = registry.query(users).filter(users.Login == "python").first()
    assert found.Name == "Graham"
    registry.delete(found)
    assert registry.query(users).filter(users.Login == "python").all() == []
    ok("writes")


main()
