import { portableExp } from "@mclnn/physics/portable";
import { LOOKUP } from "../engine/pair-rollout.ts";
import type { ExtraUnknowns, KickState } from "../engine/sensitivity.ts";
import type { TrainingData } from "../records/training-data.ts";

/** Something that a pair law cannot do, as accelerations per unit of a few unknowns. */
export interface Alternative {
  readonly kind: AlternativeKind;
  readonly count: number;
  /** Adds acceleration k of component c, times factor, to out[c x stride + k]. */
  addAccelerations(kick: KickState, factor: number, out: Float64Array, stride: number): void;
}

export type AlternativeKind =
  | "outside-force"
  | "trap"
  | "drag"
  | "velocity-force"
  | "non-central"
  | "direction"
  | "species"
  | "masses"
  | "three-body";

/** Several alternatives as unknowns of one pass, one after another. */
export function together(alternatives: readonly Alternative[]): ExtraUnknowns {
  return {
    count: alternatives.reduce((sum, { count }) => sum + count, 0),
    addAccelerations(kick, factor, out, stride) {
      let first = 0;
      for (const alternative of alternatives) {
        alternative.addAccelerations(kick, factor, out.subarray(first), stride);
        first += alternative.count;
      }
    },
  };
}

/** What is tested for, as far as the data can show it. @param species - of the particles, when one law was asked for all of them */
export function alternativesFor(
  data: TrainingData,
  species: Int32Array | undefined,
): Alternative[] {
  const { particles } = data;
  const several = species !== undefined && new Set(species).size > 1 && data.laws === 1;
  return [
    outsideForce(data),
    trap(data),
    drag(data),
    velocityForce(data),
    nonCentral(data),
    direction(data),
    ...(particles > 2 ? [massScales(data), threeBody(data)] : []),
    ...(several ? [speciesScales(data, species)] : []),
  ];
}

const add = (out: Float64Array, k: number, x: number): void => {
  out[k] = out[k] + x;
};

/** Whether a force and an acceleration that are the same for all particles differ. */
const unequalMasses = ({ masses }: TrainingData): boolean => masses.some((m) => m !== masses[0]);

/** The alternative as an acceleration and, where masses differ, as a force beside it: as many unknowns again. */
function orForce(data: TrainingData, alternative: Alternative): Alternative {
  if (!unequalMasses(data)) return alternative;
  const { components, masses } = data;
  const { count } = alternative;
  const own = new Float64Array(components * count);
  return {
    ...alternative,
    count: 2 * count,
    addAccelerations(kick, factor, out, stride) {
      own.fill(0);
      alternative.addAccelerations(kick, factor, own, count);
      for (let c = 0; c < components; c++)
        for (let k = 0; k < count; k++) {
          const a = own[c * count + k];
          add(out, c * stride + k, a);
          add(out, c * stride + count + k, a / masses[Math.floor(c / 3)]);
        }
    },
  };
}

/** The same acceleration for every particle, one unknown a direction. */
function outsideForce(data: TrainingData): Alternative {
  const { components, dimension } = data;
  return orForce(data, {
    kind: "outside-force",
    count: dimension,
    addAccelerations(_, factor, out, stride) {
      for (let c = 0; c < components; c++)
        if (c % 3 < dimension) add(out, c * stride + (c % 3), factor);
    },
  });
}

/** A pull to the middle of the data, proportional to the distance. */
function trap(data: TrainingData): Alternative {
  const { components, dimension, positions } = data;
  const centre = [0, 0, 0];
  positions.forEach((x, k) => {
    centre[k % 3] = centre[k % 3] + (3 * x) / positions.length;
  });
  return orForce(data, {
    kind: "trap",
    count: 1,
    addAccelerations({ positions: q }, factor, out, stride) {
      for (let c = 0; c < components; c++)
        if (c % 3 < dimension) add(out, c * stride, -factor * (q[c] - centre[c % 3]));
    },
  });
}

/** Friction: -v. */
function drag(data: TrainingData): Alternative {
  return orForce(data, {
    kind: "drag",
    count: 1,
    addAccelerations({ velocities }, factor, out, stride) {
      for (let c = 0; c < data.components; c++) add(out, c * stride, -factor * velocities[c]);
    },
  });
}

/** A force across the velocity, as of a magnetic field: one unknown an axis, or the one in the plane. */
function velocityForce(data: TrainingData): Alternative {
  const { components, dimension } = data;
  return orForce(data, {
    kind: "velocity-force",
    count: dimension === 3 ? 3 : 1,
    addAccelerations({ velocities }, factor, out, stride) {
      for (let i = 0; i < components; i += 3) {
        const [x, y, z] = [velocities[i], velocities[i + 1], velocities[i + 2]] as [
          number,
          number,
          number,
        ];
        if (dimension === 2) {
          add(out, i * stride, factor * y);
          add(out, (i + 1) * stride, -factor * x);
          continue;
        }
        // v x e for each axis e.
        add(out, (i + 1) * stride, factor * z);
        add(out, (i + 2) * stride, -factor * y);
        add(out, i * stride + 1, -factor * z);
        add(out, (i + 2) * stride + 1, factor * x);
        add(out, i * stride + 2, factor * y);
        add(out, (i + 1) * stride + 2, -factor * x);
      }
    },
  });
}

/** Calls `visit` for each pair with its unit vector, V', and its look-up's offset. */
function eachPair(
  data: TrainingData,
  { positions, lookups }: KickState,
  visit: (p: number, i: number, j: number, n: readonly number[], slope: number, r: number) => void,
): void {
  for (let p = 0; p < data.pairs; p++) {
    const i = data.pairI[p];
    const j = data.pairJ[p];
    const u = p * LOOKUP;
    const n = [lookups[u], lookups[u + 1], lookups[u + 2]];
    let r = 0;
    for (let c = 0; c < 3; c++) r += n[c] * (positions[i + c] - positions[j + c]);
    visit(p, i, j, n, lookups[u + 3] * r, r);
  }
}

/** Adds a force f along a direction on the first of a pair, and its opposite on the second. */
function addPair(
  { scaleI, scaleJ }: TrainingData,
  p: number,
  [i, j]: readonly [number, number],
  direction: readonly number[],
  f: number,
  out: Float64Array,
  stride: number,
  column: number,
): void {
  for (let c = 0; c < 3; c++) {
    const x = f * direction[c];
    add(out, (i + c) * stride + column, x * scaleI[p]);
    add(out, (j + c) * stride + column, -x * scaleJ[p]);
  }
}

/** Forces across the line between two particles: equal and opposite, but with a torque. */
function nonCentral(data: TrainingData): Alternative {
  const flat = data.dimension === 2;
  return {
    kind: "non-central",
    count: flat ? 1 : 3,
    addAccelerations(kick, factor, out, stride) {
      eachPair(data, kick, (p, i, j, [x = 0, y = 0, z = 0]) => {
        const across = flat
          ? [[-y, x, 0]]
          : [
              [0, -z, y],
              [z, 0, -x],
              [-y, x, 0],
            ];
        across.forEach((direction, k) => {
          addPair(data, p, [i, j], direction, factor, out, stride, k);
        });
      });
    },
  };
}

/** A law whose strength depends on the direction in space. */
function direction(data: TrainingData): Alternative {
  const count = data.dimension - 1;
  return {
    kind: "direction",
    count,
    addAccelerations(kick, factor, out, stride) {
      eachPair(data, kick, (p, i, j, n, slope) => {
        for (let k = 0; k < count; k++) {
          const share = n[k];
          addPair(data, p, [i, j], n, -factor * slope * (share * share), out, stride, k);
        }
      });
    },
  };
}

/** For each pair of species but one: a law of another strength, and forces of its own, constant and growing with the separation. */
function speciesScales(data: TrainingData, species: Int32Array): Alternative {
  const classes = new Map<string, number>();
  const classOf = Array.from(data.pairI, (i, p) => {
    const a = species[i / 3];
    const b = species[data.pairJ[p] / 3];
    const key = `${Math.min(a, b)}-${Math.max(a, b)}`;
    if (!classes.has(key)) classes.set(key, classes.size);
    return classes.get(key) as number;
  });
  return {
    kind: "species",
    count: 3 * (classes.size - 1),
    addAccelerations(kick, factor, out, stride) {
      eachPair(data, kick, (p, i, j, n, slope, r) => {
        const k = classOf[p] - 1;
        if (k < 0) return;
        addPair(data, p, [i, j], n, -factor * slope, out, stride, 3 * k);
        addPair(data, p, [i, j], n, -factor, out, stride, 3 * k + 1);
        addPair(data, p, [i, j], n, -factor * r, out, stride, 3 * k + 2);
      });
    },
  };
}

/**
 * Masses of all particles but the first, as logarithms of what they are multiplied with.
 */
export function massScales(data: TrainingData): Alternative {
  const { components, massWeighted: weighted } = data;
  return {
    kind: "masses",
    count: data.particles - 1,
    addAccelerations(kick, factor, out, stride) {
      eachPair(data, kick, (p, i, j, n, slope) => {
        for (let c = 0; c < 3; c++) {
          const f = factor * slope * n[c];
          if (weighted) {
            // Weighted with both masses, as gravity is, a mass moves the others, not itself.
            // a_i = -V' n m_j, so d a_i / d log m_j = a_i.
            if (j > 0) add(out, (i + c) * stride + j / 3 - 1, -f * data.scaleI[p]);
            if (i > 0) add(out, (j + c) * stride + i / 3 - 1, f * data.scaleJ[p]);
            continue;
          }
          // a_i = -V' n w / m_i, so d a_i / d log m_i = +V' n w / m_i.
          if (i > 0) add(out, (i + c) * stride + i / 3 - 1, f * data.scaleI[p]);
          if (j > 0 && j < components) add(out, (j + c) * stride + j / 3 - 1, -f * data.scaleJ[p]);
        }
      });
    },
  };
}

/** Triples that are looked at, more or less; of many particles only some count as the one in the middle. */
const TRIPLES = 4000;
/** Powers of the cosine at the particle in the middle. */
const COSINES = [0, 1, 2];

/**
 * Energies of every particle with two others: exp(-(r1 + r2) / l) cos^m of the angle between them, l the mean separation of the data (the form of
 * Stillinger and Weber 1985; m = 0 is what embedding in a density adds to a pair law).
 */
function threeBody(data: TrainingData): Alternative {
  const { particles, masses } = data;
  const length = meanSeparation(data);
  const count = COSINES.length;
  const every = Math.ceil((particles * particles * (particles - 1)) / (2 * TRIPLES));
  return {
    kind: "three-body",
    count,
    addAccelerations({ positions: q }, factor, out, stride) {
      for (let j = 0; j < particles; j += every)
        for (let i = 0; i < particles; i++) {
          if (i === j) continue;
          const x1 = q[3 * i] - q[3 * j];
          const y1 = q[3 * i + 1] - q[3 * j + 1];
          const z1 = q[3 * i + 2] - q[3 * j + 2];
          const r1 = Math.sqrt(x1 * x1 + y1 * y1 + z1 * z1);
          for (let k = i + 1; k < particles; k++) {
            if (k === j) continue;
            const x2 = q[3 * k] - q[3 * j];
            const y2 = q[3 * k + 1] - q[3 * j + 1];
            const z2 = q[3 * k + 2] - q[3 * j + 2];
            const r2 = Math.sqrt(x2 * x2 + y2 * y2 + z2 * z2);
            const cosine = (x1 * x2 + y1 * y2 + z1 * z2) / (r1 * r2);
            const both = factor * portableExp(-(r1 + r2) / length);
            let power = 1;
            let lower = 0;
            for (let m = 0; m < count; m++) {
              // F = -dE/dx: along the first arm a1 and the second b2, and across by the change of the angle.
              const along = (both * power) / length;
              const across = both * m * lower;
              const a1 = along / r1 + (across * cosine) / (r1 * r1);
              const b2 = along / r2 + (across * cosine) / (r2 * r2);
              const cross = across / (r1 * r2);
              push(i, m, a1 * x1 - cross * x2, a1 * y1 - cross * y2, a1 * z1 - cross * z2, j);
              push(k, m, b2 * x2 - cross * x1, b2 * y2 - cross * y1, b2 * z2 - cross * z1, j);
              lower = power;
              power *= cosine;
            }
          }
        }
      /** A force on one particle, and its opposite on the one in the middle. */
      function push(a: number, m: number, x: number, y: number, z: number, middle: number): void {
        const wa = 1 / masses[a];
        const wm = 1 / masses[middle];
        add(out, 3 * a * stride + m, wa * x);
        add(out, (3 * a + 1) * stride + m, wa * y);
        add(out, (3 * a + 2) * stride + m, wa * z);
        add(out, 3 * middle * stride + m, -wm * x);
        add(out, (3 * middle + 1) * stride + m, -wm * y);
        add(out, (3 * middle + 2) * stride + m, -wm * z);
      }
    },
  };
}

function meanSeparation({ positions, components, pairs, pairI, pairJ }: TrainingData): number {
  let sum = 0;
  let count = 0;
  for (let o = 0; o < positions.length; o += components)
    for (let p = 0; p < pairs; p++) {
      let square = 0;
      for (let c = 0; c < 3; c++) {
        const d = positions[o + pairI[p] + c] - positions[o + pairJ[p] + c];
        square += d * d;
      }
      sum += Math.sqrt(square);
      count++;
    }
  return sum / count;
}
