"""An entity page: Markdown, one page per entity."""

import re
import shlex

from markdown import BOLD_ROW, LINK, PLAIN_ROW, described, linked, paragraph, row, rows, said, sections, table
from methods import allowed_values, api_methods
from page import PageError, put, snake

COLUMNS = ("Name", "Type", "Description")
TYPE = re.compile(r"(?P<name>.*?)(?: \((?P<length>[^)]*)\))?(?P<nullable> __nullable__| \(nullable\))?")
LEVEL = re.compile(r"(\d+) - (.*)")
TREE_LINE = re.compile(r"(?P<indent> *)\* \[(?P<name>[^\]]*)\]\((?P<link>[^)]*)\) *")
EMPTY_ROW = re.compile(r"Supports Order By:")
LISTING = re.compile(r"\[!list (.*)\]")


def facts(body):
    """Returns the facts of the page after its front matter."""
    before, parts = sections(body, "#")
    if len(parts) != 1 or said(before):
        raise PageError("the page has not exactly one title, at its top")
    number, name, lines = parts[0]
    intro, parts = sections(lines, "##")
    found = {"name": name, "namespace": None, "description": paragraph(intro)}
    for number, heading, lines in parts:
        if heading not in SECTIONS:
            raise PageError(f"a section that no rule covers: {heading}", number)
        put(found, snake(heading), SECTIONS[heading](lines), number)
    found["namespace"] = next((r["value"] for r in found.get("general", []) if r["key"] == "Namespace"), None)
    return found


def plain_rows(lines):
    """Returns the `Key: value` lines."""
    return rows(PLAIN_ROW, lines)


def track_changes(lines):
    """Returns the levels between which changes of the entity are tracked."""
    found = {}
    for number, line in said(lines):
        one = row(PLAIN_ROW, line, number)
        level = LEVEL.fullmatch(one["value"]) if one else None
        if not level:
            raise PageError(f"no `Key: level - text`: {line}", number)
        put(found, snake(one["key"]), {"level": int(level[1]), "text": level[2]}, number)
    return found


def aggregate(lines):
    """Returns the definition of an aggregate, the tree of this one, its parent and root."""
    found, label = {"description": None, "link": None}, None
    for number, line in lines:
        node = TREE_LINE.fullmatch(line)
        text = line.strip()
        if node and label == "tree":
            depth = len(node["indent"]) // 2
            found["tree"].append({"name": node["name"], "link": node["link"], "depth": depth})
        elif re.fullmatch(r"Aggregate \w+:?", text):
            label = snake(text.removeprefix("Aggregate"))
            put(found, label, [] if label == "tree" else None, number)
        elif text and label is None and found["description"] is None:
            about = linked(text, number)
            found |= {"description": about["text"], "link": about["link"]}
        elif text and label in found and found[label] is None:
            found[label] = linked(text, number)
        elif text:
            raise PageError(f"no rule covers this line of the aggregate: {text}", number)
    return found


def attributes(lines):
    """Returns the rows of the attributes, one per attribute."""
    return [attribute(number, *cell) for number, cell in table(lines, COLUMNS)]


def attribute(number, name, written, description):
    """Returns one attribute; the maximum length is a number of characters or `max`."""
    about, kind = linked(written, number), TYPE.fullmatch(linked(written, number)["text"])
    length = kind["length"]
    return anchored(name, number) | {
        "type_text": about["text"],
        "type": kind["name"],
        "type_link": about["link"],
        "max_length": int(length) if length and length.isdigit() else length,
        "nullable": bool(kind["nullable"]),
    } | described(description)


def references(lines):
    """Returns the rows of the references (or child collections), one each."""
    return [reference(number, *cell) for number, cell in table(lines, COLUMNS)]


def reference(number, name, written, description):
    """Returns one reference: its target and whether it can be empty."""
    target = LINK.match(written)
    rest = written[target.end() :].strip() if target else None
    if rest not in ("", "(nullable)"):
        raise PageError(f"no link to an entity: {written}", number)
    return anchored(name, number) | {
        "target": target[1],
        "target_link": target[2],
        "nullable": rest == "(nullable)",
    } | described(description)


def anchored(written, number):
    """Returns a name that links to its details on the page."""
    about = linked(written, number)
    if not about["link"] or "#" not in about["link"]:
        raise PageError(f"a name without its anchor: {written}", number)
    return {"name": about["text"], "link": about["link"], "anchor": about["link"].partition("#")[2]}


def details(lines):
    """Returns the content of each `###` section by its name: description, rows, allowed values."""
    found = {}
    before, parts = sections(lines, "###")
    if said(before):
        raise PageError("text before the first detail", said(before)[0][0])
    for number, name, content in parts:
        put(found, name, detail(content), number)
    return found


def detail(lines):
    """Parses description lines, then `Key: **Value**` lines; other lines after the first of these are allowed values."""
    content = [(number, f"{line} ****" if EMPTY_ROW.fullmatch(line) else line) for number, line in said(lines)]
    first = next((i for i, (_, line) in enumerate(content) if BOLD_ROW.fullmatch(line)), len(content))
    below = content[first:]
    return described(paragraph(content[:first])) | {
        "rows": rows(BOLD_ROW, [one for one in below if BOLD_ROW.fullmatch(one[1])]),
        "allowed_values": allowed_values([one for one in below if not BOLD_ROW.fullmatch(one[1])]),
    }


def listing(lines):
    """Returns a `[!list key=value …]`, which the documentation site fills in, or the text of an empty list."""
    if paragraph(lines) == "None":
        return {"default-text": "None"}
    match = LISTING.fullmatch(paragraph(lines) or "")
    if not match:
        raise PageError("no `[!list …]`", lines[0][0] if lines else None)
    try:
        return dict(part.split("=", 1) for part in shlex.split(match[1]))
    except ValueError as error:
        raise PageError(f"no `key=value` list: {match[1]}", lines[0][0]) from error


def api(lines):
    """Returns the labels of the Domain API, each with its value on the next line."""
    found, label = {}, None
    for number, line in said(lines):
        if label is None and line.startswith("Domain API ") and line.endswith(":"):
            label = snake(line.removeprefix("Domain API "))
        elif label:
            put(found, label + "_url" if line.startswith("<") else label, line.strip("<>"), number)
            label = None
        else:
            raise PageError(f"no label of the Domain API: {line}", number)
    if label:
        raise PageError(f"a label without its value: {label}", lines[-1][0])
    return found


def writing(lines):
    """Returns what can be written, after the introduction. The original page has no such section."""
    return rows(PLAIN_ROW, said(lines)[1:])


def not_yet(lines):
    """Returns what is not served yet, after the introduction. The original page has no such section."""
    return rows(PLAIN_ROW, said(lines)[1:])


SECTIONS = {
    "General": plain_rows,
    "Visualization": plain_rows,
    "Track Changes": track_changes,
    "Aggregate": aggregate,
    "Attributes": attributes,
    "References": references,
    "Child Collections": references,
    "System Attributes": attributes,
    "Attribute Details": details,
    "Reference Details": details,
    "Child Collection Details": details,
    "API Methods": api_methods,
    "Writing": writing,
    "Not Yet": not_yet,
    "Business Rules": listing,
    "Front-End Business Rules": listing,
    "API": api,
}
