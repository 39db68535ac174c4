import type { TrajectorySet } from "@mclnn/datasets";
import { createRandom, trajectorySet } from "@mclnn/datasets";
import { rolloutIterator, velocityVerlet } from "@mclnn/integrators";
import {
  createSystem,
  type Force,
  lennardJones,
  type PairPotential,
  pairwise,
  type State,
} from "@mclnn/physics";
import { withCutoff } from "@mclnn/physics/potentials";
import { periodicSpace } from "@mclnn/physics/space";

/** The law that liquids of tests are made with. */
export const LIQUID_LAW: PairPotential = withCutoff(lennardJones(), { cutoff: 2.2 });

/** Corners and face centres of a cubic cell. */
const SITES = [
  [0, 0, 0],
  [0.5, 0.5, 0],
  [0.5, 0, 0.5],
  [0, 0.5, 0.5],
] as const;

/** Records of a liquid in a periodic box by our own molecular dynamics; 4 x cells^3 particles. */
export function liquid({
  cells = 3,
  records = 4,
  stride = 5,
  dt = 0.002,
  density = 0.84,
  warm = 250,
  potential = pairwise(LIQUID_LAW) as Force,
  species,
}: {
  cells?: number;
  records?: number;
  stride?: number;
  dt?: number;
  density?: number;
  warm?: number;
  potential?: Force;
  species?: (i: number) => number;
} = {}): TrajectorySet {
  const n = 4 * cells ** 3;
  const edge = (n / density) ** (1 / 3);
  const random = createRandom(7);
  const positions = new Float64Array(3 * n);
  let k = 0;
  for (let a = 0; a < cells; a++)
    for (let b = 0; b < cells; b++)
      for (let c = 0; c < cells; c++)
        for (const site of SITES)
          for (const [d, of] of [a, b, c].entries())
            positions[k++] = ((of + (site[d] as number)) * edge) / cells;
  const velocities = positions.map(() => 1.3 * random.normal());
  const space = periodicSpace({ rows: [edge, edge, edge] });
  const kinds = species && Int32Array.from({ length: n }, (_, i) => species(i));
  const masses = new Float64Array(n).fill(1);
  const system = createSystem({
    masses,
    dimension: 3,
    potential,
    space,
    ...(kinds && { species: kinds }),
  });
  const steps = { dt, integrator: velocityVerlet };
  let start: State = { time: 0, positions, velocities };
  for (const at of rolloutIterator(system, start, { ...steps, stride: warm, records: 2 }))
    start = { time: 0, positions: at.positions.slice(), velocities: at.velocities.slice() };
  const times: number[] = [];
  const frames: Float64Array[] = [];
  const speeds: Float64Array[] = [];
  for (const at of rolloutIterator(system, start, { ...steps, stride, records })) {
    times.push(at.time);
    frames.push(at.positions.slice());
    speeds.push(at.velocities.slice());
  }
  const joined = (parts: readonly Float64Array[]): Float64Array =>
    Float64Array.from(parts.flatMap((part) => Array.from(part)));
  const set = trajectorySet({
    ...{ dimension: 3, times, masses, positions: joined(frames), velocities: joined(speeds) },
    ...(kinds && { species: kinds }),
  });
  return {
    ...set,
    box: space.rows,
    periodic: Uint8Array.of(1, 1, 1),
    provenance: { dt },
  };
}
