import { describe, expect, it } from "vitest";
import { formatOf, formats } from "../../src/formats/index.ts";
import { decodeNpz, encodeNpz, encodeTrajectorySet, type TrajectorySet } from "../../src/index.ts";
import { readSample, readText, sampleBytes, written } from "./read-sample.ts";

/** Writes and reads again. */
async function again(set: TrajectorySet, path: string, options = {}): Promise<TrajectorySet> {
  const pieces = formatOf(path)?.write?.(set, path.slice(path.lastIndexOf("."))) ?? [];
  return (await readText(written(pieces), options, 1e6)).set;
}

const SET: TrajectorySet = {
  ...{ trajectories: 2, records: 3, particles: 2, dimension: 3 },
  masses: Float64Array.of(1, 2.5),
  species: Int32Array.of(0, 1),
  charges: Float64Array.of(1, -0.5),
  times: Float64Array.of(0, 0.1, 0.30000000000000004),
  positions: Float64Array.from({ length: 36 }, (_, k) => Math.sqrt(k + 1) / 3),
  velocities: Float64Array.from({ length: 36 }, (_, k) => -Math.sqrt(k + 2) * 1e-7),
  provenance: {},
};
const { trajectories: _, ...rest } = SET;
const ONE: TrajectorySet = {
  ...rest,
  trajectories: 1,
  positions: SET.positions.slice(0, 18),
  velocities: SET.velocities?.slice(0, 18) as Float64Array,
};

describe("what is written comes back in all its bits", () => {
  it.each([".npz", ".extxyz", ".csv", ".tsv"])("several trajectories as %s", async (path) => {
    const { provenance: _p, ...read } = await again(SET, path);
    const { provenance: _q, ...expected } = SET;
    expect(read).toEqual(expected);
  });

  it.each([".npz", ".extxyz", ".lammpstrj", ".csv"])("one as %s", async (path) => {
    const { provenance: _p, box: _b, origin: _o, periodic: _r, ...read } = await again(ONE, path);
    const { provenance: _q, ...expected } = ONE;
    expect(read).toEqual(expected);
  });

  it.each([".npz", ".extxyz", ".lammpstrj"])("a box with images as %s", async (path) => {
    const { set } = await readSample("triclinic-wrapped-flags.dump", { dt: 0.002 });
    const { provenance: _p, ...read } = await again(set, path);
    const { provenance: _q, ...expected } = set;
    if (path === ".lammpstrj") {
      // Bounds around a tilted cell are sums: its sides come back to their last bit but one.
      expect(read.box?.every((x, k) => Math.abs(x - (expected.box?.[k] as number)) < 1e-15)).toBe(
        true,
      );
      expect({ ...read, box: 0, origin: 0 }).toEqual({ ...expected, box: 0, origin: 0 });
    } else expect(read).toEqual(expected);
  });

  it.each([".npz", ".extxyz", ".csv"])("what was not observed, as %s", async (path) => {
    const observed = Uint8Array.of(1, 1, 1, 0, 1, 1);
    const hide = (values: Float64Array): Float64Array =>
      values.map((x, k) => (observed[Math.floor(k / 3)] === 1 ? x : Number.NaN));
    const set = {
      ...ONE,
      observed,
      positions: hide(ONE.positions),
      velocities: hide(ONE.velocities as Float64Array),
    };
    const { provenance: _p, ...read } = await again(set, path);
    const { provenance: _q, ...expected } = set;
    expect(read).toEqual(expected);
  });

  it("positions alone as .npy", async () => {
    const read = await again(ONE, ".npy", { times: ONE.times, masses: ONE.masses });
    expect([read.positions, read.times, read.masses]).toEqual([
      ONE.positions,
      ONE.times,
      ONE.masses,
    ]);
  });

  it("a dump holds one trajectory only, and boxes as LAMMPS has them", async () => {
    await expect(again(SET, ".lammpstrj")).rejects.toMatchObject({ code: "unwritable-format" });
    const box = Float64Array.of(1, 1, 0, -1, 1, 0, 0, 0, 1);
    await expect(again({ ...ONE, box }, ".lammpstrj")).rejects.toMatchObject({
      code: "unwritable-format",
    });
  });
});

describe("NumPy files of others", () => {
  const x = { shape: [2, 5, 3], data: Float64Array.from({ length: 30 }, (_, k) => k * k) };
  const t = Float64Array.of(0, 1, 2, 3, 4);

  it("other names are taken, and said", async () => {
    const { set, notes } = await readText(
      encodeNpz({
        x: { shape: [5, 2, 3], data: x.data },
        v: { shape: [5, 2, 3], data: x.data },
        t,
        m: Float64Array.of(1, 2),
        energy: t,
      }),
    );
    expect([set.records, set.particles, set.velocities?.length]).toEqual([5, 2, 30]);
    expect(notes.join()).toContain("positions = x, velocities = v, times = t, masses = m");
    expect(notes.join()).toContain("energy means nothing here");
  });

  it("axes in another order are found where only one reading fits", async () => {
    const { set, notes } = await readText(
      encodeNpz({ positions: x, times: t, masses: Float64Array.of(1, 2) }),
    );
    expect([set.records, set.particles]).toEqual([5, 2]);
    expect([...set.positions.slice(0, 6)]).toEqual([0, 1, 4, 225, 256, 289]);
    expect(notes).toContain("axes of positions (2, 5, 3): particle,record,component");
  });

  it("and asked for where several fit", async () => {
    const bytes = encodeNpz({
      pos: { shape: [3, 3, 3], data: Float64Array.from({ length: 27 }, (_, k) => k) },
    });
    await expect(readText(bytes)).rejects.toMatchObject({
      code: "ambiguous-axes",
      expected: expect.stringContaining("record,particle,component | record,component,particle"),
      mend: expect.stringContaining("--axes record,particle,component"),
    });
    const { set } = await readText(bytes, { axes: "component,particle,record" });
    expect([...set.positions.slice(0, 3)]).toEqual([0, 9, 18]);
  });

  it("float32 has 7 digits", async () => {
    const bytes = new Uint8Array(sampleBytes("../float32.npz"));
    expect([...decodeNpz(bytes).values()].some(({ dtype }) => dtype === "<f4")).toBe(true);
  });

  it("ours are read as ever", async () => {
    expect((await readText(encodeTrajectorySet(SET))).set).toEqual(SET);
  });
});

it("every format that is written says by which endings", () => {
  for (const { write, endings } of formats) if (write) expect(endings.length).toBeGreaterThan(0);
  expect(formatOf("run.LAMMPSTRJ")?.name).toBe("LAMMPS dump");
  expect(formatOf("run.doc")).toBeUndefined();
});
