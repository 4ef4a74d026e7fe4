// Opens a page with the OData V4 model of UI5, served unbundled from another origin, in Chromium.
import { spawn } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const resources = [folder, join(folder, "..")]
  .map((start) => join(start, "node_modules/@openui5/sap.ui.core/src"))
  .find((path) => existsSync(path));
const { BASE, DEMO } = process.env;
const pat = JSON.parse(readFileSync(DEMO, "utf8")).admin.pat;
const page = `<!DOCTYPE html><title>UI5</title>
<script>window.registry = ${JSON.stringify({ base: BASE, pat })};
const report = (error) => fetch("/result", { method: "POST", body: JSON.stringify({ done: [], error }) });
window.addEventListener("error", (event) => report(String(event.message ?? event.target.src)), true);
window.addEventListener("unhandledrejection", (event) => report(String(event.reason)));</script>
<script src="/resources/ui5loader.js"></script>
<script id="sap-ui-bootstrap" src="/resources/ui5loader-autoconfig.js" data-sap-ui-async="true" data-sap-ui-resource-roots="{}"></script>
<script src="/page.js"></script>`;
const types = { js: "text/javascript", json: "application/json", html: "text/html", properties: "text/plain" };

const outcome = new Promise((resolve) => {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    if (request.method === "POST" && path === "/result") {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        response.end();
        resolve(JSON.parse(body));
      });
      return;
    }
    if (path === "/") return response.writeHead(200, { "content-type": "text/html" }).end(page);
    const file = path === "/page.js" ? join(folder, "ui5_page.js") : join(resources, path.replace(/^\/resources/, ""));
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[file.split(".").pop()] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  server.listen(0, "127.0.0.1", () => {
    const profile = mkdtempSync(join(tmpdir(), "ui5-"));
    const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", `--user-data-dir=${profile}`];
    const browser = spawn("chromium", [...options, `http://127.0.0.1:${server.address().port}/`], { stdio: "ignore" });
    const end = (found) => {
      browser.kill("SIGKILL");
      server.close();
      setTimeout(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }), 200);
      return found;
    };
    setTimeout(() => resolve({ done: [], error: "the page did not answer within 60 seconds" }), 60_000).unref();
    outcome.then(end);
  });
});

const { done, error } = await outcome;
for (const flow of done) console.log(`ok ${flow}`);
if (error) {
  console.error(error);
  process.exitCode = 1;
}
setTimeout(() => process.exit(), 500).unref();
