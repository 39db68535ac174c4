import { splineCurve } from "@mclnn/models/parts";
import { NeighbourList } from "@mclnn/physics/space";
import { frameOf, type ManyRecords } from "./many-records.ts";
import { addNearPairs, type EndedLaws } from "./near-terms.ts";
import { pathBetween } from "./record-path.ts";
import { addRows, type SumOfSquares } from "./sum-of-squares.ts";

/** How an interval between two records is stepped through. */
export interface IntervalOptions {
  /** Velocity Verlet steps in it. */
  readonly steps: number;
  /** Coefficients of the law that records are compared with the own run of; null for the fit along the recorded path, linear in them. */
  readonly coefficients: Float64Array | null;
  /** Whether what the law does to the run itself is among the columns. */
  readonly tangents?: boolean;
}

/** Arrays of one interval, used again for the next. [3 particles x columns] each */
export interface IntervalRoom {
  readonly moves: Float64Array;
  readonly speeds: Float64Array;
  readonly sources: Float64Array;
}

export const intervalRoom = ({ particles }: ManyRecords, columns: number): IntervalRoom => ({
  moves: new Float64Array(3 * particles * columns),
  speeds: new Float64Array(3 * particles * columns),
  sources: new Float64Array(3 * particles * columns),
});

/**
 * Adds to the normal equations what one interval says: the record at its end less where velocity Verlet leads from the record at its beginning,
 * positions weighed 1, velocities by half the interval, so that both are what an acceleration moves a particle by.
 *
 * Columns are the double sums over the steps of the basis' forces; along the own run of a law those of its tangents as well.
 *
 * @param frame - record that the interval begins at
 */
export function addInterval(
  records: ManyRecords,
  laws: EndedLaws,
  frame: number,
  { steps, coefficients, tangents = false }: IntervalOptions,
  room: IntervalRoom,
  sums: SumOfSquares,
): void {
  const { particles, times } = records;
  const { size } = laws.basis;
  const { moves, speeds, sources } = room;
  const record = frame % records.records;
  const span = times[record + 1] - times[record];
  const dt = span / steps;
  const positions = frameOf(records, records.positions, frame).slice();
  const velocities = frameOf(records, records.velocities as Float64Array, frame).slice();
  const start = { positions: positions.slice(), velocities: velocities.slice() };
  const accelerations = new Float64Array(3 * particles);
  const curve = coefficients === null ? null : splineCurve(laws.basis, coefficients);
  const path = curve === null ? pathBetween(records, frame) : null;
  const list = listFor(records, laws);
  moves.fill(0);
  speeds.fill(0);
  const look = (first: boolean): void => {
    sources.fill(0);
    accelerations.fill(0);
    list.update(positions);
    addNearPairs(records, list, laws, {
      curve,
      accelerations,
      sources,
      moves: first || !tangents ? null : moves,
      columns: size,
    });
  };
  look(true);
  const half = dt / 2;
  for (let step = 1; step <= steps; step++) {
    for (let k = 0; k < speeds.length; k++) {
      speeds[k] += half * sources[k];
      moves[k] += dt * speeds[k];
    }
    if (path === null)
      for (let k = 0; k < 3 * particles; k++) {
        velocities[k] += half * accelerations[k];
        positions[k] += dt * velocities[k];
      }
    else path(step / steps, positions);
    look(false);
    for (let k = 0; k < speeds.length; k++) speeds[k] += half * sources[k];
    for (let k = 0; path === null && k < 3 * particles; k++)
      velocities[k] += half * accelerations[k];
  }
  if (path !== null)
    for (let k = 0; k < 3 * particles; k++) {
      positions[k] = start.positions[k] + span * start.velocities[k];
      velocities[k] = start.velocities[k];
    }
  const next = frameOf(records, records.positions, frame + 1);
  const nextVelocities = frameOf(records, records.velocities as Float64Array, frame + 1);
  sums.residualSquares += addRows(
    sums,
    moves,
    next.map((x, k) => x - positions[k]),
    1,
  );
  addRows(
    sums,
    speeds,
    nextVelocities.map((v, k) => v - velocities[k]),
    span / 2,
  );
  sums.rows += 2 * records.dimension * particles;
}

/** Neighbours as far as the farthest law reaches. */
export const listFor = (
  { space, particles }: ManyRecords,
  { ends }: Pick<EndedLaws, "ends">,
): NeighbourList =>
  new NeighbourList(space, { particles, dimension: 3, cutoff: Math.max(...ends) });
