import { readFileSync, writeFileSync } from "node:fs";
import { createSplineModel, decodeModel, encodeModel, type SplineModel } from "@mclnn/models";
import { beforeAll, describe, expect, it } from "vitest";
import { resolvePotential } from "../src/inputs/potential.ts";
import { LAW_FORMATS } from "../src/laws-out/formats.ts";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();

const STATE = {
  masses: [1, 1, 2],
  positions: [
    [0, 0],
    [1.2, 0],
    [0.3, 1.4],
  ],
  velocities: [
    [0, 0.1],
    [0, -0.1],
    [0.05, 0],
  ],
};

/** What the program prints as JSON. */
async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout } = await runCli([...args, "--json", "--quiet", "--force"]);
  expect(code, stdout).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** A spline law learned from three particles. */
async function learned(name: string, potential: string, ...more: string[]): Promise<SplineModel> {
  const data = at(`${name}.npz`);
  const initial = at(`${name}.json`);
  writeFileSync(
    initial,
    JSON.stringify({ ...STATE, ...(more.length > 0 && { species: [0, 0, 1] }) }),
  );
  await json(
    "generate",
    "--potential",
    potential,
    "--initial",
    initial,
    "--trajectories",
    "3",
    "--out",
    data,
  );
  await json(
    "train",
    "--data",
    data,
    "--model",
    "spline",
    ...more,
    "--out",
    at(`${name}.safetensors`),
  );
  return decodeModel(readFileSync(at(`${name}.safetensors`))) as SplineModel;
}

let law: SplineModel;
beforeAll(async () => {
  law = await learned("one", "lennard-jones");
});

const worst = (a: (r: number) => number, b: (r: number) => number, from: number, to: number) => {
  let [error, scale] = [0, 0];
  for (let k = 0; k <= 3001; k++) {
    // The last is just inside: at the end itself a table has no force.
    const r = from + ((to - from) * (k + 0.5)) / 3002;
    error = Math.max(error, Math.abs(a(r) - b(r)));
    scale = Math.max(scale, Math.abs(b(r)));
  }
  return error / scale;
};

describe("a LAMMPS table", () => {
  it.each([[], ["--units", "metal"], ["--units", "real"]])(
    "is the law again as --potential: V' within 1e-7, V within 1e-9, %s %s",
    async (...units) => {
      const out = at("law.table");
      expect(
        await json("law", "--model", at("one.safetensors"), ...units, "--out", out),
      ).toMatchObject({ law: out });
      const { pair, remark } = await resolvePotential(out);
      if (!("energy" in pair)) throw new Error("several laws");
      const [from, to] = [
        law.separations.edges[0] as number,
        law.separations.edges.at(-1) as number,
      ];
      expect(worst(pair.slope, law.pair.slope, from, to)).toBeLessThan(1e-7);
      const zero = law.pair.energy(to);
      expect(worst(pair.energy, (r) => law.pair.energy(r) - zero, from, to)).toBeLessThan(1e-9);
      // Beyond its ends: a wall that does not end, and nothing.
      expect(remark).toMatch(/continued beyond its rows: no force from r = /);
      expect([pair.energy(to * 3), pair.slope(to), pair.slope(to * 3)]).toEqual([0, 0, 0]);
      expect(pair.slope(from * 0.6)).toBeLessThan(law.pair.slope(from));
      for (const r of [1e-9, from / 4, from / 2]) {
        expect(pair.slope(r)).toBeLessThan(0);
        expect(Number.isFinite(pair.energy(r))).toBe(true);
      }
    },
  );

  it("is looked up as LAMMPS does: equal steps of r^2, F = -V', ends with F'", async () => {
    await json(
      "law",
      "--model",
      at("one.safetensors"),
      "--points",
      "11",
      "--from",
      "1",
      "--to",
      "2",
      "--out",
      at("few.table"),
    );
    const lines = readFileSync(at("few.table"), "utf8").split("\n");
    expect(lines[0]).toBe("# UNITS: lj CONTRIBUTOR: mclnn");
    const start = lines.indexOf("LAW");
    const [, , , first, last, , ...ends] = (lines[start + 1] as string).split(" ").map(Number);
    expect([first, last]).toEqual([1e-3, 2]);
    expect(ends[1]).toBe(-law.pair.curvature(2));
    const rows = lines.slice(start + 3, start + 14).map((line) => line.split(" ").map(Number));
    for (const [k, [index, r, v, f]] of rows.entries()) {
      expect(index).toBe(k + 1);
      expect(r as number).toBeCloseTo(Math.sqrt(1e-6 + ((4 - 1e-6) * k) / 10), 12);
      if ((r as number) < 1) continue;
      expect(f).toBeCloseTo(-law.pair.slope(r as number), 12);
      expect(v).toBeCloseTo(law.pair.energy(r as number) - law.pair.energy(2), 12);
    }
    expect(rows).toHaveLength(11);
    expect(rows[10]?.slice(1, 3)).toEqual([2, 0]);
  });

  it("has a section for each pair of species, and is laws by species again", async () => {
    await learned("two", "0-0: 0.5*(r-1)^2 | 0-1: 0.5*(r-1.5)^2", "--species", "separate");
    await json("law", "--model", at("two.safetensors"), "--out", at("two.table"));
    expect(readFileSync(at("two.table"), "utf8")).toMatch(/^0-0\nN 20000 RSQ /m);
    const named = await resolvePotential(at("two.table"));
    if (named.kind !== "species") throw new Error("one law");
    expect(named.pair.laws.map(({ species }) => species)).toEqual([
      [0, 0],
      [0, 1],
    ]);
    const out = at("run.npz");
    await json(
      "simulate",
      "--potential",
      at("two.table"),
      "--initial",
      at("two.json"),
      "--records",
      "20",
      "--out",
      out,
    );
  });

  it.each([
    ["no section", "# nothing\n", /one section or more, got none/],
    ["a name alone", "A\n", /below the name A, line 1, got nothing/],
    ["too few rows", "A\nN 3 R 1 2\n\n1 1 2 3\n2 2 2 3\n", /3 rows in the section A, got 2/],
    ["a word in a row", "A\nN 3\n1 1 2 x\n2 2 2 3\n3 3 3 3\n", /line 3, got 1 1 2 x/],
    ["rows that fall", "A\nN 3\n1 1 2 0\n2 2 2 3\n3 1 3 3\n", /increasing separations/],
    [
      "two sections with names",
      `A\nN 3\n1 1 2 0\n2 2 2 3\n3 3 3 3\n`.repeat(2),
      /two species as 0-1/,
    ],
  ])("%s is refused", async (_, content, message) => {
    writeFileSync(at("bad.table"), content);
    const read = resolvePotential(at("bad.table"));
    await expect(read).rejects.toMatchObject({ code: "bad-table", argument: "--potential" });
    await expect(read).rejects.toThrow(message);
  });

  it("and a table of GROMACS cannot hold a law times masses; files of Python do", async () => {
    const { kind: _, ...parts } = law;
    writeFileSync(
      at("coupled.safetensors"),
      encodeModel(createSplineModel({ ...parts, coupling: "mass-product" })),
    );
    for (const out of ["never.table", "never.xvg"]) {
      const { code, stdout } = await runCli([
        ...["law", "--model", at("coupled.safetensors"), "--out", at(out), "--json", "--quiet"],
      ]);
      expect(code).toBe(2);
      expect(stdout).toContain("unwritable-format");
    }
    await json("law", "--model", at("coupled.safetensors"), "--ase", at("coupled.py"));
    expect(readFileSync(at("coupled.py"), "utf8")).toContain('COUPLING = "mass-product"');
  });
});

it("a table of GROMACS has the law as its last two of seven columns, in nm and kJ/mol, and zeros to 1 nm beyond", async () => {
  await json("law", "--model", at("one.safetensors"), "--units", "metal", "--out", at("law.xvg"));
  const rows = readFileSync(at("law.xvg"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" ").map(Number));
  const to = law.separations.edges.at(-1) as number;
  const zero = law.pair.energy(to);
  expect(rows[4999]?.[0]).toBeCloseTo(to / 10, 12);
  for (const k of [3500, 4500, 4998]) {
    const [r, f, df, g, dg, h, dh] = rows[k] as number[];
    expect([f, df, g, dg]).toEqual([0, 0, 0, 0]);
    expect(h).toBeCloseTo(0.01 * (law.pair.energy((r as number) * 10) - zero), 10);
    expect(dh).toBeCloseTo(-0.1 * law.pair.slope((r as number) * 10), 10);
  }
  expect(rows[5000]?.slice(1)).toEqual([0, 0, 0, 0, 0, 0]);
  expect((rows.at(-1)?.[0] as number) - to / 10).toBeGreaterThanOrEqual(
    Math.min(1, to / 10) - 1e-9,
  );
});

it("several files at once; each ending once in the catalogue; units are refused where nothing reads them", async () => {
  expect(
    await json(
      ...["law", "--model", at("one.safetensors"), "--out", at("law.csv")],
      ...["--ase", at("a.py"), "--openmm", at("o.py")],
    ),
  ).toMatchObject({ law: at("law.csv"), ase: at("a.py"), openmm: at("o.py"), points: 200 });
  expect(readFileSync(at("o.py"), "utf8")).toContain("Continuous1DFunction");
  const endings = LAW_FORMATS.flatMap(({ option, endings: own }) =>
    own.map((each) => option + each),
  );
  expect(new Set(endings).size).toBe(endings.length);
  const { code, stdout } = await runCli([
    ...[
      "law",
      "--model",
      at("one.safetensors"),
      "--units",
      "metal",
      "--out",
      at("n.npz"),
      "--json",
    ],
  ]);
  expect(code).toBe(2);
  expect(stdout).toContain("--units");
});

it("CSV names units where the data have some, or where they are told, and is a potential again; without, titles are bare", async () => {
  const { kind: _, ...parts } = law;
  writeFileSync(
    at("metal.safetensors"),
    encodeModel(
      createSplineModel({ ...parts, record: { ...law.record, data: { units: "metal" } } }),
    ),
  );
  const titles = async (model: string, ...units: string[]): Promise<string> => {
    await json("law", "--model", at(model), ...units, "--out", at("units.csv"));
    return readFileSync(at("units.csv"), "utf8").split("\n")[0] as string;
  };
  expect(await titles("one.safetensors")).toMatch(/^r,energy,slope,slopeSd,dataShare/);
  expect(await titles("metal.safetensors", "--units", "lj")).toMatch(/^r,energy,slope,/);
  expect(await titles("one.safetensors", "--units", "real")).toContain(
    "slope [g/mol angstrom/fs^2]",
  );
  expect(await titles("metal.safetensors")).toMatch(
    /^r \[angstrom\],energy \[g\/mol angstrom\^2\/ps\^2\],slope \[g\/mol angstrom\/ps\^2\],slopeSd \[.*\],dataShare/,
  );
  const { pair } = await resolvePotential(at("units.csv"));
  if (!("slope" in pair)) throw new Error("several laws");
  const middle = law.separations.edges[30] as number;
  expect(pair.slope(middle)).toBeCloseTo(law.pair.slope(middle), 3);
  // A table for LAMMPS is in the units of the data too.
  await json("law", "--model", at("metal.safetensors"), "--out", at("metal.table"));
  expect(readFileSync(at("metal.table"), "utf8")).toMatch(/^# UNITS: metal /);
});

it("draws the same figure as plot, as SVG and as PDF", async () => {
  const model = ["--model", at("one.safetensors"), "--potential", "lennard-jones"];
  await json("law", ...model, "--out", at("law.svg"));
  await json("plot", ...model, "--out", at("plot.svg"));
  expect(readFileSync(at("plot.svg"), "utf8")).toBe(readFileSync(at("law.svg"), "utf8"));
  await json("plot", ...model, "--out", at("law.pdf"));
  expect(readFileSync(at("law.pdf"), "latin1")).toMatch(/^%PDF-1\.7\n/);
});
