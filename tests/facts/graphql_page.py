"""A GraphQL type page: HTML inside Markdown, one page per type."""

import re
from html.parser import HTMLParser

from page import PageError, collapse, put, snake

LINK_TITLE = re.compile(r"Go to (?P<kind>\w+) (?P<name>\w+)")


class Element:
    """One HTML element; children are elements and texts, in order."""

    def __init__(self, tag, attributes, line):
        self.tag, self.attributes, self.line = tag, dict(attributes), line
        self.children = []

    def text(self):
        """Returns all text inside, with collapsed white space."""
        parts = (c if isinstance(c, str) else c.text() for c in self.children)
        return collapse("".join(parts))

    def elements(self):
        """Returns the child elements; text between them would be lost and is an error."""
        for child in self.children:
            if isinstance(child, str) and child.strip():
                raise PageError(f"text in <{self.tag}> that no rule covers: {collapse(child)}", self.line)
        return [c for c in self.children if isinstance(c, Element) and not c.is_permalink()]

    def is_permalink(self):
        """Whether this is the empty link of a heading to itself, which is not a fact."""
        return self.tag == "a" and self.attributes.get("class") == "permalink" and not self.children

    def only(self, *tags):
        """Returns the child elements, which must have exactly these tags."""
        found = self.elements()
        if [e.tag for e in found] != list(tags):
            raise PageError(f"<{self.tag}> holds {[e.tag for e in found]}, expected {list(tags)}", self.line)
        return found


class Tree(HTMLParser):
    """Builds the tree of elements. Comments are not facts."""

    def __init__(self, first_line):
        super().__init__()
        self.first_line = first_line
        self.root = Element("page", [], first_line)
        self.open = [self.root]

    def line(self):
        return self.first_line + self.getpos()[0] - 1

    def handle_starttag(self, tag, attrs):
        element = Element(tag, attrs, self.line())
        self.open[-1].children.append(element)
        self.open.append(element)

    def handle_endtag(self, tag):
        if self.open[-1].tag != tag:
            raise PageError(f"</{tag}> closes <{self.open[-1].tag}>", self.line())
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].children.append(data)


def facts(body):
    """Returns the facts of the page after its front matter."""
    tree = Tree(body[0][0])
    tree.feed("\n".join(line for _, line in body))
    tree.close()
    if len(tree.open) > 1:
        raise PageError(f"<{tree.open[-1].tag}> is never closed", tree.open[-1].line)
    found, heading = {}, None
    for child in tree.root.children:
        if isinstance(child, str):
            description(found, child)
        elif child.tag == "nav":
            continue
        elif child.tag == "h1":
            found |= title(child)
        elif child.tag == "p":
            description(found, child.text())
        elif child.tag == "table":
            section, rows = table(child)
            put(found, snake(section), rows, child.line)
        elif child.tag == "h2":
            heading = child
        elif child.tag == "div" and heading:
            put(found, snake(heading.text()), [link(a) for a in child.elements()], child.line)
            heading = None
        elif child.tag == "ul" and heading:
            put(found, snake(heading.text()), [place(item) for item in child.elements()], child.line)
            heading = None
        else:
            raise PageError(f"<{child.tag}> that no rule covers", child.line)
    if heading:
        raise PageError(f"nothing under the heading {heading.text()}", heading.line)
    return found


def title(h1):
    """Parses `<h1>Name <span><span><code>KIND</code></span></span></h1>`."""
    name = collapse("".join(c for c in h1.children if isinstance(c, str)))
    kind = collapse("".join(c.text() for c in h1.children if isinstance(c, Element)))
    return {"name": name, "kind": kind, "description": None}


def description(found, text):
    """Returns the text between the elements of the page: the type's description."""
    if not text.strip():
        return
    if "name" not in found or found["description"]:
        raise PageError(f"text that no rule covers: {collapse(text)}")
    found["description"] = collapse(text)


def table(element):
    """Returns the section's title and its rows, one per member of the type."""
    if [e.tag for e in element.elements()] == ["caption", "tbody"]:
        cell, body = element.elements()
    else:
        head, body = element.only("thead", "tbody")
        (cell,) = head.only("th")
    (heading,) = cell.only("h2")
    return heading.text(), [member(row.only("td")[0]) for row in body.elements()]


def member(cell):
    """Returns a field: its name, its type (a link), and an optional paragraph."""
    name, *rest = cell.elements()
    code, *types = name.elements()
    arguments = [e for e in rest if e.tag == "ul"]
    rest = [e for e in rest if e.tag != "ul"]
    if name.tag != "h3" or code.tag != "code" or len(types) > 1 or any(not plain_paragraph(p) for p in rest):
        raise PageError("a row that is not name, type, description", cell.line)
    said = collapse(" ".join(p.text() for p in rest))
    found = {"name": code.text()} | (type_of(types[0]) if types else {}) | {"description": said or None}
    return found | ({"arguments": [item.text() for e in arguments for item in e.elements()]} if arguments else {})


def place(item):
    """Returns a list item: a link to a place where something is used."""
    (anchor,) = item.only("a")
    return {"name": anchor.text(), "link": anchor.attributes.get("href")}


def plain_paragraph(element):
    """Returns the text of a <p> with only text and names, so that no link in it is lost."""
    return element.tag == "p" and all(isinstance(c, str) or c.tag == "code" for c in element.children)


def type_of(anchor):
    """Returns the type of a field as written, and its meaning."""
    written, target = anchor.text(), link(anchor)
    return {
        "type": written,
        "type_name": target["name"],
        "nullable": not written.endswith("!"),
        "list": written.startswith("["),
        "type_kind": target["kind"],
        "link": target["link"],
    }


def link(anchor):
    """Returns a pill: the type that it links to and the kind of that type."""
    said = LINK_TITLE.fullmatch(anchor.attributes.get("title", ""))
    if anchor.tag != "a" or not said or "href" not in anchor.attributes:
        raise PageError(f"<{anchor.tag}> that is no link to a type", anchor.line)
    if anchor.text().strip("[]!") != said["name"]:
        raise PageError(f"{anchor.text()} links to {said['name']}", anchor.line)
    return {"name": said["name"], "kind": said["kind"].lower(), "link": anchor.attributes["href"]}
