// Compares the schema with the baseline; every breaking change must be recorded.
import { readFileSync } from "node:fs";
import { buildSchema, findBreakingChanges } from "graphql";

const read = (name) => readFileSync(name, "utf8");
const [base, current] = ["schema.base.graphql", "schema.graphql"].map((name) => buildSchema(read(name)));
const recorded = new Set(read("breaking-changes.txt").split("\n").map((line) => line.trim()));
const found = findBreakingChanges(base, current).map((change) => `${change.type}: ${change.description}`);
const unrecorded = found.filter((change) => !recorded.has(change));
if (unrecorded.length > 0) {
  throw new Error(`these changes break clients; write them into breaking-changes.txt if they are meant:\n${unrecorded.join("\n")}`);
}
console.log("ok compared");
