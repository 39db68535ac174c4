import { writeFileSync } from "node:fs";
import { encodeNpz } from "@mclnn/datasets";
import { isMclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { readTable, TABLE_ENDINGS } from "../src/inputs/potential-table.ts";
import { scratchFolder } from "./run-cli.ts";

const at = scratchFolder();

/** V = (r - 1)^3 + 2 r, which a cubic spline reproduces. */
const energy = (r: number): number => (r - 1) ** 3 + 2 * r;
const R = [0.5, 0.75, 1.25, 1.5, 2];
const lines = (separator: string, cells = (r: number): unknown[] => [r, energy(r)]): string =>
  R.map((r) => cells(r).join(separator)).join("\n");
const json = (members: Record<string, unknown>): string => JSON.stringify(members);

const table = (name: string, content: string | Uint8Array) => {
  writeFileSync(at(name), content);
  return readTable(at(name), "--potential");
};

const refusal = async (work: () => unknown) => {
  try {
    await work();
  } catch (error) {
    if (isMclnnError(error)) return error;
    throw error;
  }
  throw new Error("it was taken");
};

describe("a table of (r - 1)^3 + 2 r is that law to 1e-12, with slope and curvature", () => {
  it.each<[string, string, string | Uint8Array]>([
    ["bare, commas", "a.csv", lines(",")],
    ["bare, semicolons", "b.csv", lines(";")],
    ["bare, tabs", "c.tsv", lines("\t")],
    ["bare, blanks, more of them", "d.csv", lines("   ")],
    ["blanks about commas and lines", "e.csv", `\n  \n${lines(" , ")}  \n\n`],
    ["Windows' ends of lines", "f.csv", lines(",").replaceAll("\n", "\r\n")],
    [
      "remarks: whole lines and ends of lines",
      "g.csv",
      `# r, V\n${lines(",", (r) => [r, `${energy(r)} # see, there`])}`,
    ],
    ["more columns than two, without names", "h.csv", lines(",", (r) => [r, energy(r), "9"])],
    ["names in another order", "i.csv", `energy,sd,r\n${lines(",", (r) => [energy(r), "", r])}`],
    ["names in quotes and blanks", "s.csv", `"r" , "energy" \n${lines(",")}`],
    ["a number for a name", "t.csv", `r,energy,2\n${lines(",", (r) => [r, energy(r), 7])}`],
    ["names in quotes", "j.csv", `"r";"energy"\n${lines(";")}`],
    ["numbers in quotes", "k.csv", `r,energy\n${lines(",", (r) => [`"${r}"`, `"${energy(r)}"`])}`],
    ["separation and potential", "l.csv", `separation,potential\n${lines(",")}`],
    ["distance and V, in capitals", "m.csv", `DISTANCE,V\n${lines(",")}`],
    ["an ending in capitals", "n.CSV", lines(",")],
    ["JSON", "o.json", json({ r: R, energy: R.map(energy) })],
    [
      "JSON with other members and names",
      "p.json",
      json({ made: "by hand", v: R.map(energy), " Separation ": R }),
    ],
    ["JSON, the ending in capitals", "q.JSON", json({ r: R, energy: R.map(energy) })],
    ["NPZ", "r.npz", encodeNpz({ energy: Float64Array.from(R, energy), r: Float64Array.from(R) })],
  ])("%s", async (_, name, content) => {
    const pair = await table(name, content);
    expect(pair.name).toBe(at(name));
    for (const r of [...R, 0.6, 1, 1.9]) {
      expect(Math.abs(pair.energy(r) - energy(r))).toBeLessThan(1e-12);
      expect(Math.abs(pair.slope(r) - 3 * (r - 1) ** 2 - 2)).toBeLessThan(1e-12);
      expect(Math.abs((pair.curvature?.(r) ?? Number.NaN) - 6 * (r - 1))).toBeLessThan(1e-12);
    }
  });

  it("has one of these endings", () => {
    expect(TABLE_ENDINGS).toEqual([".csv", ".tsv", ".json", ".npz"]);
  });
});

describe("what is no table is refused as bad-table, naming the option, and says", () => {
  it.each<[string, string, string | Uint8Array, RegExp]>([
    ["an empty file", "a.csv", "\n # nothing\n", /rows of r and energy, got an empty file/],
    [
      "a column that is missing",
      "b.csv",
      "r,mass\n1,2\n2,3\n3,4\n",
      /columns r and energy, got r, mass/,
    ],
    ["half a quote before", "s.csv", `my"r",energy\n${lines(",")}`, /got my"r", energy/],
    ["half a quote behind", "t.csv", `"r"s,energy\n${lines(",")}`, /got "r"s, energy/],
    ["no column at all", "c.json", "{}", /columns r and energy, got nothing/],
    [
      "a word among numbers, and where",
      "d.csv",
      "# two\n1,2\n2,3\n3,four\n",
      /a number in column 2 of line 4, got four/,
    ],
    [
      "a word below names, and where",
      "e.csv",
      "# two\nr,energy\n1,2\n\n2,x\n",
      /a number in column 2 of line 5, got x/,
    ],
    [
      "a cell that is missing",
      "f.csv",
      "r,energy\n1,2\n2\n",
      /a number in column 2 of line 3, got nothing/,
    ],
    [
      "a cell that is empty",
      "g.csv",
      "r,energy\n1,2\n,3\n",
      /a number in column 1 of line 3, got nothing/,
    ],
    ["infinity", "h.csv", "1,2\n2,Infinity\n3,1\n", /a number in column 2 of line 2, got Infinity/],
    ["no JSON", "i.json", "{", /expected JSON, got/],
    ["a list", "j.json", "[1]", /got a list/],
    ["a number", "k.json", "3", /got 3/],
    ["null", "l.json", "null", /got null/],
    [
      "a member that is no list",
      "m.json",
      json({ r: R, energy: "x" }),
      /a list of numbers for energy, got "x"/,
    ],
    [
      "a list of more than numbers",
      "n.json",
      json({ r: R, energy: [1, 2, "3", 4, 5] }),
      /a list of numbers for energy, got \[1,2,"3",4,5\]/,
    ],
    ["too few rows", "o.csv", "1,2\n2,3\n", /3 or more separations/],
    ["rows out of order", "p.csv", "1,2\n3,1\n2,3\n", /increasing separations/],
    ["a separation of 0", "q.csv", "0,2\n1,1\n2,3\n", /separations above 0, got r = 0/],
    [
      "an array that is missing",
      "r.npz",
      encodeNpz({ r: Float64Array.from(R) }),
      /columns r and energy, got r/,
    ],
  ])("%s", async (_, name, content, message) => {
    const error = await refusal(() => table(name, content));
    expect(error).toMatchObject({ code: "bad-table", argument: "--potential" });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(at(name));
  });
});

it("an archive that is none is refused by its name", async () => {
  expect(await refusal(() => table("bad.npz", "PK"))).toMatchObject({
    code: "bad-zip",
    argument: at("bad.npz"),
  });
});

describe("beyond the table", () => {
  it("it goes straight on for a twentieth of r, in V, V' and V''", async () => {
    const pair = await table("straight.csv", lines(","));
    for (const [r, end] of [
      [0.5 * 0.951, 0.5],
      [2 * 1.049, 2],
    ] as const) {
      const slope = 3 * (end - 1) ** 2 + 2;
      expect(pair.energy(r)).toBeCloseTo(energy(end) + slope * (r - end), 12);
      expect(pair.slope(r)).toBeCloseTo(slope, 12);
      expect(pair.curvature?.(r)).toBe(0);
    }
    expect(pair.energy(0.5 * (1 - 0.05))).toBeCloseTo(energy(0.5) - 2.75 * 0.025, 12);
    expect(pair.energy(2 * (1 + 0.05))).toBeCloseTo(energy(2) + 5 * 0.1, 12);
  });

  it("and further out it is refused, with its range", async () => {
    const pair = await table("end.csv", lines(","));
    for (const r of [0.5 * 0.949, 2 * 1.051])
      for (const f of [pair.energy, pair.slope, pair.curvature]) {
        const error = await refusal(() => f?.(r));
        expect(error).toMatchObject({ code: "bad-potential", argument: "--potential" });
        expect(error.message).toContain("separations from 0.5 to 2");
      }
  });

  it("what is no number stays none", async () => {
    const pair = await table("nan.csv", lines(","));
    expect(pair.energy(Number.NaN)).toBeNaN();
    expect(pair.slope(Number.NaN)).toBeNaN();
  });
});
