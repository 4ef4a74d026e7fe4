// Reads and writes the registry with @odata/client.
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { OData } from "@odata/client";

const { BASE, DEMO } = process.env;
const pat = JSON.parse(readFileSync(DEMO, "utf8")).admin.pat;
const ok = (flow) => console.log(`ok ${flow}`);
const client = OData.New4({
  serviceEndpoint: `${BASE}/api/domain/odata/`,
  metadataUri: `${BASE}/api/domain/odata/$metadata`,
  commonHeaders: { Authorization: `Bearer ${pat}` },
});
const users = client.getEntitySet("Systems_Security_Users");
const tokens = client.getEntitySet("Systems_Security_AccessTokens");

const found = await users.find({ Login: "ada" });
assert.equal(found.length, 1);
const page = await tokens.query(client.newOptions().top(3).select(["Id", "Kind"]));
assert.equal(page.length, 3);
ok("reads");

const created = await users.create({ Login: "odata.client", Name: "Clara" });
assert.equal(created.Name, "Clara");
ok("creates");

await users.update(created.Id, { Name: "Claire" });
assert.equal((await users.retrieve(created.Id)).Name, "Claire");
ok("changes");

await users.delete(created.Id);
await assert.rejects(users.retrieve(created.Id));
ok("deletes");

const responses = await client.execBatchRequests([
  client.newBatchRequest({ collection: "Systems_Security_Users", params: client.newOptions().top(1) }),
  client.newBatchRequest({ collection: "Systems_Security_Users", entity: { Login: "odata.batch", Name: "Bea" }, method: "POST" }),
]);
assert.equal(responses.length, 2);
const second = await responses[1].json();
assert.equal(second.Name, "Bea");
ok("batches");
