// The structure of responses, with graphql-js as the oracle: Grantor executes a generated document, and again with `__typename` in
// every object. graphql-js executes the original document over the data of the second response, and its result must equal the
// first response, byte for byte: the same members in the same order, including nulls and empty objects.
import { readFileSync } from "node:fs";
import {
  buildSchema, execute, getNamedType, isAbstractType, isCompositeType, isNonNullType,
  isObjectType, Kind, parse, print, validate, visit,
} from "graphql";

const schema = buildSchema(readFileSync(process.env.SCHEMA, "utf8"));
const wanted = Number(process.env.DOCUMENTS ?? 300);
const seed = Number(process.env.SEED ?? 20261130);

// mulberry32
let state = seed >>> 0;
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (p) => random() < p;

// Fields whose values differ between requests, or that need more than read access.
const CHANGING = new Set(["lastAccessedAt", "ipAddress", "lastUsedAt", "lastUsedIPAddress", "userSessions", "apiAccessTokenCode"]);

let fragments;
let ids;

function argumentsOf(field) {
  const given = [];
  for (const argument of field.args) {
    if (argument.name === "first") given.push(`first: ${1 + below(3)}`);
    else if (argument.name === "id" && isNonNullType(argument.type)) given.push(`id: ${JSON.stringify(pick(ids))}`);
    else if (argument.name === "ids") given.push(`ids: [${[pick(ids), pick(ids)].map((id) => JSON.stringify(id)).join(", ")}]`);
    else if (argument.name === "by") given.push("by: [KIND]");
    else if (isNonNullType(argument.type) && argument.defaultValue === undefined) return undefined;
  }
  return given.length > 0 ? `(${given.join(", ")})` : "";
}

function directive() {
  if (!chance(0.15)) return "";
  return ` @${pick(["skip", "include"])}(if: ${pick(["true", "false", "$yes", "$no", "$absent"])})`;
}

function selection(type, depth) {
  const fields = isObjectType(type) || isAbstractType(type) ? Object.values(type.getFields?.() ?? {}) : [];
  const usable = fields.filter((field) => !CHANGING.has(field.name));
  const items = [];
  const count = 1 + below(4);
  for (let i = 0; i < count; i += 1) {
    const kind = random();
    if (kind < 0.1) {
      items.push(`__typename${directive()}`);
    } else if (kind < 0.3 && depth > 0) {
      const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
      const on = chance(0.3) ? type : pick(possible);
      const inside = selection(on, depth - 1);
      if (chance(0.4) && fragments.size < 6) {
        const name = `F${fragments.size}`;
        fragments.set(name, `fragment ${name} on ${on.name} ${inside}`);
        items.push(`...${name}${directive()}`);
      } else {
        items.push(`... ${chance(0.2) && on === type ? "" : `on ${on.name}`}${directive()} ${inside}`);
      }
    } else {
      const field = pick(usable);
      const given = field && argumentsOf(field);
      if (given === undefined) continue;
      const inner = getNamedType(field.type);
      if (isCompositeType(inner) && depth <= 0) continue;
      const inside = isCompositeType(inner) ? ` ${selection(inner, depth - 1)}` : "";
      const alias = chance(0.08) ? `${pick(["a", "b", "c"])}_${field.name}: ` : "";
      items.push(`${alias}${field.name}${given}${directive()}${inside}`);
      if (chance(0.12)) items.push(`${alias}${field.name}${given}${inside}`);
    }
  }
  return `{ ${items.length > 0 ? items.join(" ") : "__typename"} }`;
}

function document() {
  fragments = new Map();
  const query = selection(schema.getQueryType(), 5);
  return `query($yes: Boolean! = true, $no: Boolean!, $absent: Boolean! = false) ${query} ${[...fragments.values()].join(" ")}`;
}

// A valid document has no unused variables.
function trimmed(text) {
  const used = new Set();
  const ast = parse(text);
  visit(ast, { Argument: (node) => { if (node.value.kind === Kind.VARIABLE) used.add(node.value.name.value); } });
  return visit(ast, { VariableDefinition: (node) => (used.has(node.variable.name.value) ? undefined : null) });
}

const typeName = { kind: Kind.FIELD, alias: { kind: Kind.NAME, value: "the_type" }, name: { kind: Kind.NAME, value: "__typename" } };
const withTypes = (ast) =>
  visit(ast, { SelectionSet: { leave: (node) => ({ ...node, selections: [...node.selections, typeName] }) } });

async function ask(query) {
  const response = await fetch(`${process.env.BASE}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${process.env.TOKEN}` },
    body: JSON.stringify({ query, variables: { no: false } }),
  });
  const text = await response.text();
  return { text, answer: JSON.parse(text) };
}

const shown = await ask("{ grants(first: 40) { nodes { id } } users(first: 5) { nodes { id } } }");
ids = ["grants", "users"].flatMap((field) => shown.answer.data[field].nodes.map((node) => node.id));

const fieldResolver = (source, _arguments, _context, info) => source?.[info.path.key];
const typeResolver = (value) => value.the_type;

let [compared, limited, tried, empty, failed] = [0, 0, 0, 0, 0];
while (compared < wanted) {
  tried += 1;
  if (tried > wanted * 20) throw new Error(`only ${compared} of ${tried} documents could be compared`);

  const ast = trimmed(document());
  if (validate(schema, ast).length > 0) continue;
  const query = print(ast);
  const first = await ask(query);
  if (first.answer.errors?.some((error) => error.extensions?.code === "LIMIT_EXCEEDED")) {
    limited += 1;
    continue;
  }
  if (first.answer.errors) throw new Error(`${query}\n${first.text}`);
  const second = await ask(print(withTypes(ast)));
  if (second.answer.errors?.some((error) => error.extensions?.code === "LIMIT_EXCEEDED")) {
    limited += 1;
    continue;
  }
  if (second.answer.errors) throw new Error(`${query}\n${second.text}`);
  const expected = await execute({
    schema, document: ast, rootValue: second.answer.data, variableValues: { no: false }, fieldResolver, typeResolver,
  });
  if (expected.errors) throw new Error(`${query}\n${JSON.stringify(expected)}`);
  if (JSON.stringify(first.answer.data) !== JSON.stringify(expected.data)) {
    throw new Error(`seed ${seed}: ${query}\n${JSON.stringify(first.answer.data)}\n${JSON.stringify(expected.data)}`);
  }
  if (first.text.includes("{}")) empty += 1;
  if (first.text.includes("null")) failed += 1;
  compared += 1;
}
console.log(`ok shape: ${compared} documents, ${empty} with empty objects, ${failed} with nulls, ${limited} beyond a limit`);
