import { LOOKUP } from "../rollout/pair-rollout.ts";
import type { ExtraUnknowns, KickState } from "../rollout/sensitivity.ts";
import type { TrainingData } from "../training/training-data.ts";

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
    ...(particles > 2 ? [massScales(data, data.massWeighted), threeBody(data)] : []),
    ...(several ? [speciesScales(data, species)] : []),
  ];
}

const add = (out: Float64Array, k: number, x: number): void => {
  out[k] = (out[k] as number) + x;
};

/** The same acceleration for every particle, one unknown a direction. */
function outsideForce({ components, dimension }: TrainingData): Alternative {
  return {
    kind: "outside-force",
    count: dimension,
    addAccelerations(_, factor, out, stride) {
      for (let c = 0; c < components; c++)
        if (c % 3 < dimension) add(out, c * stride + (c % 3), factor);
    },
  };
}

/** A pull to the middle of the data, proportional to the distance. */
function trap(data: TrainingData): Alternative {
  const { components, dimension, positions } = data;
  const centre = [0, 0, 0];
  positions.forEach((x, k) => {
    centre[k % 3] = (centre[k % 3] as number) + (3 * x) / positions.length;
  });
  return {
    kind: "trap",
    count: 1,
    addAccelerations({ positions: q }, factor, out, stride) {
      for (let c = 0; c < components; c++)
        if (c % 3 < dimension)
          add(out, c * stride, -factor * ((q[c] as number) - (centre[c % 3] as number)));
    },
  };
}

/** Friction: -v. */
function drag({ components }: TrainingData): Alternative {
  return {
    kind: "drag",
    count: 1,
    addAccelerations({ velocities }, factor, out, stride) {
      for (let c = 0; c < components; c++)
        add(out, c * stride, -factor * (velocities[c] as number));
    },
  };
}

/** A force across the velocity, as of a magnetic field: one unknown an axis, or the one in the plane. */
function velocityForce({ components, dimension }: TrainingData): Alternative {
  return {
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
  };
}

/** Calls `visit` for each pair with its unit vector, V', and its look-up's offset. */
function eachPair(
  data: TrainingData,
  { positions, lookups }: KickState,
  visit: (p: number, i: number, j: number, n: readonly number[], slope: number, r: number) => void,
): void {
  for (let p = 0; p < data.pairs; p++) {
    const i = data.pairI[p] as number;
    const j = data.pairJ[p] as number;
    const u = p * LOOKUP;
    const n = [lookups[u] as number, lookups[u + 1] as number, lookups[u + 2] as number];
    let r = 0;
    for (let c = 0; c < 3; c++)
      r += (n[c] as number) * ((positions[i + c] as number) - (positions[j + c] as number));
    visit(p, i, j, n, (lookups[u + 3] as number) * r, r);
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
    const x = f * (direction[c] as number);
    add(out, (i + c) * stride + column, x * (scaleI[p] as number));
    add(out, (j + c) * stride + column, -x * (scaleJ[p] as number));
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
        for (let k = 0; k < count; k++)
          addPair(data, p, [i, j], n, -factor * slope * (n[k] as number) ** 2, out, stride, k);
      });
    },
  };
}

/** A law of another strength for each pair of species but one. */
function speciesScales(data: TrainingData, species: Int32Array): Alternative {
  const classes = new Map<string, number>();
  const classOf = Array.from(data.pairI, (i, p) => {
    const a = species[i / 3] as number;
    const b = species[(data.pairJ[p] as number) / 3] as number;
    const key = `${Math.min(a, b)}-${Math.max(a, b)}`;
    if (!classes.has(key)) classes.set(key, classes.size);
    return classes.get(key) as number;
  });
  return {
    kind: "species",
    count: 2 * (classes.size - 1),
    addAccelerations(kick, factor, out, stride) {
      eachPair(data, kick, (p, i, j, n, slope, r) => {
        const k = (classOf[p] as number) - 1;
        if (k < 0) return;
        addPair(data, p, [i, j], n, -factor * slope, out, stride, 2 * k);
        addPair(data, p, [i, j], n, -factor * slope * r, out, stride, 2 * k + 1);
      });
    },
  };
}

/**
 * Masses of all particles but the first, as logarithms of what they are multiplied with.
 *
 * @param weighted - whether pairs are weighted with both masses, as gravity is: a mass then moves the others, not itself
 */
export function massScales(data: TrainingData, weighted: boolean): Alternative {
  const { components } = data;
  return {
    kind: "masses",
    count: data.particles - 1,
    addAccelerations(kick, factor, out, stride) {
      eachPair(data, kick, (p, i, j, n, slope) => {
        for (let c = 0; c < 3; c++) {
          const f = factor * slope * (n[c] as number);
          if (weighted) {
            // a_i = -V' n m_j, so d a_i / d log m_j = a_i.
            if (j > 0) add(out, (i + c) * stride + j / 3 - 1, -f * (data.scaleI[p] as number));
            if (i > 0) add(out, (j + c) * stride + i / 3 - 1, f * (data.scaleJ[p] as number));
            continue;
          }
          // a_i = -V' n w / m_i, so d a_i / d log m_i = +V' n w / m_i.
          if (i > 0) add(out, (i + c) * stride + i / 3 - 1, f * (data.scaleI[p] as number));
          if (j > 0 && j < components)
            add(out, (j + c) * stride + j / 3 - 1, -f * (data.scaleJ[p] as number));
        }
      });
    },
  };
}

/** An energy exp(-perimeter / 3 l) of every three particles, l the mean separation of the data. */
function threeBody(data: TrainingData): Alternative {
  const { particles, masses } = { particles: data.particles, masses: inverseMasses(data) };
  const length = meanSeparation(data);
  return {
    kind: "three-body",
    count: 1,
    addAccelerations({ positions: q }, factor, out, stride) {
      const unit = (a: number, b: number): [number[], number] => {
        const d = [0, 1, 2].map((c) => (q[3 * a + c] as number) - (q[3 * b + c] as number));
        const r = Math.sqrt(d.reduce((sum, x) => sum + x * x, 0));
        return [d.map((x) => x / r), r];
      };
      for (let a = 0; a < particles; a++)
        for (let b = a + 1; b < particles; b++)
          for (let d = b + 1; d < particles; d++) {
            const [ab, rab] = unit(a, b);
            const [bd, rbd] = unit(b, d);
            const [ad, rad] = unit(a, d);
            const f = (factor * Math.exp(-(rab + rbd + rad) / (3 * length))) / (3 * length);
            for (let c = 0; c < 3; c++) {
              const [x, y, z] = [ab[c], bd[c], ad[c]] as [number, number, number];
              add(out, (3 * a + c) * stride, f * (x + z) * (masses[a] as number));
              add(out, (3 * b + c) * stride, f * (y - x) * (masses[b] as number));
              add(out, (3 * d + c) * stride, f * (-y - z) * (masses[d] as number));
            }
          }
    },
  };
}

/** Inverse masses up to what pairs are weighted with: what a force on a particle is multiplied with. */
function inverseMasses({ particles, pairs, pairI, pairJ, scaleI, scaleJ }: TrainingData): number[] {
  const out = new Array<number>(particles).fill(1);
  for (let p = 0; p < pairs; p++) {
    out[(pairI[p] as number) / 3] = scaleI[p] as number;
    out[(pairJ[p] as number) / 3] = scaleJ[p] as number;
  }
  return out;
}

function meanSeparation({ positions, components, pairs, pairI, pairJ }: TrainingData): number {
  let sum = 0;
  let count = 0;
  for (let o = 0; o < positions.length; o += components)
    for (let p = 0; p < pairs; p++) {
      let square = 0;
      for (let c = 0; c < 3; c++)
        square +=
          ((positions[o + (pairI[p] as number) + c] as number) -
            (positions[o + (pairJ[p] as number) + c] as number)) **
          2;
      sum += Math.sqrt(square);
      count++;
    }
  return sum / count;
}
