import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { callBoard } from "../src/own-code/calls.ts";
import { watchCalls } from "../src/own-code/watch.ts";
import { scratchFolder, spawnCli, startCli } from "./run-cli.ts";

const at = scratchFolder();

const MODULES: Record<string, string> = {
  "hangs-at-import.mjs": "for (;;);",
  "never-loaded.mjs": "await new Promise(() => {}); export default {};",
  "ends-program.mjs": "process.exit(0);",
  "throws-later.mjs":
    "setTimeout(() => { throw new Error('later'); }, 5); await new Promise((go) => setTimeout(go, 5000)); export default {};",
  // Sound when it is checked; after a while a call does not come back.
  "hangs-later.mjs": `let calls = 0;
    const count = () => { while (++calls > 20000); };
    export default { name: "late", energy: (r) => (count(), 0.5 * (r - 1) ** 2), slope: (r) => (count(), r - 1) };`,
  "talks.ts": `console.log("at import");
    export default { name: "spring" as string, energy: (r: number): number => 0.5 * (r - 1) ** 2, slope: (r: number) => r - 1 };`,
};

beforeAll(() => {
  for (const [name, source] of Object.entries(MODULES)) writeFileSync(at(name), source);
  const state = {
    masses: [1, 1],
    positions: [
      [0, 0],
      [1.2, 0],
    ],
    velocities: [
      [0, 0.1],
      [0, -0.1],
    ],
  };
  writeFileSync(at("start.json"), JSON.stringify(state));
});

const small = ["--rollout-records", "200", "--lnn-points", "100", "--lnn-epochs", "3"];

describe("code of one's own that does not come back is ended after --potential-timeout: exit code 2, nothing left behind", () => {
  it.each([
    ["simulate", "hangs-at-import.mjs", [], "potential-timeout", /loading .* does not end/],
    ["simulate", "never-loaded.mjs", [], "potential-timeout", /loading .* does not end/],
    [
      "simulate",
      "hangs-later.mjs",
      [],
      "potential-timeout",
      /slope\(r\) of .* never returns: .* at r = [01]\.\d+/,
    ],
    [
      "compare, in several",
      "hangs-later.mjs",
      ["--threads", "2", ...small],
      "potential-timeout",
      /never returns/,
    ],
    ["simulate", "ends-program.mjs", [], "bad-module", /ended the program/],
    ["simulate", "throws-later.mjs", [], "bad-module", /got Error: later/],
  ])("%s: %s", async (what, module, args, code, message) => {
    const before = readdirSync(at()).sort();
    const began = performance.now();
    const ended = await spawnCli(
      [
        what.split(",")[0] as string,
        "--potential",
        module,
        "--initial",
        "start.json",
        ...args,
        "--out",
        "new/folder/out",
        "--json",
        "--potential-timeout",
        "0.7",
      ],
      { cwd: at() },
    );
    expect(performance.now() - began).toBeLessThan(9000);
    expect(ended.code, ended.stderr).toBe(2);
    const { error } = JSON.parse(ended.stdout) as { error: { code: string; message: string } };
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(readdirSync(at()).sort()).toEqual(before);
  });
});

it("what own code prints goes to standard error, and the result is as ever", async () => {
  const { code, stdout, stderr } = await spawnCli(
    [
      "simulate",
      "--potential",
      "talks.ts",
      "--initial",
      "start.json",
      "--records",
      "20",
      "--json",
      "--out",
      "talk.npz",
    ],
    { cwd: at() },
  );
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ records: 20 });
  expect(stderr).toMatch(/^at import\n/);
});

it("Ctrl-C reaches a command that runs own code: 130, with the records so far", async () => {
  const { process: child, ended } = startCli(
    [
      "simulate",
      "--potential",
      "talks.ts",
      "--initial",
      "start.json",
      "--records",
      "5000000",
      "--out",
      "long.npz",
    ],
    { cwd: at() },
  );
  // It says so when it is loaded; a moment later the run is under way.
  child.stderr?.once("data", () => setTimeout(() => child.kill("SIGINT"), 1200));
  const { code, stderr } = await ended;
  expect(code, stderr).toBe(130);
  expect(stderr).toMatch(/Interrupted; [\d,]+ records are in long\.npz/);
  expect(existsSync(at("long.npz"))).toBe(true);
});

it("a watch tells a call that takes long from many that do not, by the time it is given", () => {
  const board = callBoard();
  const look = watchCalls(board, 1000);
  Atomics.store(board.counts, 0, 2);
  const { counts, asked, separations } = board;
  counts[1] = 7;
  counts[2] = 3;
  asked[2] = 2;
  separations[2] = 1.25;
  expect(look(0)).toBeNull();
  counts[1] = 9;
  expect(look(900)).toBeNull();
  expect(look(1001)).toEqual({ question: "slope", r: 1.25 });
  counts[2] = 4;
  expect(look(1850)).toBeNull();
  // Out of its call: it may rest as long as it likes.
  counts[1] = 10;
  expect(look(2000)).toBeNull();
  expect(look(90000)).toBeNull();
});
