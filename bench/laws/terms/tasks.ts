import type { MixtureTask, Watching } from "./learn-mixture.ts";
import { MIXTURES, type Mixture, PURE, SINGLES } from "./mixtures.ts";

/** 5 trajectories of 20 records, noise 1e-3 on positions and velocities. */
const BASE: Watching = { trajectories: 5, records: 20, noise: 1e-3, velocities: "given" };
const UNKNOWN: Watching = { ...BASE, velocities: "unknown" };

/** Other ways to watch a few mixtures. */
const OTHERWISE: readonly Watching[] = [
  UNKNOWN,
  { ...BASE, trajectories: 2 },
  { ...BASE, trajectories: 1, records: 50 },
  { ...BASE, noise: 1e-4 },
  { ...BASE, noise: 1e-2 },
  { ...BASE, noise: 0 },
];
const SO_WATCHED = ["drag, field", "drag, trap, magnetic", "quadratic drag, field, pair friction"];

/** Laws of pairs alone count false alarms, and are drawn so many times as often. */
const MORE = 4;

/** All draws: pairs alone, with velocities and without; each term; mixtures; some of these watched otherwise. */
export function mixtureTasks(seeds: number): readonly MixtureTask[] {
  const draws = (all: readonly Mixture[], watching: Watching, count = seeds): MixtureTask[] =>
    all.flatMap(({ name }) =>
      Array.from({ length: count }, (_, k) => ({ ...watching, mixture: name, seed: 1 + k })),
    );
  const few = MIXTURES.filter(({ name }) => SO_WATCHED.includes(name));
  return [
    ...draws(PURE, BASE, MORE * seeds),
    ...draws(PURE, UNKNOWN, MORE * seeds),
    ...draws([...SINGLES, ...MIXTURES], BASE),
    ...OTHERWISE.flatMap((watching) => draws(few, watching)),
  ];
}

/** What CI has time for: the evidence for a few, among them one about a place. */
export const QUICK_MIXTURES: readonly MixtureTask[] = [
  "pairs",
  "drag, trap, magnetic",
  "well about a point",
  "wind",
].map((mixture) => ({ ...BASE, mixture, seed: 1 }));
