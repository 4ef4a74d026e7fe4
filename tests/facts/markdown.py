"""The Markdown forms of entity pages."""

import re

from page import PageError, collapse, put

LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
# What this service supports beyond a page has the prefix `Grantor: `.
BOLD_ROW = re.compile(r"((?:Grantor: )?[A-Z][^:*`]*): \*\*(.*)\*\*")
PLAIN_ROW = re.compile(r"([A-Z][^:*`]*):(?: +(.*))?")
TAGS_QUOTED = re.compile(r"((?:\s*`[^`]*`)+)$")
TAGS_BRACKETED = re.compile(r"((?:\s*\[[^\[\]]*\])+)$")
SEPARATOR = re.compile(r"\|(?: *-+ *\|)+")


def sections(lines, marker):
    """Splits at headings that begin with `marker`: the lines before the first, then (number, title, lines) each."""
    before, found = [], []
    for number, line in lines:
        if line.startswith(marker + " "):
            found.append((number, collapse(line[len(marker) :]), []))
        else:
            (found[-1][2] if found else before).append((number, line))
    return before, found


def said(lines):
    """Returns the non-empty lines, with collapsed white space."""
    return [(number, collapse(line)) for number, line in lines if line.strip()]


def paragraph(lines):
    """Joins all lines into one text; None if they are empty."""
    return " ".join(line for _, line in said(lines)) or None


def linked(text, line):
    """Returns a text with at most one link: the text as displayed, and the link's target."""
    links = LINK.findall(text)
    if len(links) > 1:
        raise PageError(f"more than one link: {text}", line)
    return {"text": collapse(LINK.sub(r"\1", text)), "link": links[0][1] if links else None}


def row(pattern, text, line):
    """Returns a `Key: value` line as key, value and link; None if it is not one."""
    match = pattern.fullmatch(text)
    if not match:
        return None
    value = linked(match[2] or "", line)
    return {"key": match[1], "value": value["text"], "link": value["link"]}


def rows(pattern, lines):
    """Parses lines that must all be `Key: value` lines, without repeated keys."""
    found = {}
    for number, line in said(lines):
        one = row(pattern, line, number)
        if one is None:
            raise PageError(f"no `Key: value`: {line}", number)
        put(found, one["key"], one, number)
    return list(found.values())


def cells(text, count, line):
    """Returns the cells of a table row; the closing bar of the last one is optional."""
    if not text.startswith("|"):
        raise PageError(f"no table row: {text}", line)
    found = [collapse(cell) for cell in text[1:].split("|", count - 1)]
    if len(found) != count:
        raise PageError(f"a table row without {count} cells: {text}", line)
    found[-1] = collapse(found[-1].removesuffix("|"))
    return found


def table(lines, header):
    """Returns the rows of a table with exactly this header, as (number, cells)."""
    found = said(lines)
    if len(found) < 2 or cells(found[0][1], len(header), found[0][0]) != list(header):
        raise PageError(f"no table with the header {header}", lines[0][0] if lines else None)
    if not SEPARATOR.fullmatch(found[1][1]):
        raise PageError("a table header without its separator", found[1][0])
    return [(number, cells(line, len(header), number)) for number, line in found[2:]]


def described(text):
    """Returns a description, with and without its closing tags, and the meaning of the tags.

    Tags close a description: `Required` `Filter(ge;le)` in backquotes
    (attributes) or [ORD] in brackets (system attributes).
    """
    text = text or ""
    match = TAGS_QUOTED.search(text) or TAGS_BRACKETED.search(text)
    tags = re.findall(r"[`\[]([^`\]]+)[`\]]", match[1]) if match else []
    plain = text[: match.start()] if match else text
    return {"description_text": text or None, "description": plain or None, "tags": tags} | meanings(tags)


def meanings(tags):
    """Returns the meaning of the known tags; the others stay in `tags`."""
    filters = argument(tags, r"Filter\((.*)\)")
    return {
        "required": "Required" in tags,
        "read_only": "ReadOnly" in tags,
        "filter": filters.split(";") if filters else [],
        "order_by": "ORD" in tags,
        "default": argument(tags, r"Default\((.*)\)"),
        "introduced_in": argument(tags, r"Introduced in version (.*)"),
    }


def argument(tags, pattern):
    """Returns the name in the first tag of this form; None if there is none."""
    found = (re.fullmatch(pattern, tag) for tag in tags)
    return next((match[1] for match in found if match), None)
