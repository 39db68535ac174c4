import { mkdirSync, writeFileSync } from "node:fs";
import { writeTrajectoryFile } from "@mclnn/datasets/node";
import { train } from "@mclnn/learning";
import { encodeModel } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { main } from "../../../apps/cli/src/index.ts";
import { callBoard, shareCallBoard } from "../../../apps/cli/src/own-code/calls.ts";
import type { Provocation, Scratch } from "../provocation.ts";
import { springs } from "../samples.ts";

const STATE = {
  masses: [1, 1],
  positions: [
    [0, 0, 0],
    [1.2, 0, 0],
  ],
  velocities: [
    [0, 0.1, 0],
    [0, -0.1, 0],
  ],
};

const prepared = new Map<string, Promise<void>>();

// Potentials of one's own run in this thread too, as if another watched: Node alone cannot start a thread on sources in TypeScript.
shareCallBoard(callBoard());

/** Files that commands are given. */
async function prepare(at: Scratch): Promise<void> {
  const set = springs();
  await writeTrajectoryFile(at("data.npz"), set);
  await writeTrajectoryFile(at("short.npz"), {
    ...set,
    trajectories: 1,
    records: 1,
    times: set.times.slice(0, 1),
    positions: set.positions.slice(0, 9),
    velocities: (set.velocities as Float64Array).slice(0, 9),
  });
  const uneven = set.times.map((t, k) => (k === 1 ? t * 1.5 : t));
  await writeTrajectoryFile(at("uneven.npz"), { ...set, times: uneven });
  const { velocities: _, ...still } = set;
  await writeTrajectoryFile(at("still.npz"), still);
  const perRecord = set.particles * set.dimension;
  const perTrajectory = set.records * perRecord;
  const gone = (x: number, k: number): number => (k % perTrajectory < perRecord ? Number.NaN : x);
  await writeTrajectoryFile(at("startless.npz"), {
    ...set,
    positions: set.positions.map(gone),
    velocities: (set.velocities as Float64Array).map(gone),
    observed: Uint8Array.from({ length: set.trajectories * set.records * set.particles }, (_, k) =>
      k % (set.records * set.particles) < set.particles ? 0 : 1,
    ),
  });
  const law = await train(set, { model: "spline" });
  writeFileSync(at("law.safetensors"), encodeModel(law.model));
  const baseline = await train(set, { model: "lnn", hidden: [2], epochs: 1 });
  writeFileSync(at("baseline.safetensors"), encodeModel(baseline.model));
  writeFileSync(at("start.json"), JSON.stringify(STATE));
  writeFileSync(at("kinds.json"), JSON.stringify({ ...STATE, species: [0, 1] }));
  writeFileSync(at("notes.txt"), "notes");
  writeFileSync(at("three.csv"), "r,energy\n1,x\n");
  writeFileSync(at("broken.mjs"), "export default 5;");
  writeFileSync(at("nan.mjs"), "export default { name: 'nan', energy: () => NaN };");
  mkdirSync(at("folder"));
  writeFileSync(at("folder", "mine.txt"), "mine");
}

/** A word of a command line that is a path in the folder. */
const PATH = /^@/;

/** Runs a command line as a user would, and throws what it prints under `--json`. */
async function run(line: string, at: Scratch): Promise<void> {
  if (!prepared.has(at())) prepared.set(at(), prepare(at));
  await prepared.get(at());
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? "",
  );
  const args = words.map((word) => (PATH.test(word) ? at(...word.slice(1).split("/")) : word));
  let stdout = "";
  const silent = { write: () => undefined };
  const exitCode = await main([...args, "--json"], {
    stdout: {
      write: (text) => {
        stdout += text;
      },
    },
    stderr: silent,
    env: {},
  });
  const { error } = JSON.parse(stdout) as { error?: Record<string, string | null> };
  if (error === undefined) return;
  const { code, message, expected, got, argument, mend } = error;
  const reported = new MclnnError("", {
    code: code as string,
    expected: expected as string,
    got: got as string,
    kind: exitCode === 2 ? "input" : "failure",
    ...(argument === null ? {} : { argument: argument as string }),
    ...(mend === null ? {} : { mend: mend as string }),
  });
  reported.message = message as string;
  throw reported;
}

/** What each command line is refused with; `@` begins a path in a folder with a few files. */
const lines: readonly (readonly [code: string, line: string])[] = [
  ["bad-module", "simulate --potential @broken.mjs --initial @start.json --out @run.npz"],
  ["bad-option", "generate --system gravity --dt -1"],
  ["bad-potential", "simulate --potential log(1-r) --initial @start.json --out @run.npz"],
  ["bad-species", 'simulate --potential "0-x: 1/r" --initial @kinds.json --out @run.npz'],
  ["bad-table", "simulate --potential @three.csv --initial @start.json --out @run.npz"],
  ["bad-time-step", "evaluate --model @law.safetensors --data @data.npz --dt 0.03"],
  ["conflicting-options", "train --data @data.npz --model spline --hidden 5"],
  ["file-exists", "generate --system gravity --out @data.npz"],
  ["file-not-found", "train --data @missing.npz --out @law-2.safetensors"],
  ["folder-not-empty", "evaluate --model @law.safetensors --data @data.npz --out @folder"],
  ["missing-argument", "inspect"],
  ["missing-command", "--quiet"],
  ["missing-law", 'simulate --potential "0-0: 1/r" --initial @kinds.json --out @run.npz'],
  ["missing-option", "train"],
  ["missing-species", 'simulate --potential "0-0: 1/r" --initial @start.json --out @run.npz'],
  ["missing-start", "evaluate --model @law.safetensors --data @startless.npz"],
  ["missing-value", "train --data"],
  ["missing-velocities", "evaluate --model @law.safetensors --data @still.npz"],
  ["no-checkpoint", "train --resume @missing"],
  ["not-a-file", "generate --system gravity --out @folder"],
  ["not-a-folder", "evaluate --model @law.safetensors --data @data.npz --out @notes.txt"],
  ["not-writable", "generate --system gravity --out @notes.txt/data.npz"],
  [
    "package-not-installed",
    "simulate --potential mclnn-potential-none --initial @start.json --out @run.npz",
  ],
  ["too-few-records", "evaluate --model @law.safetensors --data @short.npz"],
  ["too-large", "simulate --system gravity --records 1e9 --out @run.npz"],
  ["uneven-times", "evaluate --model @law.safetensors --data @uneven.npz --dt 0.01"],
  ["unknown-command", "comprae"],
  ["unknown-file", "inspect @notes.txt"],
  ["unknown-format", "law --model @law.safetensors --out @law.doc"],
  ["unknown-option", "train --sed 1"],
  ["unknown-part", "reproduce --only fig8 --out @paper"],
  ["unknown-potential", "simulate --potential lenard-jones --initial @start.json --out @run.npz"],
  ["unreadable-file", "train --data @folder --out @law-2.safetensors"],
  ["usage", "systems gravity"],
  ["wrong-model", "law --model @baseline.safetensors --out @law.csv"],
];

export const cli: readonly Provocation[] = lines.map(([code, line]) => ({
  package: "cli",
  code,
  by: `mclnn ${line.replaceAll(/(^| )@/g, "$1")}`,
  provoke: (at) => run(line, at),
}));
