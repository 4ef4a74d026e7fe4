// Generates TypeScript from the metadata with odata2ts, compiles it strictly with a program that uses it, and runs that.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const tool = (name) => join(folder, "..", "node_modules", ".bin", name);
const run = (name, ...args) => execFileSync(name, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] }).toString();

const metadata = await fetch(`${process.env.BASE}/api/domain/odata/$metadata`);
writeFileSync(join(folder, "metadata.xml"), await metadata.text());
// The generated files are CommonJS.
writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }');
const compilerOptions = { target: "ES2022", module: "CommonJS", moduleResolution: "Node10", esModuleInterop: true, strict: true, skipLibCheck: true, outDir: "built", types: ["node"] };
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["odata2ts_use.ts"] }));
run(tool("odata2ts"), "-s", "metadata.xml", "-o", "generated", "--service-name", "grantor", "-e", "ts");
console.log("ok generates");
run(tool("tsc"), "-p", ".");
console.log("ok compiles");
process.stdout.write(run("node", join("built", "odata2ts_use.js")));
