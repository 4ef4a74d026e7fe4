"""Checks the program's machine-readable descriptions with third-party validators."""

import json
import os
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

FOLDER = Path(os.environ["REFERENCE"])


def read(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def openapi():
    """The document is OpenAPI 3.1; each operation has a unique name."""
    document = read("openapi.json")
    errors = [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]
    assert not errors, errors
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) > 25, names


def configuration():
    """The schema is JSON Schema 2020-12, and accepts the same files as the program."""
    schema = read("config.schema.json")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)
    defaults = {key: value["default"] for key, value in schema["properties"].items()}
    for good in ({}, defaults, {"log": "json"}, {"public_url": "https://id.example.org", "demo": False}):
        assert check.is_valid(good), (good, [error.message for error in check.iter_errors(good)])
    for bad in ({"no_such_key": 1}, {"log": "loud"}, {"session_lifetime": 0}, {"demo": "yes"}, {"odata_page_size": -1}):
        assert not check.is_valid(bad), bad


def main():
    for check in (openapi, configuration):
        check()
        print("ok", check.__name__)


if __name__ == "__main__":
    sys.exit(main())
