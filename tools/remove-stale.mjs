// Run in a package after its build: takes away what an earlier build made of sources that are gone, before it is cached or published.
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

const dist = path.resolve("dist");
const source = (/** @type {string} */ file) =>
  path.join("src", file.replace(/(\.d\.ts|\.js)(\.map)?$/, ".ts"));
for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  if (/(\.d\.ts|\.js)(\.map)?$/.test(file) && !existsSync(source(file)))
    rmSync(path.join(dist, file));
}
