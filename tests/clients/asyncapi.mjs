// Validates asyncapi.json with the parser of the AsyncAPI initiative.
import { readFileSync } from "node:fs";
import parser from "@asyncapi/parser";

const text = readFileSync(`${process.env.REFERENCE}/asyncapi.json`, "utf8");
const { document, diagnostics } = await new parser.Parser().parse(text);
const errors = diagnostics.filter((one) => one.severity === 0);
if (!document || errors.length) {
  console.error(JSON.stringify(errors, null, 2));
  process.exit(1);
}
console.log(`ok asyncapi ${document.channels().all().length} channels`);
