import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measurements } from "../speed/catalogue.ts";
import { sameAs } from "../speed/measurement.ts";
import { createProblems } from "../speed/problems.ts";
import { Cast } from "./cast.ts";
import { peers } from "./catalogue.ts";
import type { Peer } from "./peer.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mclnn-peers-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A program in JavaScript, run by this Node. @param answer - what it does with a request: the body of (times, folder, name) => text */
function scripted(answer: string) {
  const script = `
    const fs = require("node:fs"), path = require("node:path");
    const [folder, name] = process.argv.slice(1);
    console.log('{"versions":{"script":"1"}}');
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const times = Number(line.split(" ")[1]);
      console.log((() => { ${answer} })());
    });`;
  return async () => ({ command: process.execPath, args: ["-e", script] });
}

/** Says that it took so long, and gives these numbers. */
const gives = (numbers: string) =>
  scripted(`
    fs.writeFileSync(path.join(folder, name + ".f64"), new Uint8Array(new Float64Array(${numbers}).buffer));
    return JSON.stringify({ seconds: new Array(times).fill(0.25), result: name + ".f64" });`);

describe("a cast", () => {
  const ROWS: readonly [name: string, prepare: Peer["prepare"], outcome: RegExp][] = [
    ["right", gives("[1, 2]"), /^the same numbers$/],
    ["nearly", gives("[1, 2.001]"), /^differs by 5.0e-4 \(at most 1e-3\)$/],
    ["wrong", gives("[1, 2.1]"), /^no time: differs by 5.0e-2 \(at most 1e-3\)$/],
    ["missing", async () => ({ missing: "no compiler" }), /^no compiler \(get missing\)$/],
    ["ends", scripted("console.error('no such module'); process.exit(3)"), /got no such module/],
    ["no JSON", scripted("return 'hello'"), /expected a line of JSON, got hello/],
    ["cannot", scripted(`return '{"error":"too large"}'`), /got too large/],
    ["forgets", scripted(`return '{"seconds":[1]}'`), /expected 1 times and a result/],
    [
      "none",
      async () => ({ command: path.join(folder, "none"), args: [] }),
      /the peer none failed/,
    ],
  ];

  it("gives times only of peers whose result is right, says what is wrong with the others, and writes what they work on", async () => {
    const cast = new Cast({
      peers: ROWS.map(([name, prepare]) => ({
        ...{ name, title: name, works: { "network-batch": 1e-3 }, install: `get ${name}`, prepare },
      })),
      ...{ problems: createProblems(true), python: "python3", folder, say: () => {} },
    });
    const { ready, absent } = await cast.contenders("network-batch", sameAs([1, 2]));
    expect(ready.map(({ who }) => who)).toEqual(["right", "nearly"]);
    for (const [k, { who, note }] of [...ready, ...absent].entries()) {
      expect(who).toBe(ROWS[k][0]);
      expect(note).toMatch(ROWS[k][2]);
    }
    expect(await ready[0].run(2)).toEqual([0.25, 0.25]);
    expect(await cast.versions()).toMatchObject({ right: { script: "1" }, wrong: { script: "1" } });
    await cast.stop();
    const { sizes, arrays } = JSON.parse(await readFile(path.join(folder, "problem.json"), "utf8"));
    expect(sizes).toMatchObject({ trajectories: 5, records: 5, pairs: 3, "spline-size": 15 });
    expect(Object.keys(arrays).length).toBeGreaterThan(20);
    expect(await readFile(path.join(folder, "sizes.txt"), "utf8")).toContain("trajectories 5\n");
  });
});

it("every peer has a name of its own, work to do, and one line that installs it", () => {
  expect(new Set(peers.map(({ name }) => name)).size).toBe(peers.length);
  expect(new Set(peers.map(({ title }) => title)).size).toBe(peers.length);
  for (const { works, install } of peers) {
    expect(Object.keys(works)).not.toHaveLength(0);
    expect(install).toMatch(/^.{5,150}$/);
  }
});

it("each folder of a peer says what it is, and pins what it needs", () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true });
  for (const { name } of folders.filter((entry) => entry.isDirectory())) {
    const read = (file: string): string => {
      const at = path.join(import.meta.dirname, name, file);
      return existsSync(at) ? readFileSync(at, "utf8").trim() : "";
    };
    expect(read("README.md").split("\n")).toHaveLength(2);
    expect(read("README.md")).toContain("pnpm bench --peers");
    for (const line of read("requirements.txt").split("\n").filter(Boolean))
      expect(line).toMatch(/^[a-z]+==\d+(\.\d+)+$/);
    const { dependencies = {} } = JSON.parse(read("package.json") || "{}");
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

/** Whether a program of that name is to be had. */
const has = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

it.skipIf(!has("cc"))(
  "the C program gives our numbers bit for bit where nothing is fused",
  async () => {
    const problems = createProblems(true);
    const said: string[] = [];
    const own = path.join(folder, "c");
    const chosen = peers.filter(({ name }) => name === "c" || name === "c-128");
    const say = (text: string) => void said.push(text);
    const cast = new Cast({ peers: chosen, problems, python: "python3", folder: own, say });
    const bench = { quick: true, folder, say: () => {}, problems, peers: cast };
    for (const { name, measure } of measurements) {
      if (!["gauss-newton", "adjoint-gradient", "network-batch"].includes(name)) continue;
      const { times } = await measure(bench);
      const c = times.filter(({ who }) => who.startsWith("C,"));
      expect(c.length).toBeGreaterThan(0);
      for (const { note } of c) expect(note).toBe("the same numbers");
    }
    await cast.stop();
    expect(said).toEqual([]);
  },
);
