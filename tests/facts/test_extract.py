"""Tests of the extractor: accepted and refused input."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from extract import extract
from page import PageError

ENTITY = """---
uid: Shop.Orders
---
# Shop.Orders

What was   ordered.

## General
Namespace: [Shop](Shop.md)  
Base Table:

## Aggregate
An [aggregate](https://example.org/a) is one.

Aggregate Tree
* [Shop.Orders](Shop.Orders.md)
  * [Shop.Lines](Shop.Lines.md)

## Attributes

| Name | Type | Description |
| ---- | ---- | --- |
| [No](Shop.Orders.md#no) | string (16) __nullable__ | a|b `code` in it `Filter(eq;like)` `ReadOnly` `Unit: EUR`
| [Size](Shop.Orders.md#size) | [Amount (18, 2)](data.md#amount) | How much [ORD] [Default(0)] |

## References

| Name | Type | Description |
| ---- | ---- | --- |
| [Buyer](Shop.Orders.md#buyer) | [Users](Users.md) | Who |

## Attribute Details

### No

A number `ORD`

Type: **string (16)**
Allowed values for the `No`(Shop.Orders.md#no) data attribute
Allowed Values (Shop.No Enum Members)

| Value | Description |
| ---- | --- |
| One | First. Stored as 'ONE'. <br /> Model Value: 1 <br /> Domain API Value: 'One' |

Supports Order By: ****

## API Methods

### Ship

Sends it.
Return Type: **[Box](Box.md)**
Declaring Type: **Order**
Domain API Request: **POST**

**Parameters**
  * **when**
    At once
    or later.
    Type: datetime
     Optional: True
    Default Value: null

## API

Domain API Query:
<https://example.org/q?$top=1>
"""

TYPE = """---
# title: not this one
title: Thing
toc: true
---
<h1>Thing <span><code>INPUT_OBJECT</code></span></h1>

A &lt;thing&gt;

<table><thead><th><h2>Input Fields</h2></th></thead><tbody>
<tr><td><h3><code>many</code><a href="/s" title="Go to SCALAR String"><code>[String!]!</code></a></h3><p>All
 of them</p></td></tr></tbody></table>
"""


class EntityPage(unittest.TestCase):
    def test_general_and_aggregate(self):
        found = extract(ENTITY)
        self.assertEqual((found["name"], found["namespace"], found["description"]), ("Shop.Orders", "Shop", "What was ordered."))
        self.assertEqual(found["general"][1], {"key": "Base Table", "value": "", "link": None})
        self.assertEqual([(n["name"], n["depth"]) for n in found["aggregate"]["tree"]], [("Shop.Orders", 0), ("Shop.Lines", 1)])

    def test_attributes_and_their_tags(self):
        number, size = extract(ENTITY)["attributes"]
        self.assertEqual(number["description"], "a|b `code` in it")
        self.assertEqual(number["tags"], ["Filter(eq;like)", "ReadOnly", "Unit: EUR"])
        self.assertEqual((number["filter"], number["read_only"], number["required"]), (["eq", "like"], True, False))
        self.assertEqual((number["type"], number["max_length"], number["nullable"]), ("string", 16, True))
        self.assertEqual((size["type"], size["max_length"], size["type_link"]), ("Amount", "18, 2", "data.md#amount"))
        self.assertEqual((size["description"], size["order_by"], size["default"]), ("How much", True, "0"))

    def test_details_references_methods_and_api(self):
        found = extract(ENTITY)
        detail = found["attribute_details"]["No"]
        self.assertEqual([(r["key"], r["value"]) for r in detail["rows"]], [("Type", "string (16)"), ("Supports Order By", "")])
        self.assertEqual(detail["allowed_values"]["values"][0]["stored_value"], "'ONE'")
        self.assertFalse(found["references"][0]["nullable"])
        method = found["api_methods"]["methods"][0]
        self.assertEqual((method["return_type"], method["return_type_link"]), ("Box", "Box.md"))
        self.assertEqual(method["parameters"][0]["description"], "At once or later.")
        self.assertEqual((method["parameters"][0]["optional"], method["parameters"][0]["default"]), (True, "null"))
        self.assertEqual(found["api"], {"query_url": "https://example.org/q?$top=1"})

    def test_what_no_rule_covers_is_an_error(self):
        for old, new in [
            ("## API\n", "## Secrets\n"),
            ("Base Table:", "Base Table"),
            ("Base Table:", "Namespace: twice"),
            ("Declaring Type: **Order**", "Declared By: **Order**"),
            ("     Optional: True", "     Optimal: True"),
            ("| ---- | ---- | --- |", "| ---- | ---- | loose"),
            ("[Users](Users.md) |", "[Users](Users.md) (maybe) |"),
            ("<https://example.org/q?$top=1>", ""),
            ("# Shop.Orders\n", "# Shop.Orders\n# Another\n"),
        ]:
            with self.subTest(new), self.assertRaises(PageError):
                self.assertIn(old, ENTITY)
                extract(ENTITY.replace(old, new, 1))


class GraphqlPage(unittest.TestCase):
    def test_everything_on_it(self):
        found = extract(TYPE)
        self.assertEqual(found["front_matter"], {"title": "Thing", "toc": True})
        self.assertEqual((found["name"], found["kind"], found["description"]), ("Thing", "INPUT_OBJECT", "A <thing>"))
        self.assertEqual(
            found["input_fields"],
            [
                {
                    "name": "many",
                    "type": "[String!]!",
                    "type_name": "String",
                    "nullable": False,
                    "list": True,
                    "type_kind": "scalar",
                    "link": "/s",
                    "description": "All of them",
                }
            ],
        )

    def test_what_no_rule_covers_is_an_error(self):
        for old, new in [
            ("<p>", "stray <p>"),
            ("<p>", "<ul>"),
            ("</table>", ""),
            ("Go to SCALAR String", "Go to SCALAR Other"),
            ("</h1>", "</h1><form></form>"),
            ("<p>All", "<p><a>All</a>"),
        ]:
            with self.subTest(new), self.assertRaises(PageError):
                self.assertIn(old, TYPE)
                extract(TYPE.replace(old, new, 1))


class CommandLine(unittest.TestCase):
    def run_it(self, *arguments):
        script = Path(__file__).with_name("extract.py")
        return subprocess.run([sys.executable, script, *arguments], capture_output=True, check=False)

    def test_check_tells_same_from_different_from_unreadable(self):
        with tempfile.TemporaryDirectory() as folder:
            page, stored = Path(folder, "page.md"), Path(folder, "page.json")
            page.write_text(ENTITY, encoding="utf-8")
            stored.write_bytes(self.run_it(page).stdout)
            self.assertEqual(self.run_it("--check", stored, page).returncode, 0)
            page.write_text(ENTITY.replace("What was", "What is"), encoding="utf-8")
            differs = self.run_it("--check", stored, page)
            self.assertEqual(differs.returncode, 1)
            self.assertIn(b'+  "description": "What is ordered."', differs.stderr)
            page.write_text("# no front matter", encoding="utf-8")
            self.assertEqual(self.run_it("--check", stored, page).returncode, 2)
            self.assertEqual(self.run_it(Path(folder, "absent.md")).returncode, 2)


if __name__ == "__main__":
    unittest.main()
