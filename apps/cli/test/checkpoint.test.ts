import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();
/** A training of 400 iterations that misses its target, so that it ends with 1. */
const TRAINING = () => [
  "train",
  ...["--data", at("data.npz"), "--optimizer", "adam", "--epochs", "400", "--hidden", "4"],
];

beforeAll(async () => {
  const size = ["--trajectories", "4", "--records", "6"];
  await runCli(["generate", "--system", "linear-spring", ...size, "--out", at("data.npz")]);
  await runCli([
    ...["generate", "--system", "linear-spring", "--seed", "101", "--skip", "4"],
    ...[...size, "--out", at("other.npz")],
  ]);
  const { code, stderr } = await runCli([...TRAINING(), "--out", at("whole.safetensors")]);
  expect(code, stderr).toBe(1);
});

/** A training that a time limit stops after its first iterations. @returns its folder */
async function stopped(name: string): Promise<string> {
  const folder = at(name);
  const { code, stderr } = await runCli([
    ...[...TRAINING(), "--checkpoint", folder, "--every", "7", "--time-limit", "0.02"],
    ...["--out", at(`${name}.safetensors`)],
  ]);
  expect(code, stderr).toBe(1);
  return folder;
}

const checkpoints = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.startsWith("checkpoint-"))
    .sort();

describe("a training that is gone on with", () => {
  it("ends with the model and the loss log of one that was not stopped, and two checkpoints", async () => {
    const folder = await stopped("stopped");
    const { code, stdout, stderr } = await runCli(["train", "--resume", folder, "--json"]);
    expect(code, stderr).toBe(1);
    const { checkpoints: kept, iterations, model } = JSON.parse(stdout);
    expect(iterations).toBe(400);
    expect(kept.resumedFrom).toBeGreaterThan(0);
    expect(kept.resumedFrom).toBeLessThan(400);
    expect(stderr).toContain(`from iteration ${kept.resumedFrom}`);
    expect(model).toBe(at("stopped.safetensors"));
    expect(readFileSync(model)).toEqual(readFileSync(at("whole.safetensors")));
    expect(readdirSync(folder).sort()).toEqual([...checkpoints(folder), "loss.csv", "model.json"]);
    expect(checkpoints(folder)).toHaveLength(2);

    const unbroken = at("unbroken");
    await runCli([...TRAINING(), "--checkpoint", unbroken, "--out", at("unbroken.safetensors")]);
    const losses = readFileSync(join(unbroken, "loss.csv"), "utf8");
    expect(readFileSync(join(folder, "loss.csv"), "utf8")).toBe(losses);
    expect(losses).toMatch(/^iteration,loss\n1,0\.\d+\n/);
  });

  it("uses the checkpoint before a damaged one, and says so", async () => {
    const folder = await stopped("damaged");
    const newest = join(folder, checkpoints(folder).at(-1) as string);
    const bytes = readFileSync(newest);
    bytes[bytes.length - 3] = (bytes.at(-3) as number) ^ 1;
    writeFileSync(newest, bytes);
    const { code, stderr } = await runCli(["train", "--resume", folder]);
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/is damaged.*\. The checkpoint before it is used: .*checkpoint-/);
    expect(readFileSync(at("damaged.safetensors"))).toEqual(readFileSync(at("whole.safetensors")));
  });

  it("finds moved data, and writes elsewhere when told", async () => {
    const folder = await stopped("moved");
    copyFileSync(at("data.npz"), at("moved.npz"));
    const { stderr } = await runCli([
      ...["train", "--resume", folder, "--data", at("moved.npz")],
      ...["--out", at("elsewhere.safetensors"), "--epochs", "410"],
    ]);
    expect(stderr).not.toContain("cannot");
    expect(existsSync(at("elsewhere.safetensors"))).toBe(true);
  });

  it("begins with both options where there is none, and goes on where there is", async () => {
    const both = ["--checkpoint", at("both"), "--resume", at("both")];
    const out = ["--out", at("both.safetensors")];
    await runCli([...TRAINING(), ...both, "--every", "7", "--time-limit", "0.02", ...out]);
    const { stderr } = await runCli([...TRAINING(), ...both, ...out]);
    expect(stderr).toContain("Going on in");
    expect(readFileSync(at("both.safetensors"))).toEqual(readFileSync(at("whole.safetensors")));
  });
});

describe("refuses", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await stopped("refusals");
    mkdirSync(at("empty"));
  });
  const rows: [string, () => string[], object][] = [
    [
      "to go on with other data",
      () => ["train", "--resume", folder, "--data", at("other.npz")],
      { code: "wrong-data", argument: "--data" },
    ],
    [
      "another seed on the way",
      () => ["train", "--resume", folder, "--seed", "7"],
      { code: "conflicting-options", argument: "--seed", got: "7" },
    ],
    [
      "an option that the training began without",
      () => ["train", "--resume", folder, "--learning-rate", "0.5"],
      { code: "conflicting-options", argument: "--learning-rate" },
    ],
    [
      "to begin where a training is",
      () => [...TRAINING(), "--checkpoint", folder, "--out", at("new.safetensors")],
      { code: "checkpoints-exist", argument: "--checkpoint" },
    ],
    [
      "to go on with nothing",
      () => ["train", "--resume", at("empty")],
      { code: "no-checkpoint", argument: "--resume" },
    ],
    [
      "--every without a folder",
      () => [...TRAINING(), "--every", "3"],
      { code: "conflicting-options", argument: "--every" },
    ],
    [
      "a file for a folder",
      () => [...TRAINING(), "--checkpoint", at("data.npz")],
      { code: "not-a-folder", argument: "--checkpoint" },
    ],
  ];
  it.each(rows)("%s, and leaves the folder as it was", async (_, args, error) => {
    const before = checkpoints(folder);
    const { code, stdout } = await runCli([...args(), "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error });
    expect(checkpoints(folder)).toEqual(before);
    expect(readdirSync(at("empty"))).toEqual([]);
  });

  it("to replace a model that it did not write", async () => {
    const own = await stopped("foreign");
    writeFileSync(at("foreign.safetensors"), "somebody's");
    const { code, stdout } = await runCli(["train", "--resume", own, "--json"]);
    expect([code, JSON.parse(stdout).error.code]).toEqual([2, "file-exists"]);
    expect(readFileSync(at("foreign.safetensors"), "utf8")).toBe("somebody's");
  });

  it("two damaged checkpoints, naming the newest", async () => {
    const own = await stopped("ruined");
    for (const name of checkpoints(own)) writeFileSync(join(own, name), "ruined");
    const { code, stdout } = await runCli(["train", "--resume", own, "--json"]);
    const { error } = JSON.parse(stdout);
    expect([code, error.code]).toEqual([2, "bad-safetensors"]);
    expect(error.message).toContain(checkpoints(own).at(-1));
    rmSync(own, { recursive: true });
  });

  it("data that cannot be read, before there is a folder", async () => {
    const { code } = await runCli(["train", "--data", at("none.npz"), "--checkpoint", at("never")]);
    expect(code).toBe(2);
    expect(existsSync(at("never"))).toBe(false);
  });
});
