import { type Finding, type TrainResult, train, trainSpecies } from "@mclnn/learning";
import { lawSystemByName } from "../laws/systems/catalogue.ts";
import { EXPLAINED, explainedSet, titleOf } from "./explained.ts";
import { recorded, UNEXPLAINED } from "./unexplained.ts";

/** One training: data of a table's row, with the noise of a seed. */
export interface Case {
  readonly table: "explained" | "unexplained";
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
}

/** Trains the spline law on a case's data and reports the findings. */
export async function runCase({ table, row, seed, noise = 0 }: Case): Promise<Said> {
  const started = performance.now();
  const { title, learn } =
    table === "explained" ? explained(row, seed) : unexplained(row, seed, noise);
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    const { findings } = await learn();
    const said = findings.map(({ kind, text }) => ({ kind, text }));
    return { title, seconds: seconds(), findings: said };
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    return { title, seconds: seconds(), findings: [], failed };
  }
}

interface Prepared {
  readonly title: string;
  learn(): Promise<Pick<TrainResult, "findings">>;
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
    learn: () => train(recorded(make(), noise, seed), { model: "spline", coupling }),
  };
}
