import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { beforeAll, expect, it } from "vitest";
import { readStart } from "../src/inputs/start.ts";
import { refusal } from "./refusal.ts";
import { scratchFolder } from "./run-cli.ts";

const at = scratchFolder();
const sample = (name: string): string =>
  fileURLToPath(
    new URL(`../../../packages/datasets/test/fixtures/formats/${name}`, import.meta.url),
  );

/** Two trajectories of three records of two particles in two dimensions: numbers that tell where they stand. */
const size = 2 * 3 * 2 * 2;
const set: TrajectorySet = {
  trajectories: 2,
  records: 3,
  particles: 2,
  dimension: 2,
  times: Float64Array.of(0, 0.5, 1),
  masses: Float64Array.of(1, 2),
  positions: Float64Array.from({ length: size }, (_, k) => k),
  velocities: Float64Array.from({ length: size }, (_, k) => -k),
  provenance: {},
};
const one: TrajectorySet = {
  ...set,
  trajectories: 1,
  positions: set.positions.slice(0, size / 2),
  velocities: (set.velocities as Float64Array).slice(0, size / 2),
};

beforeAll(() => {
  const { velocities: _, ...still } = one;
  for (const [name, each] of Object.entries({ set, one, still }))
    writeFileSync(at(`${name}.npz`), encodeTrajectorySet(each));
  writeFileSync(
    at("state.json"),
    JSON.stringify({ masses: [3], positions: [[1, 2]], velocities: [[0, 1]] }),
  );
});

const read = async (given: string) => {
  const remarks: string[] = [];
  const { start, ...bodies } = await readStart(given, (text) => remarks.push(text));
  return { start, bodies, remarks };
};

it.each([
  ["one.npz", 8, 1, 1],
  ["one.npz@first", 0, 0, 0],
  ["one.npz@1", 4, 0.5, 0],
  ["set.npz@1:first", 12, 0, 0],
  ["set.npz@1:last", 20, 1, 0],
])(
  "%s starts from number %d of its positions, t = %d; what was taken is said",
  async (name, first, time, said) => {
    const { start, bodies, remarks } = await read(at(name));
    expect([...start.positions]).toEqual([first, first + 1, first + 2, first + 3]);
    expect([...start.velocities]).toEqual(
      [-first, -first - 1, -first - 2, -first - 3].map((v) => v + 0),
    );
    expect(start.time).toBe(time);
    expect([...bodies.masses]).toEqual([1, 2]);
    expect(remarks).toHaveLength(said);
  },
);

it("a state is what it says", async () => {
  const { start, remarks } = await read(at("state.json"));
  expect([[...start.positions], [...start.velocities], remarks]).toEqual([[1, 2], [0, 1], []]);
});

it("a LAMMPS data file starts in open space, atoms where their paths have led them, and that is said", async () => {
  const { start, bodies, remarks } = await read(sample("argon-metal.data"));
  expect(bodies.masses.length).toBe(start.positions.length / 3);
  expect(bodies.masses[0]).toBeCloseTo(39.948, 3);
  expect(start.velocities.some((v) => v !== 0)).toBe(true);
  expect(remarks).toEqual([expect.stringContaining("without it")]);
});

it.each([
  ["set.npz", "bad-option", "one of 2 trajectories"],
  ["one.npz@3", "bad-option", "a record from 0 to 2"],
  ["set.npz@2:first", "bad-option", "a trajectory from 0 to 1"],
  ["state.json@first", "bad-option", "no @"],
  ["still.npz", "missing-velocities", "velocities to start from"],
  ["none.npz@first", "file-not-found", "the path of a file"],
])("%s is refused by %s", async (name, code, expected) => {
  const refused = await refusal(readStart(at(name), () => undefined));
  expect(refused).toMatchObject({ code, argument: "--initial" });
  expect(refused.expected).toContain(expected);
});

it("a dump of a periodic box is a start in that box", async () => {
  const { box, periodic } = await readStart(sample("argon-metal.dump"), () => undefined);
  expect(periodic).toEqual(Uint8Array.of(1, 1, 1));
  expect(box?.[0]).toBe(10.52);
});
