#!/usr/bin/env python3
"""Extracts every fact of a reference page into JSON (standard output).

    extract.py PAGE               print the facts of PAGE
    extract.py --check JSON PAGE  exit 1 if JSON differs from the facts of PAGE

Exit codes: 0 success; 1 the JSON differs (--check); 2 the page or the JSON
cannot be read, or the page contains something unknown. Nothing on a page is
skipped silently: a line without a rule is an error that names the line.
"""

import argparse
import difflib
import json
import sys
from pathlib import Path

import entity_page
import graphql_page
from page import PageError, split_document, split_front_matter


def extract(text):
    """Returns the facts of one page, as a dict in page order."""
    if text.startswith("<!doctype html>"):
        front, body = split_document(text)
        return {"page": "graphql", "front_matter": front} | graphql_page.facts(body)
    front, body = split_front_matter(text)
    if "uid" in front:
        return {"page": "entity", "front_matter": front} | entity_page.facts(body)
    if any("<h1" in line for _, line in body):
        return {"page": "graphql", "front_matter": front} | graphql_page.facts(body)
    raise PageError("neither an entity page (uid) nor a GraphQL page (<h1>)")


def render(facts):
    """Returns the JSON text that is checked in."""
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def check(json_path, found):
    """Returns 0 if the file at `json_path` is exactly `found`, else 1 and prints a diff."""
    stored = json_path.read_text(encoding="utf-8")
    if stored == found:
        return 0
    diff = difflib.unified_diff(
        stored.splitlines(keepends=True), found.splitlines(keepends=True), str(json_path), "the page"
    )
    sys.stderr.writelines(diff)
    return 1


def main():
    parser = argparse.ArgumentParser(description="Extract the facts of a reference page as JSON.")
    parser.add_argument("--check", metavar="JSON", type=Path, help="compare with JSON instead of printing")
    parser.add_argument("page", metavar="PAGE", type=Path)
    arguments = parser.parse_args()
    try:
        found = render(extract(arguments.page.read_text(encoding="utf-8")))
        if arguments.check:
            return check(arguments.check, found)
    except PageError as error:
        print(f"{arguments.page}: {error}", file=sys.stderr)
        return 2
    except (OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    sys.stdout.buffer.write(found.encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
