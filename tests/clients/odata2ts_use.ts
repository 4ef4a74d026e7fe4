// Uses the service that odata2ts generates from the metadata.
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { FetchClient } from "@odata2ts/http-client-fetch";
import { grantorService } from "./generated/grantorService";

const { BASE, DEMO } = process.env as { BASE: string; DEMO: string };
const pat: string = JSON.parse(readFileSync(DEMO, "utf8")).admin.pat;
const client = new FetchClient({ headers: { Authorization: `Bearer ${pat}` } });
const registry = new grantorService(client, `${BASE}/api/domain/odata`);
const ok = (flow: string) => console.log(`ok ${flow}`);

async function main() {
  const users = registry.Systems_Security_Users();
  const found = await users.query((builder, row) => builder.filter(row.Login.eq("ada")).select("Id", "Login"));
  const ada = found.data.value[0];
  assert.equal(ada.Login, "ada");
  const used = await registry.Systems_Security_AccessTokens().query((builder, row) =>
    builder.filter(row.LastUsedTimestamp.ge("2020-01-01T00:00:00Z")).expanding("User", (user) => user.select("Login")).top(3).count(),
  );
  assert.equal(used.data.value.length, 3);
  ok("reads");
  const created = await users.create({ Login: "odata2ts", Name: "Tessa" } as Parameters<typeof users.create>[0]);
  assert.equal(created.data.Name, "Tessa");
  const row = registry.Systems_Security_Users(created.data.Id);
  await row.patch({ Name: "Tess" });
  assert.equal((await row.query()).data.Name, "Tess");
  ok("writes");
  await row.delete();
  await assert.rejects(row.query());
  ok("deletes");
  const tokens = registry.Systems_Security_AccessTokens();
  const wanted = { Kind: "PersonalAccessToken", Client: "demo-web", Scopes: "read" };
  const token = await tokens.create(wanted as Parameters<typeof tokens.create>[0]);
  const granted = registry.Systems_Security_AccessTokens(token.data.Id);
  await granted.Revoke();
  assert.equal((await granted.query((builder) => builder.select("State"))).data.State, "Revoked");
  ok("calls");
}

main().catch((error) => { console.error(error); process.exit(1); });
