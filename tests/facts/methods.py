"""The methods of an entity page: parameters, types, allowed values."""

import re

from markdown import BOLD_ROW, PLAIN_ROW, linked, paragraph, row, said, sections, table
from page import PageError, collapse, put, snake

PARAMETER = re.compile(r"\* \*\*(\w+)\*\*")
ALLOWED_FOR = re.compile(r"Allowed values for the \[?`(\w+)`\]?\(([^)]*)\) data attribute")
ALLOWED_ENUM = re.compile(r"Allowed Values \((\S+) Enum Members\)")
VALUE_FACTS = {
    "stored_value": re.compile(r".*\bStored as (.*)\."),
    "model_value": re.compile(r"Model Value: (.*)"),
    "api_value": re.compile(r"Domain API Value: (.*)"),
}


def api_methods(lines):
    """Returns the introduction of the section, and its methods."""
    before, parts = sections(lines, "###")
    return {"description": paragraph(before), "methods": [method(*part) for part in parts]}


def method(number, name, lines):
    """Returns one method: description, return type, declaring type, request verb, parameters."""
    head, parameters = split_parameters(said(lines))
    first = next((i for i, (_, line) in enumerate(head) if BOLD_ROW.fullmatch(line)), len(head))
    found = {}
    for line_number, line in head[first:]:
        one = row(BOLD_ROW, line, line_number)
        if one is None:
            raise PageError(f"no `Key: **value**`: {line}", line_number)
        put(found, one["key"], one, line_number)
    own = [key for key in found if key.startswith("Grantor: ")]
    if [key for key in found if key not in own] != ["Return Type", "Declaring Type", "Domain API Request"]:
        raise PageError(f"the method {name} says {list(found)}", number)
    returned = found["Return Type"]
    return {
        "name": name,
        "description": paragraph(head[:first]),
        "return_type": returned["value"],
        "return_type_link": returned["link"],
        "declaring_type": found["Declaring Type"]["value"],
        "request": found["Domain API Request"]["value"],
        "parameters": [parameter(*part) for part in parameters],
    }


def split_parameters(lines):
    """Returns the lines before `**Parameters**`, and (number, name, lines) of each parameter after it."""
    at = next((i for i, (_, line) in enumerate(lines) if line == "**Parameters**"), len(lines))
    parameters = []
    for number, line in lines[at + 1 :]:
        match = PARAMETER.fullmatch(line)
        if match:
            parameters.append((number, match[1], []))
        elif parameters:
            parameters[-1][2].append((number, line))
        else:
            raise PageError(f"text before the first parameter: {line}", number)
    return lines[:at], parameters


def parameter(number, name, lines):
    """Returns one parameter: description lines, type, allowed values, optional, default."""
    at = next((i for i, (_, line) in enumerate(lines) if line.startswith("Type: ")), None)
    if at is None:
        raise PageError(f"the parameter {name} has no type", number)
    said_of, listed = {}, []
    for line_number, line in lines[at:]:
        one = row(PLAIN_ROW, line, line_number)
        if one and one["key"] in ("Type", "Optional", "Default Value"):
            put(said_of, snake(one["key"]), one, line_number)
        else:
            listed.append((line_number, line))
    return {
        "name": name,
        "description": paragraph(lines[:at]),
        "type": said_of["type"]["value"],
        "type_link": said_of["type"]["link"],
        "optional": said_of.get("optional", {}).get("value") == "True",
        "default": said_of.get("default_value", {}).get("value"),
        "allowed_values": allowed_values(listed),
    }


def allowed_values(lines):
    """Returns the values of an enumeration and where it is defined; None without lines."""
    if not lines:
        return None
    found = {"attribute": None, "attribute_link": None, "enum": None}
    at = next((i for i, (_, line) in enumerate(lines) if line.startswith("|")), len(lines))
    for number, line in lines[:at]:
        attribute, enum = ALLOWED_FOR.fullmatch(line), ALLOWED_ENUM.fullmatch(line)
        if attribute:
            found |= {"attribute": attribute[1], "attribute_link": attribute[2]}
        elif enum:
            found["enum"] = enum[1]
        else:
            raise PageError(f"no rule covers this line: {line}", number)
    members = [allowed_value(number, *cell) for number, cell in table(lines[at:], ("Value", "Description"))]
    return found | {"values": members}


def allowed_value(number, value, description):
    """Returns one value: its description lines and its forms."""
    lines = [collapse(line) for line in description.split("<br />")]
    found = {"value": linked(value, number)["text"], "description_lines": lines}
    for key, pattern in VALUE_FACTS.items():
        matches = [match[1] for match in map(pattern.fullmatch, lines) if match]
        if len(matches) > 1:
            raise PageError(f"{key} of {value} is said twice", number)
        found[key] = matches[0] if matches else None
    return found
