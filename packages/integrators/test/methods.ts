import { dormandPrince, type Integrator, integrators } from "../src/index.ts";

/** Where a method's order is measured: steps over `time`, then halved four times; coarse enough for roundoff, fine enough to settle. */
export interface Measurement {
  readonly time: number;
  readonly steps: number;
}

/** One row of the tables: a method, what is expected of it, and where its order shows. */
export interface Method {
  readonly name: string;
  readonly order: number;
  readonly symplectic: boolean;
  readonly reversible: boolean;
  readonly cost: number;
  readonly harmonic: Measurement;
  readonly kepler: Measurement & { readonly eccentricity: number };
  /** A shot through air, whose drag is not linear; none where roundoff comes first. */
  readonly air?: Measurement;
}

const splitting = { symplectic: true, reversible: true } as const;
const rungeKutta = { symplectic: false, reversible: false } as const;

/** Facts written down again, not read from the integrators. */
export const methods: readonly Method[] = [
  {
    ...splitting,
    name: "symplectic-euler",
    order: 1,
    reversible: false,
    cost: 1,
    harmonic: { time: 2.5, steps: 160 },
    kepler: { eccentricity: 0.6, time: 2.5, steps: 1920 },
    air: { time: 2.5, steps: 240 },
  },
  {
    ...splitting,
    name: "velocity-verlet",
    order: 2,
    cost: 1,
    harmonic: { time: 2.5, steps: 40 },
    kepler: { eccentricity: 0.6, time: 2.5, steps: 240 },
    air: { time: 2.5, steps: 60 },
  },
  {
    ...splitting,
    name: "position-verlet",
    order: 2,
    cost: 1,
    harmonic: { time: 2.5, steps: 40 },
    kepler: { eccentricity: 0.6, time: 2.5, steps: 240 },
    air: { time: 2.5, steps: 60 },
  },
  {
    ...splitting,
    name: "forest-ruth",
    order: 4,
    cost: 3,
    harmonic: { time: 2.5, steps: 40 },
    kepler: { eccentricity: 0.6, time: 2.5, steps: 240 },
    air: { time: 2.5, steps: 60 },
  },
  {
    ...splitting,
    name: "pefrl",
    order: 4,
    cost: 4,
    harmonic: { time: 2.5, steps: 20 },
    kepler: { eccentricity: 0.6, time: 2.5, steps: 120 },
    air: { time: 2.5, steps: 30 },
  },
  {
    ...splitting,
    name: "blanes-moan-4",
    order: 4,
    cost: 6,
    harmonic: { time: 2.5, steps: 20 },
    kepler: { eccentricity: 0.6, time: 2.5, steps: 240 },
    air: { time: 2.5, steps: 30 },
  },
  {
    ...splitting,
    name: "yoshida-6",
    order: 6,
    cost: 7,
    harmonic: { time: 2.5, steps: 16 },
    kepler: { eccentricity: 0.6, time: 2.5, steps: 60 },
    air: { time: 1.5, steps: 22 },
  },
  {
    ...rungeKutta,
    name: "runge-kutta-4",
    order: 4,
    cost: 4,
    harmonic: { time: 2.5, steps: 40 },
    kepler: { eccentricity: 0.1, time: 0.5, steps: 32 },
    air: { time: 2.5, steps: 160 },
  },
  {
    ...rungeKutta,
    name: "dormand-prince-54",
    order: 5,
    cost: 6,
    harmonic: { time: 2.5, steps: 20 },
    kepler: { eccentricity: 0.4, time: 2, steps: 32 },
  },
];

/** The method with steps of exactly dt: an adaptive one is told to accept every step and to take no other. */
export function withStepsOf(dt: number, name: string): Integrator {
  const integrator = integrators.find((each) => each.name === name) as Integrator;
  if (!integrator.adaptive) return integrator;
  return dormandPrince({
    relativeTolerance: 1,
    absoluteTolerance: 1e3,
    firstStep: dt,
    largestStep: dt,
  });
}
