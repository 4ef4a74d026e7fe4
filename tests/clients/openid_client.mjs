// Every flow through npm's openid-client, unmodified.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import * as jose from "jose";
import * as oidc from "openid-client";
import { visit } from "./person.mjs";

const base = process.env.BASE;
const demo = JSON.parse(await readFile(process.env.DEMO, "utf8"));
const { web, native, service } = demo.applications;
const execute = [oidc.allowInsecureRequests];
const discover = (application, metadata, auth) =>
  oidc.discovery(new URL(`${base}/id`), application.client_id, metadata, auth, { execute });

/** Starts a sign-in, completes it as the user, and exchanges the code. */
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
  const back = await visit(base, demo.user, address, options.cookies);
  return oidc.authorizationCodeGrant(
    config,
    back,
    { pkceCodeVerifier, expectedState, expectedNonce },
    undefined,
    options.dpop ? { DPoP: options.dpop } : undefined,
  );
}

/** Registers a client; returns it in the format of demo.json. */
async function register(clientId, metadata) {
  const query = `mutation($input: APIApplicationCreateMutationInput!) { apiApplicationCreate(input: $input) { clientSecret } }`;
  const input = {
    clientId, name: clientId, clientType: "CONFIDENTIAL", scopes: ["openid", "read"], redirectUris: [web.redirect_uri], metadata,
  };
  const headers = { authorization: `Bearer ${demo.admin.pat}`, "content-type": "application/json" };
  const answer = await fetch(`${base}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables: { input } }) });
  const { clientSecret } = (await answer.json()).data.apiApplicationCreate;
  return { client_id: clientId, client_secret: clientSecret, redirect_uri: web.redirect_uri };
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

await flow("asking a person on a device of their own", async () => {
  const centre = await register("call-centre", { backchannel_token_delivery_mode: "poll" });
  const config = await discover(centre, centre.client_secret);
  const asked = await oidc.initiateBackchannelAuthentication(config, {
    scope: "openid read", login_hint: demo.user.login, binding_message: "W4SCT",
  });
  await visit(base, demo.user, `${base}/requests`).catch((error) => {
    if (!/Approved\./.test(error.message)) throw error;
  });
  const tokens = await oidc.pollBackchannelAuthenticationGrant(config, asked);
  assert.deepEqual(tokens.claims().amr, ["pwd"]);
});

await flow("a sign-out is told", async () => {
  let tell;
  const told = new Promise((resolve) => { tell = resolve; });
  const listener = createServer((request, response) => {
    let body = "";
    request.on("data", (some) => { body += some; });
    request.on("end", () => {
      response.end();
      tell(new URLSearchParams(body).get("logout_token"));
    });
  });
  await new Promise((resolve) => { listener.listen(0, "127.0.0.1", resolve); });
  const uri = `http://127.0.0.1:${listener.address().port}/out`;
  const board = await register("told-board", { backchannel_logout_uri: uri });
  const config = await discover(board, board.client_secret);
  assert.equal(config.serverMetadata().backchannel_logout_session_supported, true);
  const cookies = new Map();
  const tokens = await signIn(config, board, "openid", { cookies });
  const address = oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token });
  await visit(base, demo.user, address, cookies).catch((error) => {
    if (!/You are signed out/.test(error.message)) throw error;
  });
  const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
  const { payload } = await jose.jwtVerify(await told, keys, {
    issuer: `${base}/id`, audience: "told-board", typ: "logout+jwt", requiredClaims: ["iat", "exp", "jti", "events", "sub"],
  });
  listener.close();
  assert.equal(payload.sid, tokens.claims().sid);
  assert.equal(payload.sub, tokens.claims().sub);
  assert.ok(payload.events["http://schemas.openid.net/event/backchannel-logout"]);
});
