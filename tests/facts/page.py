"""Common parts of both kinds of pages: lines with numbers, front matter, text."""

import html
import re


class PageError(Exception):
    """A part of the page that no rule covers; names the line if known."""

    def __init__(self, message, line=None):
        super().__init__(f"line {line}: {message}" if line else message)


def collapse(text):
    """Collapses white space to one space, and strips the ends."""
    return " ".join(text.split())


def split_front_matter(text):
    """Returns the front matter as a dict, and the numbered lines after it."""
    lines = list(enumerate(text.splitlines(), start=1))
    if not lines or lines[0][1].strip() != "---":
        raise PageError("no front matter", 1)
    end = next((i for i, (_, line) in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise PageError("the front matter does not end", 1)
    return front_matter(lines[1:end]), lines[end + 1 :]


def split_document(text):
    """Returns the title of a whole HTML document, without the name of its site, and the numbered lines of its `<main>`."""
    title = re.search(r"<title>(.*) · [^·]*</title>", text)
    main = re.search(r"<main[^>]*>\n(.*?)\n?</main>", text, re.DOTALL)
    if not title or not main:
        raise PageError("an HTML document without title or main", 1)
    first = text.count("\n", 0, main.start(1)) + 1
    return {"title": html.unescape(title[1])}, list(enumerate(main[1].splitlines(), start=first))


def front_matter(lines):
    """Parses `key: value` lines; comments are not facts; true and false are booleans."""
    facts = {}
    for number, line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        key, colon, value = line.partition(":")
        if not colon:
            raise PageError("front matter that is no `key: value`", number)
        value = collapse(value)
        put(facts, key.strip(), {"true": True, "false": False}.get(value, value), number)
    return facts


def put(facts, key, value, line):
    """Stores a fact that must not be repeated."""
    if key in facts:
        raise PageError(f"`{key}` is said twice", line)
    facts[key] = value


def snake(title):
    """Returns the JSON key for a heading or label: `Min level` gives `min_level`."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
