import { createRandom } from "@mclnn/datasets";
import { type Finding, type TrainResult, train, trainSpecies } from "@mclnn/learning";
import type { Model, SplineModel } from "@mclnn/models";
import { lawSystemByName } from "../laws/systems/catalogue.ts";
import { EXPLAINED, explainedSet, titleOf } from "./explained.ts";
import { KINDS, slope } from "./kinds.ts";
import { recorded, UNEXPLAINED } from "./unexplained.ts";

/** One training: data of a table's row, with the noise of a seed. */
export interface Case {
  readonly table: "explained" | "unexplained" | "kinds";
  readonly row: number;
  readonly seed: number;
  /** In mean separations, of the unexplained ones; 0 keeps velocities, more drops them. */
  readonly noise?: number;
}

/** What was said. */
export interface Said {
  readonly title: string;
  readonly seconds: number;
  readonly findings: readonly Pick<Finding, "kind" | "text">[];
  /** Why there is no law. */
  readonly failed?: string;
  /** Of the kinds: V' off, relative to its mean, and root mean square of that over its bar (null without bars). */
  readonly law?: { readonly error: number; readonly bars: number | null };
}

/** Trains the spline law on a case's data and reports the findings. */
export async function runCase({ table, row, seed, noise = 0 }: Case): Promise<Said> {
  const started = performance.now();
  const { title, learn, slope } =
    table === "explained"
      ? explained(row, seed)
      : table === "kinds"
        ? kind(row, seed)
        : unexplained(row, seed, noise);
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    const { findings, model } = await learn();
    const said = findings.map(({ kind, text }) => ({ kind, text }));
    return {
      ...{ title, seconds: seconds(), findings: said },
      ...(slope !== undefined && "pair" in model && { law: lawAgainst(model, slope) }),
    };
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    return { title, seconds: seconds(), findings: [], failed };
  }
}

interface Prepared {
  readonly title: string;
  learn(): Promise<Pick<TrainResult, "findings"> & { readonly model: Model }>;
  /** The true V', of the kinds. */
  readonly slope?: (r: number) => number;
}

function kind(row: number, seed: number): Prepared {
  const { title, make } = KINDS[row];
  return {
    title,
    slope,
    learn: () => train(make(createRandom(seed)), { model: "spline" }),
  };
}

/** Points in the middle of the separations of a law that it is looked at. */
const POINTS = 40;

function lawAgainst(
  model: Pick<SplineModel, "pair" | "separations" | "slopeDeviation">,
  truth: (r: number) => number,
): { error: number; bars: number | null } {
  const { edges } = model.separations;
  const [from, to] = [edges[0], edges[edges.length - 1]];
  let [off, size, squares, barred] = [0, 0, 0, 0];
  for (let k = 0; k < POINTS; k++) {
    const r = from + ((0.5 + k) / POINTS) * (to - from);
    const d = model.pair.slope(r) - truth(r);
    off += Math.abs(d);
    size += Math.abs(truth(r));
    const bar = model.slopeDeviation?.(r);
    if (bar === undefined) continue;
    squares += (d / bar) ** 2;
    barred++;
  }
  return { error: off / size, bars: barred === 0 ? null : Math.sqrt(squares / barred) };
}

function explained(row: number, seed: number): Prepared {
  const watched = EXPLAINED[row];
  const { coupling } = lawSystemByName(watched.system);
  return {
    title: titleOf(watched),
    learn: () => {
      const set = explainedSet(watched, seed);
      return set.species === undefined
        ? train(set, { model: "spline", coupling })
        : trainSpecies(set, { model: "spline" });
    },
  };
}

function unexplained(row: number, seed: number, noise: number): Prepared {
  const { title, make, coupling = "none" } = UNEXPLAINED[row];
  return {
    title: `${title}, ${noise === 0 ? "no noise" : `noise ${noise}, velocities unknown`}`,
    learn: () =>
      train(recorded(make(), noise, seed), { model: "spline", coupling, terms: ["pair"] }),
  };
}
