import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { decodeTrajectorySet, encodeNpz } from "@mclnn/datasets";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();
const SAMPLES = path.join(import.meta.dirname, "../../../packages/datasets/test/fixtures/formats");
const sample = (name: string): string => path.join(SAMPLES, name);

/** What a command answers under --json, and says on standard error. */
async function json(
  ...args: string[]
): Promise<{ code: number | null; said: string; out: Record<string, never> }> {
  const { code, stdout, stderr } = await runCli([...args, "--json"]);
  return { code, said: stderr, out: JSON.parse(stdout) };
}
const error = async (...args: string[]): Promise<Record<string, string>> => {
  const { code, out } = await json(...args);
  expect(code).toBe(2);
  return out.error as never;
};

beforeAll(() => {
  const spring = Array.from({ length: 60 }, (_, k) => {
    const x = 0.5 + 0.3 * Math.cos(Math.SQRT2 * 0.1 * k);
    return `${k},1,${x},0\n${k},2,${-x},0\n`;
  });
  writeFileSync(at("tracks.csv"), `frame,particle,x,y\n${spring.join("")}`);
});

describe("inspect", () => {
  it("says what files of others hold, and what train will do", async () => {
    const { out, said } = await json("inspect", sample("wrapped-noflags.dump"));
    const L = 3.3647817314799484;
    expect(out).toMatchObject({
      ...{ format: "LAMMPS dump", kind: "trajectories", trajectories: 1, records: 5 },
      ...{ particles: 32, dimension: 3, times: { first: 0, last: 100, spacing: 25 } },
      box: [
        [L, 0, 0],
        [0, L, 0],
        [0, 0, L],
      ],
      ...{
        periodic: [true, true, true],
        wrapped: true,
        velocities: "given",
        species: 1,
        digits: 6,
      },
      train: expect.stringContaining("without --dt, the time of one step"),
    });
    // What reading noted, and the jumps from edge to edge.
    expect(out.remarks).toHaveLength(5);
    expect(said.trim().split("\n")).toHaveLength(4);
  });

  it("in words", async () => {
    const { stdout } = await runCli(["inspect", sample("deeplabcut.csv"), "--fps", "50"]);
    expect(stdout).toMatch(/format +table of tracks\n/);
    expect(stdout).toMatch(/missing +1 of 16 observations\n/);
    expect(stdout).toMatch(/train +learns a pair law from positions alone/);
  });

  it("takes a pattern for frames in files of their own, by their steps", async () => {
    const text = readFileSync(sample("unwrapped-17digits-time-units.dump"), "utf8");
    const frames = text.split(/(?=ITEM: TIME\n)/).slice(1);
    frames.forEach((frame, k) => {
      writeFileSync(at(`dump.${"dacbe"[k]}.lammpstrj`), frame);
    });
    const { out } = await json("inspect", at("dump.*.lammpstrj"));
    expect(out).toMatchObject({ records: 5, times: { first: 2, spacing: expect.closeTo(0.1, 9) } });
    expect(await error("inspect", at("dump.*.none"))).toMatchObject({ code: "file-not-found" });
  });
});

describe("train", () => {
  it("learns in a periodic box, up to half of it", async () => {
    const args = ["train", "--data", sample("argon-metal.dump"), "--out", at("law.safetensors")];
    expect(await error(...args, "--cutoff", "99")).toMatchObject({
      ...{ code: "bad-cutoff", argument: "cutoff" },
      expected: expect.stringContaining("half the least width of the box"),
    });
    expect(await error(...args, "--cutoff", "far")).toMatchObject({ argument: "--cutoff" });
    expect(await error(...args, "--box", "1,2")).toMatchObject({ code: "bad-box" });
    expect(await error(...args, "--model", "lnn")).toMatchObject({ code: "periodic-box" });
  });

  it("asks for the time of a step where there are velocities, and says which fits", async () => {
    const args = [
      "train",
      "--data",
      sample("wrapped-flags-unsorted-6digits.dump"),
      "--box",
      "none",
    ];
    expect(await error(...args)).toMatchObject({
      ...{ code: "missing-times", argument: "--dt" },
      mend: expect.stringMatching(/fit --dt 0\.004\d*\./),
    });
  });

  it("learns from a table as from our own file", async () => {
    const out = at("law.safetensors");
    const { code, stderr } = await runCli([
      ...["train", "--data", at("tracks.csv"), "--fps", "10", "--model", "spline", "--out", out],
    ]);
    expect(code, stderr).toBe(0);
    await runCli(["law", "--model", out, "--out", at("law.json")]);
    const law = JSON.parse(readFileSync(at("law.json"), "utf8")) as {
      r: number[];
      slope: number[];
    };
    const middle = law.r.findIndex((r) => r > 1);
    expect(law.slope[middle]).toBeCloseTo(law.r[middle] - 1, 3);
  });

  it("refuses options that the file has no use for", async () => {
    const args = ["train", "--data", at("tracks.csv"), "--fps", "10", "--axes", "record,particle"];
    expect(await error(...args)).toMatchObject({ code: "conflicting-options", argument: "--axes" });
    expect(await error("inspect", at("tracks.csv"), "--mass", "1=2,7=3")).toMatchObject({
      code: "bad-format",
      got: "one of 7",
    });
  });
});

describe("convert", () => {
  it.each(["npz", "extxyz", "csv", "tsv"])("to .%s and back, all bits", async (ending) => {
    const [there, back] = [at(`c.${ending}`), at(`back-${ending}.npz`)];
    await runCli(["convert", at("tracks.csv"), at("ours.npz"), "--fps", "10", "--force"]);
    expect((await json("convert", at("ours.npz"), there)).out).toMatchObject({ records: 60 });
    expect((await runCli(["convert", there, back])).code).toBe(0);
    const [a, b] = ["ours.npz", `back-${ending}.npz`].map((name) =>
      decodeTrajectorySet(readFileSync(at(name))),
    );
    const flat = ending === "extxyz" ? b.positions.filter((_, k) => k % 3 < 2) : b.positions;
    expect([...flat]).toEqual([...a.positions]);
    expect([...b.times]).toEqual([...a.times]);
  });

  it("says what a format leaves out, and refuses endings that are none", async () => {
    const { said } = await json("convert", at("tracks.csv"), at("p.npy"), "--fps", "10");
    expect(said).toContain("leaves out all but positions");
    expect(await error("convert", at("tracks.csv"), at("p.doc"))).toMatchObject({
      code: "unknown-format",
      argument: "out",
    });
  });

  it("takes masses from a data file", async () => {
    cpSync(sample("triclinic-unwrapped.dump"), at("t.dump"));
    const args = ["--lammps-data", sample("triclinic.data"), "--dt", "0.002"];
    await runCli(["convert", at("t.dump"), at("t.npz"), ...args]);
    const set = decodeTrajectorySet(readFileSync(at("t.npz")));
    expect([...new Set(set.masses)]).toEqual([1, 2.5]);
    expect(set.periodic).toEqual(Uint8Array.of(1, 1, 1));
  });

  it("a box in NPZ has to be one", async () => {
    const set = {
      positions: { shape: [1, 1, 2, 3], data: Float64Array.of(0, 0, 0, 1, 1, 1) },
      times: Float64Array.of(0),
      masses: Float64Array.of(1, 1),
      box: { shape: [3, 3], data: new Float64Array(9) },
    };
    writeFileSync(at("flat.npz"), encodeNpz(set));
    expect(await error("inspect", at("flat.npz"))).toMatchObject({ code: "bad-box" });
  });
});

describe("generate and simulate", () => {
  it("write what convert writes", async () => {
    const small = ["--trajectories", "1", "--records", "3"];
    for (const out of ["g.extxyz", "g.lammpstrj", "g.csv"])
      expect(
        (await runCli(["generate", "--system", "gravity", ...small, "--out", at(out)])).code,
      ).toBe(0);
    const { out } = await json("inspect", at("g.lammpstrj"));
    expect(out).toMatchObject({
      particles: 4,
      records: 3,
      velocities: "given",
      box: expect.anything(),
    });
    const run = ["simulate", "--system", "gravity", "--records", "3", "--out", at("r.extxyz")];
    expect((await runCli(run)).code).toBe(0);
    expect((await json("inspect", at("r.extxyz"))).out).toMatchObject({ records: 3, box: null });
  });
});
