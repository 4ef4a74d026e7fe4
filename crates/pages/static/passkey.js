// Asks the browser for a passkey when a form says so, and sends what it answers. Without this script the forms stay hidden.
const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function ask(form) {
  const { passkey, rp, user, login, known } = form.dataset;
  const challenge = decode(form.elements.challenge.value);
  if (passkey === "get") {
    return navigator.credentials.get({ publicKey: { challenge, rpId: rp, userVerification: "required" } });
  }
  return navigator.credentials.create({
    publicKey: {
      challenge,
      rp: { id: rp, name: "Grantor" },
      user: { id: decode(user), name: login, displayName: login },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      excludeCredentials: known.split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: decode(id) })),
      attestation: "none",
    },
  });
}

async function send(form) {
  const status = form.querySelector("[role=status]");
  try {
    const { id, response } = await ask(form);
    form.elements.credential.value = id;
    form.elements.client_data.value = encode(response.clientDataJSON);
    form.elements.authenticator_data.value = encode(response.authenticatorData ?? response.getAuthenticatorData());
    form.elements.signature.value = response.signature ? encode(response.signature) : "";
    form.submit();
  } catch {
    status.textContent = "No passkey was used.";
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}
