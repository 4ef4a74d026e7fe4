// Reads and writes the registry with o.js.
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { o } from "odata";

const { BASE, DEMO } = process.env;
const pat = JSON.parse(readFileSync(DEMO, "utf8")).admin.pat;
const headers = new Headers({ Authorization: `Bearer ${pat}`, "Content-Type": "application/json" });
// A batch has headers of its own.
const batch = { headers: new Headers({ Authorization: `Bearer ${pat}`, "Content-Type": "multipart/mixed" }), boundaryPrefix: "batch_", changsetBoundaryPrefix: "changset_", endpoint: "$batch", useChangset: true, useRelativeURLs: false };
const registry = o(`${BASE}/api/domain/odata/`, { headers, batch });
const ok = (flow) => console.log(`ok ${flow}`);
const TOKENS = "Systems_Security_AccessTokens";
const USERS = "Systems_Security_Users";

const page = await registry.get(TOKENS).query({ $top: 5, $select: "Id,Kind", $orderby: "CreationTimestamp desc" });
assert.equal(page.length, 5);
assert.ok(page.every((row) => row.Id && row.Kind));
const [ada] = await registry.get(USERS).query({ $filter: "Login eq 'ada'" });
assert.equal(ada.Login, "ada");
const expanded = await registry.get(TOKENS).query({ $filter: `User eq '${USERS}(${ada.Id})'`, $expand: "User($select=Login)", $top: 1 });
assert.equal(expanded[0].User.Login, "ada");
ok("reads");

const created = await registry.post(USERS, { Login: "o.js", Name: "Olivia" }).query();
assert.equal(created.Name, "Olivia");
ok("creates");

const patched = await registry.patch(`${USERS}(${created.Id})`, { Name: "Olive" }).query();
assert.ok(patched === 204 || patched.status === 204 || patched.ok, JSON.stringify(patched));
const read = await registry.get(`${USERS}(${created.Id})`).query();
assert.equal((Array.isArray(read) ? read[0] : read).Name, "Olive");
ok("changes");

const token = await registry.post(TOKENS, { Kind: "PersonalAccessToken", Client: "demo-web", Scopes: "read", Description: "o.js" }).query();
assert.ok(token["@grantor.secret"].startsWith("grt_"));
await registry.post(`${TOKENS}(${token.Id})/Revoke`, {}).query();
const revoked = await registry.get(`${TOKENS}(${token.Id})`).query({ $select: "State" });
assert.equal((Array.isArray(revoked) ? revoked[0] : revoked).State, "Revoked");
ok("calls");

await registry.delete(`${USERS}(${created.Id})`).query();
await assert.rejects(registry.get(`${USERS}(${created.Id})`).query(), (response) => response.status === 404);
ok("deletes");

const batched = await registry.get(USERS).get(TOKENS).batch({ $top: 1 });
assert.deepEqual(batched.map((response) => response.status), [200, 200]);
const changed = await registry.post(USERS, { Login: "o.js.batch", Name: "Otto" }).batch();
assert.equal(changed.flat()[0].status, 201, JSON.stringify(changed));
ok("batches");
