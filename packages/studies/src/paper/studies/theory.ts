import { createRandom, type Random, randomRotation } from "@mclnn/datasets";
import {
  type EulerLagrangeViolations,
  eulerLagrangeViolations,
  type SymmetryViolations,
  symmetryViolations,
  type Violation,
} from "@mclnn/metrics/symmetry";
import { createLnnModel, createMclnnModel, networkSize, positionNetworkSize } from "@mclnn/models";
import {
  createState,
  createSystem,
  type Force,
  type Potential,
  type State,
  separations,
} from "@mclnn/physics";
import type { JobHooks } from "../../data/job-hooks.ts";

/** The paper's lemmas, measured on networks that nobody trained. */
export interface TheoryInput {
  readonly seed: number;
  /** Random states and networks for every number of particles and dimension. */
  readonly states: number;
}

export type Identity = keyof SymmetryViolations | keyof EulerLagrangeViolations;

/** The largest violation of an identity, and where it was found. */
export interface LargestViolation extends Violation {
  readonly particles: number;
  readonly dimension: 2 | 3;
}

export interface TheoryResult {
  /** How many networks and states were tried. */
  readonly cases: number;
  readonly mclnn: Readonly<Record<Identity, LargestViolation>>;
  /** The smallest one, for the baseline: where it must fail it must always fail. */
  readonly lnn: Readonly<Record<Identity, LargestViolation>>;
  readonly lnnSmallest: Readonly<Record<Identity, LargestViolation>>;
}

const PARTICLES = [2, 3, 4, 5, 6, 7, 8, 9, 10];
const HIDDEN = [10, 10];
/** No two particles of a random state are nearer than this. */
const NEAREST = 0.5;
const RECORD = {
  seed: 0,
  optimizer: "none",
  iterations: 0,
  trainLoss: 0,
  validationLoss: null,
  reachedTarget: false,
  dt: 0.01,
  stride: 10,
} as const;

export async function studyTheory(
  { seed, states }: TheoryInput,
  { onProgress }: JobHooks,
): Promise<TheoryResult> {
  const random = createRandom(seed);
  const found = {
    mclnn: new Map<Identity, LargestViolation>(),
    lnn: new Map<Identity, LargestViolation>(),
    lnnSmallest: new Map<Identity, LargestViolation>(),
  };
  let cases = 0;
  for (const dimension of [2, 3] as const)
    for (const particles of PARTICLES) {
      onProgress?.({
        fraction: cases / (2 * PARTICLES.length * states),
        detail: `${particles} particles, ${dimension} dimensions`,
      });
      for (let n = 0; n < states; n++, cases++) {
        const masses = Array.from({ length: particles }, () => 0.5 + 1.5 * random.uniform());
        const state = randomState(particles, dimension, random);
        const change = {
          shift: Array.from({ length: dimension }, () => 3 * random.normal()),
          rotation: randomRotation(dimension, random),
          permutation: reordered(particles, random),
        };
        const measure = (potential: Force): [Identity, Violation][] => {
          const system = createSystem({ masses, dimension, potential });
          return Object.entries({
            ...symmetryViolations(system, state, change),
            ...eulerLagrangeViolations(system, state),
          }) as [Identity, Violation][];
        };
        const at = { particles, dimension };
        for (const [identity, violation] of measure(randomMclnn(random)))
          keep(found.mclnn, identity, { ...violation, ...at }, (a, b) => a > b);
        for (const [identity, violation] of measure(randomLnn(masses, dimension, random))) {
          keep(found.lnn, identity, { ...violation, ...at }, (a, b) => a > b);
          keep(found.lnnSmallest, identity, { ...violation, ...at }, (a, b) => a < b);
        }
      }
    }
  const record = (
    map: ReadonlyMap<Identity, LargestViolation>,
  ): Record<Identity, LargestViolation> =>
    Object.fromEntries(map) as Record<Identity, LargestViolation>;
  return {
    cases,
    mclnn: record(found.mclnn),
    lnn: record(found.lnn),
    lnnSmallest: record(found.lnnSmallest),
  };
}

function keep(
  map: Map<Identity, LargestViolation>,
  identity: Identity,
  violation: LargestViolation,
  beats: (a: number, b: number) => boolean,
): void {
  const so = map.get(identity);
  if (so === undefined || beats(violation.roundoffs, so.roundoffs)) map.set(identity, violation);
}

function weights(count: number, random: Random): Float64Array {
  return Float64Array.from({ length: count }, () => random.normal());
}

function randomMclnn(random: Random): Force {
  return createMclnnModel({
    hidden: HIDDEN,
    weights: weights(networkSize([1, ...HIDDEN, 1]), random),
    separations: {
      edges: Float64Array.of(0.5, 5),
      counts: Float64Array.of(1),
      ranges: [[0.5, 5]],
    },
    record: RECORD,
  }).potential;
}

function randomLnn(masses: readonly number[], dimension: 2 | 3, random: Random): Potential {
  const inputs = masses.length * dimension;
  return createLnnModel({
    particles: masses.length,
    dimension,
    masses: Float64Array.from(masses),
    hidden: HIDDEN,
    weights: weights(positionNetworkSize(inputs, HIDDEN), random),
    centre: new Float64Array(inputs),
    inputScale: 1,
    energyScale: 1,
    record: RECORD,
  }).potential;
}

/** Positions and velocities of normal numbers, with no two particles too near. */
function randomState(particles: number, dimension: 2 | 3, random: Random): State {
  const size = particles * dimension;
  for (;;) {
    const positions = weights(size, random).map((x) => 2 * x);
    const nearest = separations(positions, { particles, dimension }).reduce(
      (least, r) => Math.min(least, r),
      Number.POSITIVE_INFINITY,
    );
    if (nearest < NEAREST) continue;
    return createState({ positions, velocities: weights(size, random) }, { dimension });
  }
}

/** An order in which no particle keeps its place. */
function reordered(count: number, random: Random): number[] {
  const by = 1 + random.integer(count - 1);
  return Array.from({ length: count }, (_, i) => (i + by) % count);
}
