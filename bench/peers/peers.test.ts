import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sameAs } from "../speed/judges.ts";
import { adjointGradient } from "../speed/measurements/adjoint-gradient.ts";
import { gaussNewton } from "../speed/measurements/gauss-newton.ts";
import { networkBatch } from "../speed/measurements/network-batch.ts";
import { createProblems } from "../speed/problems.ts";
import { cPeers } from "./c/peer.ts";
import { Cast } from "./cast.ts";
import { peers } from "./catalogue.ts";
import type { Peer } from "./peer.ts";
import { PeerProgram } from "./program.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mclnn-peers-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A program in JavaScript, run by this Node. @param answer - what it does with a request: the body of (work, times, folder, name) => text */
function scripted(answer: string, hello = `'{"versions":{"script":"1"}}'`) {
  const script = `
    const fs = require("node:fs"), path = require("node:path");
    const [folder, name] = process.argv.slice(1);
    console.log(${hello});
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const [work, times] = line.split(" ");
      console.log(((work, times) => { ${answer} })(work, Number(times)));
    });`;
  return { command: process.execPath, args: ["-e", script] };
}

/** Says that it took so long, and gives these numbers. */
const result = (numbers: string): string => `
  fs.writeFileSync(path.join(folder, name + ".f64"), new Uint8Array(new Float64Array(${numbers}).buffer));
  return JSON.stringify({ seconds: new Array(times).fill(0.25), result: name + ".f64" });`;

describe("a program", () => {
  it("tells its versions, and answers with times and numbers", async () => {
    const program = await PeerProgram.start("good", scripted(result("[1, 2.5]")), folder);
    expect(program.versions).toEqual({ script: "1" });
    const { seconds, result: file } = await program.run("network-batch", 2);
    expect(seconds).toEqual([0.25, 0.25]);
    expect(Array.from(await program.read(file))).toEqual([1, 2.5]);
    program.stop();
  });

  it.each([
    ["ends", "process.stderr.write('no such module\\n'); process.exit(3)", /got no such module/],
    ["speaks no JSON", "return 'hello'", /expected a line of JSON, got hello/],
    ["says that it cannot", `return '{"error":"too large"}'`, /got too large/],
    ["forgets its result", `return '{"seconds":[1]}'`, /expected 1 times and a result/],
  ])("that %s is a failure that says so", async (_, answer, message) => {
    const program = await PeerProgram.start("bad", scripted(answer), folder);
    await expect(program.run("adjoint-gradient", 1)).rejects.toThrow(message);
    program.stop();
  });

  it("that cannot be started is a failure too", async () => {
    await expect(
      PeerProgram.start("none", { command: path.join(folder, "none"), args: [] }, folder),
    ).rejects.toThrow(/the peer none failed/);
  });
});

describe("a cast", () => {
  const peer = (name: string, changes: Partial<Peer>): Peer => ({
    name,
    title: name,
    works: { "network-batch": 1e-3 },
    install: `get ${name}`,
    prepare: async () => scripted(result("[1, 2]")),
    ...changes,
  });

  it("gives times only of peers whose result is right, and says what is wrong with the others", async () => {
    const said: string[] = [];
    const cast = new Cast({
      peers: [
        peer("right", {}),
        peer("nearly", { prepare: async () => scripted(result("[1, 2.001]")) }),
        peer("wrong", { prepare: async () => scripted(result("[1, 2.1]")) }),
        peer("missing", { prepare: async () => ({ missing: "no compiler" }) }),
        peer("idle", { works: {} }),
      ],
      problems: createProblems(true),
      python: "python3",
      folder,
      say: (text) => said.push(text),
    });
    const { ready, absent } = await cast.contenders("network-batch", sameAs([1, 2]));
    expect(ready.map(({ who, note }) => [who, note])).toEqual([
      ["right", "the same numbers"],
      ["nearly", "differs by 5.0e-4 (at most 1e-3)"],
    ]);
    expect(await ready[0]?.run(2)).toEqual([0.25, 0.25]);
    expect(absent.map(({ who, note }) => [who, note])).toEqual([
      ["wrong", "no time: differs by 5.0e-2 (at most 1e-3)"],
      ["missing", "no compiler (get missing)"],
    ]);
    expect(said).toEqual(["missing: no compiler; to install: get missing"]);
    expect(await cast.versions()).toEqual({
      right: { script: "1" },
      nearly: { script: "1" },
      wrong: { script: "1" },
    });
    await cast.stop();
  });

  it("writes all that peers work on: sizes, shapes, numbers", async () => {
    const { sizes, arrays } = JSON.parse(await readFile(path.join(folder, "problem.json"), "utf8"));
    expect(sizes).toMatchObject({ trajectories: 5, records: 5, pairs: 3, "spline-size": 15 });
    for (const [name, { type, shape }] of Object.entries<{ type: string; shape: number[] }>(
      arrays,
    )) {
      const bytes = (await readFile(path.join(folder, `${name}.${type}`))).length;
      expect(bytes, name).toBe(shape.reduce((a, b) => a * b, type === "f64" ? 8 : 4));
    }
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

/** Whether a program of that name is to be had. */
const has = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

describe.skipIf(!has("cc"))("the C program", () => {
  it("gives our numbers bit for bit where nothing is fused", async () => {
    const problems = createProblems(true);
    const said: string[] = [];
    const cast = new Cast({
      peers: cPeers.filter(({ name }) => name === "c" || name === "c-128"),
      problems,
      python: "python3",
      folder: path.join(folder, "c"),
      say: (text) => said.push(text),
    });
    const bench = { quick: true, folder, say: () => {}, problems, peers: cast };
    for (const measurement of [gaussNewton, adjointGradient, networkBatch]) {
      const { times } = await measurement.measure(bench);
      const c = times.filter(({ who }) => who.startsWith("C,"));
      expect(c.length).toBeGreaterThan(0);
      for (const { note } of c) expect(note).toBe("the same numbers");
    }
    await cast.stop();
    expect(said).toEqual([]);
  });
});

describe("folders of peers", () => {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());

  it.each(folders.map(({ name }) => name))("%s says what it is, and pins what it needs", (name) => {
    const at = (file: string): string => path.join(here, name, file);
    const readme = readFileSync(at("README.md"), "utf8");
    expect(readme.trim().split("\n")).toHaveLength(2);
    expect(readme).toContain("pnpm bench --peers");
    if (existsSync(at("requirements.txt")))
      for (const line of readFileSync(at("requirements.txt"), "utf8").trim().split("\n"))
        expect(line).toMatch(/^[a-z]+==\d+(\.\d+)+$/);
    if (existsSync(at("package.json"))) {
      const { dependencies, private: own } = JSON.parse(readFileSync(at("package.json"), "utf8"));
      expect(own).toBe(true);
      for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
});
