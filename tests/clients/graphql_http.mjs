// The audits of graphql-http, a client schema of graphql-js from the introspection, and the clients graphql-ws and graphql-sse.
import { serverAudits } from "graphql-http";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";
import { buildClientSchema, getIntrospectionQuery, parse, validate, validateSchema } from "graphql";

const url = `${process.env.BASE}/graphql`;
const authorized = (input, init = {}) =>
  fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${process.env.TOKEN}` } });

let failed = 0;
for (const audit of serverAudits({ url, fetchFn: authorized })) {
  const result = await audit.fn();
  if (result.status === "ok") {
    console.log(`ok audit ${audit.id} ${audit.name}`);
  } else {
    failed += 1;
    const response = result.response;
    console.log(`${result.status} ${audit.id} ${audit.name}: ${result.reason} (${response?.status})`);
  }
}

const answer = await authorized(url, {
  method: "POST",
  headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
  body: JSON.stringify({ query: getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }) }),
});
const { data, errors } = await answer.json();
if (errors) throw new Error(JSON.stringify(errors));
const schema = buildClientSchema(data);
const wrong = validateSchema(schema);
const document = parse(`query($filter: GrantFilter) {
  viewer { user { login } }
  grants(first: 3, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
    edges { cursor node { __typename id ... on APIAccessToken { ipAddress } parent { id } } } pageInfo { endCursor } } }`);
wrong.push(...validate(schema, document));
if (wrong.length > 0) throw new Error(wrong.join("\n"));
console.log("ok introspection");
// The clients of both subscription transports receive the event of a new token.
const authorization = `Bearer ${process.env.TOKEN}`;
const make = () =>
  authorized(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: 'mutation { apiAccessTokenCreate(input: { kind: PERSONAL_ACCESS_TOKEN, clientId: "demo-web", scopes: ["read"] }) { secret } }',
    }),
  });
const clients = {
  "graphql-ws": createWsClient({ url: url.replace("http", "ws"), webSocketImpl: WebSocket, connectionParams: { authorization } }),
  "graphql-sse": createSseClient({ url, headers: { authorization } }),
};
for (const [name, client] of Object.entries(clients)) {
  const again = setInterval(make, 1000);
  for await (const result of client.iterate({ query: "subscription { viewerEvents { type } }" })) {
    if (result.data?.viewerEvents?.type !== "TOKEN_CREATED") throw new Error(JSON.stringify(result));
    break;
  }
  clearInterval(again);
  await client.dispose();
  console.log(`ok ${name}`);
}
process.exit(failed === 0 ? 0 : 1);
