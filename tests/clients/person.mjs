// A user with a browser without JavaScript: keeps cookies, signs in, consents.

/** Opens a URL and completes its pages until the browser is redirected elsewhere. Returns that URL. */
export async function visit(base, person, address, cookies = new Map()) {
  let request = { url: new URL(address), options: {} };
  for (let step = 0; step < 20; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...request.options.headers, cookie };
    const response = await fetch(request.url, { ...request.options, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [pair] = line.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const refresh = response.headers.get("refresh")?.match(/^0; url=(.*)$/)?.[1];
    if (response.status === 303 || refresh) {
      const next = new URL(refresh ?? response.headers.get("location"), request.url);
      if (next.origin !== base) return next;
      request = { url: next, options: {} };
      continue;
    }
    const page = await response.text();
    if (!response.ok) throw new Error(`${response.status} at ${request.url}: ${page}`);
    request = answer(request.url, page, person);
  }
  throw new Error("no end of pages");
}

function answer(url, page, person) {
  for (const [form, entered] of [
    ["/signin", { login: person.login, password: person.password }],
    ["/id/connect/authorize/decide", { decision: "allow" }],
    ["/device/decide", { decision: "approve" }],
    ["/requests/decide", { decision: "approve" }],
    ["/id/connect/endsession/confirm", {}],
  ]) {
    const found = page.match(new RegExp(`<form[^>]*action="${form}"[\\s\\S]*?</form>`));
    if (found) {
      const fields = inputs(found[0]).filter(([name]) => !(name in entered));
      const body = new URLSearchParams([...fields, ...Object.entries(entered)]);
      return { url: new URL(form, url), options: { method: "POST", body } };
    }
  }
  throw new Error(`nothing to do at ${url}: ${page}`);
}

/** Returns the fields of a form: hidden inputs and checked boxes. */
function inputs(form) {
  const attribute = (tag, name) => tag.match(new RegExp(` ${name}="([^"]*)"`))?.[1];
  return (form.match(/<input[^>]*>/g) ?? [])
    .filter((tag) => attribute(tag, "type") === "hidden" || / checked/.test(tag))
    .map((tag) => [attribute(tag, "name"), unescape(attribute(tag, "value") ?? "")]);
}

function unescape(text) {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
}
