// Every flow through npm's openid-client, unmodified.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import * as oidc from "openid-client";
import { visit } from "./person.mjs";

const base = process.env.BASE;
const demo = JSON.parse(await readFile(process.env.DEMO, "utf8"));
const { web, native, service } = demo.applications;
const execute = [oidc.allowInsecureRequests];
const discover = (application, metadata, auth) =>
  oidc.discovery(new URL(`${base}/id`), application.client_id, metadata, auth, { execute });

/** Begins a sign-in, has the person carry it out, and exchanges the code. */
async function signIn(config, application, scope, options = {}) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const parameters = {
    redirect_uri: application.redirect_uri,
    scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
    ...options.parameters,
  };
  const address = options.pushed
    ? await oidc.buildAuthorizationUrlWithPAR(config, parameters)
    : oidc.buildAuthorizationUrl(config, parameters);
  const back = await visit(base, demo.user, address);
  return oidc.authorizationCodeGrant(
    config,
    back,
    { pkceCodeVerifier, expectedState, expectedNonce },
    undefined,
    options.dpop ? { DPoP: options.dpop } : undefined,
  );
}

async function flow(name, run) {
  await run();
  console.log(`ok ${name}`);
}

const confidential = await discover(web, web.client_secret, oidc.ClientSecretBasic(web.client_secret));
const open = await discover(native, undefined, oidc.None());

await flow("code with a secret, UserInfo, introspection, refresh, revocation", async () => {
  const tokens = await signIn(confidential, web, "openid profile email offline_access read");
  const claims = tokens.claims();
  const told = await oidc.fetchUserInfo(confidential, tokens.access_token, claims.sub);
  assert.equal(told.preferred_username, demo.user.login);
  const next = await oidc.refreshTokenGrant(confidential, tokens.refresh_token);
  assert.notEqual(next.refresh_token, tokens.refresh_token);
  assert.equal(next.claims().sub, claims.sub);
  assert.equal((await oidc.tokenIntrospection(confidential, next.access_token)).active, true);
  await oidc.tokenRevocation(confidential, next.refresh_token);
  assert.equal((await oidc.tokenIntrospection(confidential, next.access_token)).active, false);
});

await flow("code of a public application", async () => {
  const tokens = await signIn(open, native, "openid offline_access read");
  assert.ok((await oidc.refreshTokenGrant(open, tokens.refresh_token)).access_token);
});

await flow("pushed request, signed answer", async () => {
  const config = await discover(web, web.client_secret, oidc.ClientSecretPost(web.client_secret));
  oidc.useJwtResponseMode(config);
  const tokens = await signIn(config, web, "openid read", { pushed: true });
  assert.ok(tokens.claims().sid);
});

await flow("tokens bound to a key", async () => {
  const dpop = oidc.getDPoPHandle(open, await oidc.randomDPoPKeyPair());
  const tokens = await signIn(open, native, "openid offline_access read", { dpop });
  assert.equal(tokens.token_type, "dpop");
  const { sub } = tokens.claims();
  assert.equal((await oidc.fetchUserInfo(open, tokens.access_token, sub, { DPoP: dpop })).sub, sub);
  await assert.rejects(oidc.fetchUserInfo(open, tokens.access_token, sub));
  const next = await oidc.refreshTokenGrant(open, tokens.refresh_token, undefined, { DPoP: dpop });
  await assert.rejects(oidc.refreshTokenGrant(open, next.refresh_token));
});

await flow("client credentials", async () => {
  const config = await discover(service, service.client_secret);
  assert.equal((await oidc.clientCredentialsGrant(config, { scope: "read" })).scope, "read");
});

await flow("device login", async () => {
  const begun = await oidc.initiateDeviceAuthorization(open, { scope: "openid read" });
  await visit(base, demo.user, begun.verification_uri_complete).catch((error) => {
    if (!/Approved/.test(error.message)) throw error;
  });
  assert.ok((await oidc.pollDeviceAuthorizationGrant(open, begun)).access_token);
});

await flow("an error is told with its issuer", async () => {
  const address = oidc.buildAuthorizationUrl(confidential, {
    redirect_uri: web.redirect_uri, scope: "sec", state: "s", code_challenge: "x", code_challenge_method: "S256",
  });
  const back = await visit(base, demo.user, address);
  await assert.rejects(
    oidc.authorizationCodeGrant(confidential, back, { expectedState: "s" }),
    (error) => error.error === "invalid_request" || error.error === "invalid_scope",
  );
});
