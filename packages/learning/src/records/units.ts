import type { TrajectorySet } from "@mclnn/datasets";
import { type Coupling, MclnnError } from "@mclnn/physics";

/** Units that training works in, as multiples of the data's; powers of two, so that going there and back is exact. */
export interface Units {
  readonly length: number;
  readonly time: number;
  readonly mass: number;
  readonly charge: number;
  /** Of the law's energy and slope: what the law is multiplied with depends on the coupling. */
  readonly energy: number;
  readonly slope: number;
}

/** Scales of order one need no other units; the paper's systems and most of reduced units stay as they are. */
const ORDINARY = 64;
/** Frames that separations and accelerations are estimated from. */
const FRAMES = 400;
/** Of more particles one frame, and separations from so many, are enough. */
const FEW = 256;

/** Beyond this, and its inverse, a square or its inverse leaves the range of numbers. */
const LARGEST = 1e150;

/**
 * Chooses units in which separations, accelerations and masses are of order one.
 *
 * @throws MclnnError `extreme-units` where squares of separations, masses or intervals are no numbers any more
 */
export function chooseUnits(set: TrajectorySet, coupling: Coupling): Units {
  const separation = medianSeparation(set);
  checkExtent("positions", farthest(set.positions));
  checkExtent("positions", separation);
  checkExtent("masses", farthest(set.masses));
  checkExtent("times", farthest(set.times));
  checkExtent("times", nearestTimes(set.times));
  const length = unitNear(separation);
  const acceleration = rmsAcceleration(set) / length;
  const time = acceleration > 0 ? unitNear(Math.sqrt(1 / acceleration)) : 1;
  const mass = unitNear(set.masses.reduce((a, b) => Math.max(a, b), 0));
  const charge = unitNear(
    Array.from(set.charges ?? []).reduce((a, b) => Math.max(a, Math.abs(b)), 0),
  );
  const speed = length / time;
  const energy = mass * (speed * speed);
  const coupled =
    coupling === "none"
      ? energy
      : coupling === "mass-product"
        ? energy / (mass * mass)
        : energy / (charge * charge);
  return { length, time, mass, charge, energy: coupled, slope: coupled / length };
}

function checkExtent(argument: "positions" | "masses" | "times", extent: number): void {
  // What must be above 0 is refused elsewhere.
  if (!(extent > 0)) return;
  if (extent < LARGEST && extent > 1 / LARGEST) return;
  throw new MclnnError(`${argument} cannot be worked on in these units`, {
    code: "extreme-units",
    argument,
    expected: `sizes and differences between ${1 / LARGEST} and ${LARGEST}`,
    got: String(extent),
    mend: "Choose units in which they are of order one.",
  });
}

/** What is not finite was not observed, or is refused where it is needed. */
function farthest(values: Float64Array): number {
  return values.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
}

function nearestTimes(times: Float64Array): number {
  let nearest = 1;
  for (let k = 1; k < times.length; k++) {
    const interval = times[k] - times[k - 1];
    if (k === 1 || interval < nearest) nearest = interval;
  }
  return nearest;
}

/** The same trajectories in other units. */
export function inUnits(set: TrajectorySet, { length, time, mass, charge }: Units): TrajectorySet {
  const { velocities, charges, box, origin } = set;
  if (length === 1 && time === 1 && mass === 1 && charge === 1) return set;
  return {
    ...set,
    times: set.times.map((t) => t / time),
    positions: set.positions.map((x) => x / length),
    masses: set.masses.map((m) => m / mass),
    ...(velocities === undefined ? {} : { velocities: velocities.map((v) => (v / length) * time) }),
    ...(charges === undefined ? {} : { charges: charges.map((q) => q / charge) }),
    ...(box === undefined ? {} : { box: box.map((x) => x / length) }),
    ...(origin === undefined ? {} : { origin: origin.map((x) => x / length) }),
  };
}

/** The power of two next to a scale that is not of order one; 1 where it is, or where there is none. */
function unitNear(scale: number): number {
  if (!(scale > 0) || !Number.isFinite(scale)) return 1;
  if (scale <= ORDINARY && scale >= 1 / ORDINARY) return 1;
  let unit = 1;
  while (unit * Math.SQRT2 < scale) unit *= 2;
  while (unit / Math.SQRT2 > scale) unit /= 2;
  return unit;
}

function medianSeparation({
  trajectories,
  records,
  particles,
  dimension,
  positions,
}: TrajectorySet): number {
  const frames = trajectories * records;
  const many = particles > FEW;
  const every = Math.max(1, Math.floor(frames / (many ? 1 : FRAMES)));
  const found: number[] = [];
  let lost = false;
  for (let frame = 0; frame < frames; frame += every)
    for (let i = 0; i < Math.min(particles, FEW); i++)
      for (let j = i + 1; j < particles; j++) {
        let sum = 0;
        let differs = false;
        for (let c = 0; c < dimension; c++) {
          const d =
            positions[(frame * particles + i) * dimension + c] -
            positions[(frame * particles + j) * dimension + c];
          if (d !== 0) differs = true;
          sum += d * d;
        }
        if (sum > 0) found.push(Math.sqrt(sum));
        else if (sum === 0 && differs) lost = true;
      }
  // Particles are at different points, but squares of all separations vanish.
  if (found.length === 0 && lost) return Number.MIN_VALUE;
  return found.sort((a, b) => a - b)[Math.floor(found.length / 2)] ?? 1;
}

/** Root mean square of second differences; of first differences of velocities where there are only two records; 0 where neither is known. */
function rmsAcceleration({
  trajectories,
  records,
  particles,
  dimension,
  times,
  positions,
  velocities,
}: TrajectorySet): number {
  const size = particles * dimension;
  const every = Math.max(1, Math.floor((trajectories * records) / FRAMES));
  let sum = 0;
  let count = 0;
  for (let frame = 0; frame < trajectories * records; frame += every) {
    const k = frame % records;
    if (k === 0 || k === records - 1) continue;
    const before = times[k] - times[k - 1];
    const after = times[k + 1] - times[k];
    for (let c = frame * size; c < (frame + 1) * size; c++) {
      const a =
        (2 *
          ((positions[c + size] - positions[c]) / after -
            (positions[c] - positions[c - size]) / before)) /
        (before + after);
      if (!Number.isFinite(a)) continue;
      sum += a * a;
      count++;
    }
  }
  if (count === 0 && velocities !== undefined && records > 1) {
    const step = times[1] - times[0];
    for (let t = 0; t < trajectories; t++)
      for (let c = t * records * size; c < (t * records + 1) * size; c++) {
        const a = (velocities[c + size] - velocities[c]) / step;
        if (!Number.isFinite(a)) continue;
        sum += a * a;
        count++;
      }
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}
