// Generates documents and evaluates them with graphql-js: `validate`, `getVariableValues` and `getArgumentValues`. The documents
// are generated from the schema with a fixed seed; half of them are then mutated, so that most of those are invalid.
// Usage: node validation.mjs SCHEMA COUNT SEED; writes one JSON object per line.
import * as g from "graphql";
import { readFileSync } from "node:fs";

const [path, count, seed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const schema = g.buildSchema(readFileSync(path, "utf8"));

// ---------------------------------------------------------------- choices
let state = seed >>> 0;
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (limit) => Math.floor(random() * limit);
const pick = (list) => list[below(list.length)];
const chance = (share) => random() < share;

// ---------------------------------------------------------------- custom scalars
const MOMENT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const moment = (value) => {
  if (typeof value !== "string" || !MOMENT.test(value)) throw new g.GraphQLError("no DateTime");
  return value;
};
const object = (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new g.GraphQLError("no object");
  return value;
};
const scalar = (name, parse) => {
  schema.getType(name).parseValue = parse;
  schema.getType(name).parseLiteral = (node, variables) => parse(g.valueFromASTUntyped(node, variables));
};
scalar("DateTime", moment);
scalar("JSON", object);

// ---------------------------------------------------------------- rules of filters beyond the schema
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isFilter = (type) => g.isInputObjectType(type) && "and" in type.getFields();
const readFilter = (type, value) => {
  if (value === null) throw new Error("null says nothing");
  for (const [name, inner] of Object.entries(value)) {
    const of = g.getNamedType(type.getFields()[name].type);
    if (name === "and" || name === "or") {
      if (inner === null) throw new Error("null is no list");
      inner.forEach((one) => readFilter(of, one));
    } else if (name === "mentions") {
      if (inner === null) throw new Error("null is no text");
    } else if (isFilter(of)) {
      if (inner !== null || name === "not") readFilter(of, inner);
    } else if (inner === null) {
      throw new Error("null says nothing");
    } else if ("any" in of.getFields()) {
      Object.values(inner).forEach((one) => readFilter(g.getNamedType(of.getFields().any.type), one));
    } else {
      for (const [operator, operand] of Object.entries(inner)) {
        if (operand === null && !["eq", "ne", "eqOrNull"].includes(operator)) throw new Error("null has no order");
        if (g.getNamedType(of.getFields()[operator].type).name === "ID") {
          for (const id of [operand].flat()) if (id !== null && !UUID.test(id)) throw new Error("no id");
        }
      }
    }
  }
};
const readFilters = (type, value) => {
  if (value === null || value === undefined) return;
  if (g.isNonNullType(type)) return readFilters(type.ofType, value);
  if (g.isListType(type)) return value.forEach((one) => readFilters(type.ofType, one));
  if (isFilter(type)) return readFilter(type, value);
  if (g.isInputObjectType(type)) {
    for (const [name, inner] of Object.entries(value)) readFilters(type.getFields()[name].type, inner);
  }
};

// ---------------------------------------------------------------- evaluation with graphql-js
const position = (source, offset) => {
  const { line, column } = g.getLocation(source, offset);
  const text = source.body.split(/\r\n|[\n\r]/g)[line - 1];
  return `${line}:${[...text.slice(0, column - 1)].length + 1}`;
};
function judge(text, variables) {
  const source = new g.Source(text);
  let document;
  try {
    document = g.parse(source);
  } catch (error) {
    return { stage: "parse", message: error.message };
  }
  let errors;
  try {
    errors = g.validate(schema, document);
  } catch (error) {
    // SingleFieldSubscriptionsRule evaluates @skip and @include, and fails on their variables.
    return { stage: "validate", message: error.message };
  }
  if (errors.length > 0) return { stage: "validate", message: errors[0].message };
  const operation = document.definitions.find((one) => one.kind === "OperationDefinition");
  const coerced = g.getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (coerced.errors) return { stage: "variables", message: coerced.errors[0].message };
  try {
    const values = {};
    const fragments = new Map(document.definitions.filter((one) => one.name).map((one) => [one.name.value, one]));
    const info = new g.TypeInfo(schema);
    const excluded = (node) => {
      const [skip, include] = [g.GraphQLSkipDirective, g.GraphQLIncludeDirective].map((one) =>
        g.getDirectiveValues(one, node, coerced.coerced),
      );
      return skip?.if === true || include?.if === false;
    };
    const reached = new Set();
    const walk = (root) =>
      g.visit(
        root,
        g.visitWithTypeInfo(info, {
          Field(node) {
            if (excluded(node)) return false;
            const of = g.getArgumentValues(info.getFieldDef(), node, coerced.coerced);
            for (const argument of info.getFieldDef().args) readFilters(argument.type, of[argument.name]);
            values[position(source, node.loc.start)] = of;
          },
          InlineFragment: (node) => (excluded(node) ? false : undefined),
          FragmentSpread(node) {
            if (!excluded(node)) reached.add(node.name.value);
          },
        }),
      );
    walk(operation);
    // A set grows while it is iterated.
    for (const name of reached) walk(fragments.get(name));
    // Provided values are coerced as a whole; defaults only where they are used.
    for (const definition of operation.variableDefinitions ?? []) {
      const name = definition.variable.name.value;
      if (name in (variables ?? {})) readFilters(g.typeFromAST(schema, definition.type), coerced.coerced[name]);
    }
    return { stage: "valid", variables: coerced.coerced, arguments: values };
  } catch (error) {
    return { stage: "arguments", message: error.message };
  }
}

// ---------------------------------------------------------------- documents
const TEXTS = ["", "a", "ada", "é", "\u{1F600}", 'q"\\', "read", "0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d"];
const IDS = ["0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d", "0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7e"];
const escaped = (text) =>
  '"' +
  [...text]
    .map((letter) => {
      if (letter === '"' || letter === "\\") return "\\" + letter;
      if (letter.codePointAt(0) < 128 || chance(0.4)) return letter;
      const fixed = [...Array(letter.length).keys()].map(
        (at) => "\\u" + letter.charCodeAt(at).toString(16).padStart(4, "0"),
      );
      return chance(0.5) ? fixed.join("") : `\\u{${letter.codePointAt(0).toString(16)}}`;
    })
    .join("") +
  '"';

class Writer {
  constructor() {
    this.definitions = [];
    this.values = {};
    this.fragments = [];
  }

  /** Returns a value as [literal, JSON]; the JSON is `undefined` if no value is provided. */
  value(type, depth, variables) {
    if (variables && chance(0.25)) return this.variable(type);
    if (g.isNonNullType(type)) return this.plain(type.ofType, depth, variables);
    return chance(0.06) ? ["null", null] : this.plain(type, depth, variables);
  }

  plain(type, depth, variables) {
    if (g.isNonNullType(type)) return this.plain(type.ofType, depth, variables);
    if (g.isListType(type)) {
      if (chance(0.15)) return this.value(type.ofType, depth, false);
      const items = Array.from({ length: below(3) }, () => this.value(type.ofType, depth - 1, variables));
      return [`[${items.map((item) => item[0]).join(chance(0.5) ? ", " : " ")}]`, items.map((item) => item[1] ?? null)];
    }
    if (g.isEnumType(type)) {
      const name = pick(type.getValues()).name;
      return [name, name];
    }
    if (g.isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      const share = depth > 0 ? 2.5 / fields.length : 0;
      const given = fields.filter((field) => g.isRequiredInputField(field) || chance(share));
      const values = given.map((field) => [field.name, this.value(field.type, depth - 1, variables)]);
      return [
        `{${values.map(([name, value]) => `${name}: ${value[0]}`).join(", ")}}`,
        Object.fromEntries(values.map(([name, value]) => [name, value[1]])),
      ];
    }
    return this.scalar(type.name);
  }

  scalar(name) {
    const number = pick(["0", "1", "-0", "50", "-7", "2147483647", "-2147483648"]);
    const text = pick(TEXTS);
    const date = pick(["2026-08-01T00:00:00Z", "2026-08-01T00:00:00.123Z", "2026-08-01T02:00:00+02:00"]);
    switch (name) {
      case "Int":
        return [number, Number(number) + 0];
      case "Boolean":
        return chance(0.5) ? ["true", true] : ["false", false];
      case "DateTime":
        return [`"${date}"`, date];
      case "JSON":
        return pick([
          ["{}", {}],
          ['{a: [1, {b: null, c: "d"}], e: F, f: 1.5}', { a: [1, { b: null, c: "d" }], e: "F", f: 1.5 }],
        ]);
      case "ID": {
        const id = pick(IDS);
        return [`"${id}"`, id];
      }
      default:
        return [chance(0.1) ? `"""\n  ${text.replace(/["\\]/g, "")}\n"""` : escaped(text), text];
    }
  }

  variable(type) {
    const name = `v${this.definitions.length}`;
    const nullable = g.getNullableType(type);
    const printed = chance(0.5) ? `${nullable}!` : String(type);
    const ready = this.plain(nullable, 1, false);
    let fallback = chance(0.3) ? ` = ${ready[0]}` : "";
    if (g.isNonNullType(type) && !printed.endsWith("!")) fallback = ` = ${ready[0]}`;
    this.definitions.push(`$${name}: ${printed}${fallback}`);
    const given = this.plain(nullable, 2, false)[1];
    if (chance(printed.endsWith("!") ? 0.92 : 0.5)) this.values[name] = given ?? null;
    else if (chance(0.15)) this.values[name] = null;
    return [`$${name}`, this.values[name]];
  }

  directives() {
    if (!chance(0.08)) return "";
    const name = pick(["skip", "include"]);
    return ` @${name}(if: ${this.value(new g.GraphQLNonNull(g.GraphQLBoolean), 0, true)[0]})`;
  }

  field(field, depth, alias) {
    const given = field.args.filter((one) => g.isRequiredArgument(one) || chance(0.25));
    const values = given.map((one) => `${one.name}: ${this.value(one.type, 3, true)[0]}`);
    const of = g.getNamedType(field.type);
    const inside = g.isCompositeType(of) ? this.set(of, depth - 1) : "";
    return `${alias}${field.name}${values.length > 0 ? `(${values.join(", ")})` : ""}${this.directives()}${inside}`;
  }

  set(type, depth) {
    const fields = g.isUnionType(type) ? [] : Object.values(type.getFields());
    const fit = fields.filter((field) => depth > 0 || !g.isCompositeType(g.getNamedType(field.type)));
    const parts = ["__typename"];
    for (let left = below(3) + 1; left > 0 && fit.length > 0; left--) {
      parts.push(this.field(pick(fit), depth, chance(0.6) ? `a${below(1e6)}: ` : ""));
    }
    if (chance(0.25)) {
      const possible = g.isAbstractType(type) ? schema.getPossibleTypes(type) : [type, ...type.getInterfaces()];
      const of = pick(possible);
      if (chance(0.5)) parts.push(`... on ${of.name}${this.directives()}${this.set(of, depth - 1)}`);
      else {
        const name = `f${this.fragments.length}`;
        this.fragments.push("");
        this.fragments[Number(name.slice(1))] = `fragment ${name} on ${of.name}${this.set(of, depth - 1)}`;
        parts.push(`...${name}${this.directives()}`);
      }
    }
    return ` {\n${parts.join("\n")}\n}`;
  }

  document() {
    const word = pick(["query", "query", "query", "mutation", "subscription"]);
    const root = schema.getRootType(word);
    const fields = Object.values(root.getFields());
    const many = word === "subscription" ? 1 : below(2) + 1;
    const chosen = Array.from({ length: many }, (_, at) => this.field(pick(fields), 2, `r${at}: `));
    const variables = this.definitions.length > 0 ? `(${this.definitions.join(", ")})` : "";
    return `${word} Q${variables} {\n${chosen.join("\n")}\n}\n${this.fragments.join("\n")}`;
  }
}

// ---------------------------------------------------------------- mutations of documents
const VALUES = ["null", "true", "1", "1.5", "-0", "99999999999", '"x"', '"KIND"', "KIND", "ASC", "[]", "[null]", "{}", "{eq: 1}",
  '{eq: "a", eq: "b"}', "$nowhere", "$v0", "[[1]]", '"2026-08-01"', '"\\ud83d"', '"\\u{110000}"', '"\\q"', "{and: []}"];
const JSONS = [null, true, 1, 1.5, -0, 2147483648, 9007199254740991, "x", "KIND", "ASC", [null], [["a"]], {}, { eq: 1 }, { nowhere: 1 }];
const nodes = (document, kinds) => {
  const found = [];
  g.visit(document, { enter: (node) => void (kinds.includes(node.kind) && found.push(node)) });
  return found;
};
const VALUE_KINDS = ["NullValue", "BooleanValue", "IntValue", "FloatValue", "StringValue", "EnumValue", "ListValue", "ObjectValue", "Variable"];
const splice = (text, node, change) => text.slice(0, node.loc.start) + change(text.slice(node.loc.start, node.loc.end)) + text.slice(node.loc.end);
const at = (kinds, change) => (text, document) => {
  const found = nodes(document, kinds);
  return found.length > 0 ? splice(text, pick(found), change) : undefined;
};
const inSet = (more) => at(["SelectionSet"], (own) => own.slice(0, -1) + more(own) + "\n}");
const CHANGES = {
  value: at(VALUE_KINDS, () => pick(VALUES)),
  listed: at(VALUE_KINDS, (own) => `[${own}]`),
  twice: at(["ObjectField", "Argument", "VariableDefinition", "Directive"], (own) => `${own} ${own}`),
  without: at(["ObjectField", "Argument", "VariableDefinition", "Directive", "SelectionSet", "FragmentDefinition"], () => " "),
  renamed: at(["Name"], (own) => pick([own + "x", "on", "id", "first", "true", "Query", "User", "v0", "login", "__typename", "null"])),
  typed: at(["NamedType", "NonNullType", "ListType"], (own) => pick([own.replace(/!$/, ""), `${own}!`, `[${own}]`, "Int", "String", "ID", "User", "GrantFilter", "Nowhere"])),
  conflict: inSet((own) => {
    const alias = /(\w+):/.exec(own)?.[1] ?? "id";
    return `\n${alias}: ${pick(["id", "__typename", "login", "uuid", "kind", "totalCount", "createdAt"])}`;
  }),
  repeated: at(["Field"], (own) => `${own} ${own}`),
  reordered: at(["Field"], (own) => `${own} ${own.replace(/\d+/, "3")}`),
  directed: at(["Field", "VariableDefinition", "FragmentSpread"], (own) => `${own} ${pick(["@skip(if: true)", "@include(if: $v0)", "@skip", "@nowhere", "@deprecated", "@include(if: null)", '@skip(if: "true")'])}`),
  selected: at(["Field"], (own) => `${own} { id }`),
  spread: inSet(() => pick(["\n...nowhere", "\n...f0", "\n... on User { id }", "\n... on Query { __typename }", "\n... on Int { id }", "\n... @include(if: true) { __typename }", "\n... on Node { id }"])),
  defined: (text) => text + pick(["\nfragment f0 on User { id }", "\nfragment on on User { id }", "\n{ viewer { id } }", "\nquery Q { viewer { id } }",
    "\nquery R { viewer { id } }", "\ntype Mine { a: Int }", "\nfragment f9 on User { ...f9 }", "\nquery () { viewer { id } }", "\nextend type User { a: Int }"]),
  rooted: (text) => text.replace(/^\w+/, pick(["query", "mutation", "subscription", "", "Query"])),
  two: (text) => text.replace(/\{/, "{ z: viewerEvents { id } y: grantChanged { id } "),
  unused: (text) => text.replace(/^(\w+) Q\(?/, (own) => (own.endsWith("(") ? `${own}$unused: Int, ` : `${own}($unused: Int) `)),
  letter: (text) => {
    const place = below(text.length);
    return text.slice(0, place) + pick(["", "", "}", "{", "(", ")", '"', "$", "!", "0", "-", ".", "...", "#", "\n", ",", "&", "|", "@", ":", "é", "\u0000", "\\", "1a", " "]) + text.slice(place + below(2));
  },
};
const given = (values, change) => {
  const spots = [];
  const walk = (owner, key) => {
    spots.push([owner, key]);
    if (typeof owner[key] === "object" && owner[key] !== null) for (const name of Object.keys(owner[key])) walk(owner[key], name);
  };
  for (const name of Object.keys(values)) walk(values, name);
  if (spots.length > 0) change(...pick(spots));
  return spots.length > 0;
};

const seen = new Set();
const out = [];
while (out.length < count) {
  const writer = new Writer();
  let text = writer.document();
  const values = JSON.parse(JSON.stringify(writer.values));
  let rule = "made up";
  if (out.length % 2 === 1) {
    rule = pick([...Object.keys(CHANGES), "json", "absent"]);
    if (rule === "json") {
      if (!given(values, (owner, key) => (owner[key] = structuredClone(pick(JSONS))))) continue;
    } else if (rule === "absent") {
      if (!given(values, (owner, key) => (Array.isArray(owner) ? owner.splice(Number(key), 1) : delete owner[key]))) continue;
    } else {
      const changed = CHANGES[rule](text, g.parse(text));
      if (changed === undefined || changed === text || !changed.isWellFormed()) continue;
      text = changed;
    }
  }
  const key = text + JSON.stringify(values);
  if (text.length > 8000 || seen.has(key)) continue;
  seen.add(key);
  out.push({ rule, text, values, ...judge(text, values) });
}
process.stdout.write(out.map((one) => JSON.stringify(one)).join("\n") + "\n");
