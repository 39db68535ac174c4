import { readFileSync, writeFileSync } from "node:fs";
import { decodeNpz } from "@mclnn/datasets";
import { createSplineModel, encodeModel } from "@mclnn/models";
import { withTerms } from "@mclnn/models/parts";
import { beforeAll, expect, it } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();
const KNOTS = [0, 1, 2, 3];

beforeAll(() => {
  const pairs = createSplineModel({
    knots: [Float64Array.of(0.5, 1, 1.5, 2)],
    coefficients: new Float64Array(6).fill(1),
    separations: { ranges: [[0.5, 2]], edges: Float64Array.of(0.5, 2), counts: Float64Array.of(1) },
    record: { ...RECORD },
  });
  const covariance = Float64Array.from({ length: 36 }, (_, k) => (k % 7 === 0 ? 0.04 : 0));
  const curve = {
    spec: { name: "general-drag", knots: KNOTS },
    coefficients: Float64Array.of(1, 1, 1, 1, 1, 1),
    covariance,
  };
  const drag = { spec: { name: "trap" }, coefficients: Float64Array.of(2, 1, 4), covariance: null };
  writeFileSync(at("law.safetensors"), encodeModel(withTerms(pairs, [curve, drag])));
});

const RECORD = {
  seed: 1,
  trainLoss: 0,
  validationLoss: null,
  iterations: 1,
  reachedTarget: true,
  optimizer: "test",
  dt: 0.1,
  stride: 1,
} as const;

const law = (term: string, out: string) =>
  runCli([
    "law",
    "--model",
    at("law.safetensors"),
    "--term",
    term,
    "--out",
    at(out),
    "--points",
    "4",
  ]);

it("writes the function of a term with its error bars, as a table of each kind and as a picture", async () => {
  for (const out of ["drag.csv", "drag.json", "drag.npz", "drag.svg"])
    expect((await law("general-drag", out)).code, out).toBe(0);
  const rows = readFileSync(at("drag.csv"), "utf8").trim().split("\n");
  expect(rows[0]).toBe("x,value,sd");
  // Splines of equal coefficients are constant; at an end one of them is alone.
  expect(rows[1]).toBe("0,1,0.2");
  expect(rows).toHaveLength(5);
  const json = JSON.parse(readFileSync(at("drag.json"), "utf8"));
  expect(json).toMatchObject({ term: "general-drag", name: "gamma", of: "|v|", x: [0, 1, 2, 3] });
  const arrays = decodeNpz(readFileSync(at("drag.npz")));
  expect(Array.from(arrays.get("value")?.data ?? [])).toHaveLength(4);
  expect(readFileSync(at("drag.svg"), "utf8")).toContain("gamma(|v|)");
});

it("writes the constants of one without", async () => {
  expect((await law("trap", "trap.csv")).code).toBe(0);
  expect(readFileSync(at("trap.csv"), "utf8").trim().split("\n")).toEqual([
    "constant,value,sd",
    "k,2,",
    "centre,0.5,",
    "centre,2,",
  ]);
});

it.each([
  ["drag", "x.csv", "expected pair, general-drag, trap"],
  ["trap", "x.svg", "cannot be drawn"],
  ["trap", "x.table", "unknown format"],
])("refuses %s as %s", async (term, out, says) => {
  const { code, stderr } = await law(term, out);
  expect(code).toBe(2);
  expect(stderr).toContain(says);
});
