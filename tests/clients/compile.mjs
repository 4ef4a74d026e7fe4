// Compiles documents against the schema with frontend tools.
import { execFileSync } from "node:child_process";
import { codegen } from "@graphql-codegen/core";
import * as typescript from "@graphql-codegen/typescript";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";

const bin = (name) => new URL(`../node_modules/.bin/${name}`, import.meta.url).pathname;
const run = (name, ...args) => execFileSync(bin(name), args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });

mkdirSync("src/__generated__", { recursive: true });
writeFileSync(
  "src/Tokens.js",
  `import { graphql } from "react-relay";
export const fragment = graphql\`fragment Tokens_user on User
  @refetchable(queryName: "TokensPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
  login
  grants(first: $count, after: $cursor, orderBy: [{ field: CREATED_AT, direction: DESC }]) @connection(key: "Tokens_user_grants") {
    edges { node { id kind ... on APIAccessToken { lastAccessedAt } parent { id } } } } }\`;
export const query = graphql\`query TokensQuery($filter: UserFilter) {
  viewer { user { ...Tokens_user } }
  users(first: 10, filter: $filter) { edges { node { id name } } pageInfo { hasNextPage endCursor } } }\`;
export const mutation = graphql\`mutation TokensRevokeMutation($input: APIAccessTokenRevokeMutationInput!) {
  apiAccessTokenRevoke(input: $input) { revokedCount apiAccessToken { id revokedAt } userErrors { code message field } } }\`;
`,
);
writeFileSync(
  "relay.config.json",
  JSON.stringify({ src: "./src", schema: "./schema.graphql", language: "javascript", artifactDirectory: "./src/__generated__", eagerEsModules: true }),
);
run("relay-compiler", "relay.config.json");
if (!readdirSync("src/__generated__").some((name) => name.startsWith("TokensPaginationQuery"))) throw new Error("nothing was compiled");
console.log("ok relay-compiler");

const operations = `query Codes($code: ID!) { apiAccessTokenCode(code: $code) { application { name } authorizedAt authorizedIPAddress code description expiresAt id } }
query Stale($filter: GrantFilter!) { apiAccessTokens(filter: $filter) { totalCount nodes { id owner { login active } } } }
mutation Rotate($input: APIAccessTokenRotateMutationInput!) { apiAccessTokenRotate(input: $input) { secret userErrors { code } } }
`;
const types = await codegen({
  filename: "types.ts",
  schema: parse(readFileSync("schema.graphql", "utf8")),
  documents: [{ location: "operations.graphql", document: parse(operations) }],
  config: {},
  plugins: [{ typescript: {} }, { operations: {} }],
  pluginMap: { typescript, operations: typescriptOperations },
});
if (!types.includes("StaleQuery") || !types.includes("RotateMutation")) throw new Error("no types were made");
console.log("ok graphql-codegen");
