import { portableExp } from "@mclnn/physics/portable";
import type { TrainingData } from "../records/training-data.ts";
import type { CandidateKind } from "./candidate.ts";

/** Triples that are looked at, more or less; of many particles only some count as the one in the middle. */
const TRIPLES = 4000;
/** Powers of the cosine at the particle in the middle. */
const POWERS = 3;

/**
 * Energies of every particle with two others: exp(-(r1 + r2) / l) cos^m of the angle between them, l the mean separation of the data (the form of
 * Stillinger and Weber 1985; m = 0 is what embedding in a density adds to a pair law).
 */
export const threeBody: CandidateKind = {
  name: "three-body",
  finding: {
    kind: "three-body",
    what: "the force between two particles depends on where a third one is",
    mend: "A pair law is the best of its kind here, and no more; look for three-body forces or for a body that was not recorded.",
  },
  candidates({ data }) {
    const { particles, components, masses } = data;
    if (particles < 3) return [];
    const length = meanSeparation(data);
    const every = Math.ceil((particles * particles * (particles - 1)) / (2 * TRIPLES));
    const own = new Float64Array(components * POWERS);
    return [
      {
        size: POWERS,
        linearise({ positions }, _, into) {
          own.fill(0);
          for (let middle = 0; middle < particles; middle += every)
            addTriples(positions, masses, middle, length, own);
          for (let c = 0; c < components; c++)
            for (let m = 0; m < POWERS; m++) into.source(c, m, own[c * POWERS + m]);
        },
      },
    ];
  },
};

/** Adds the accelerations of all triples about one particle. @param out - [components x POWERS] */
function addTriples(
  q: Float64Array,
  masses: Float64Array,
  j: number,
  length: number,
  out: Float64Array,
): void {
  const particles = masses.length;
  /** A force on one particle, and its opposite on the one in the middle. */
  const push = (a: number, m: number, x: number, y: number, z: number): void => {
    const wa = 1 / masses[a];
    const wm = 1 / masses[j];
    out[3 * a * POWERS + m] += wa * x;
    out[(3 * a + 1) * POWERS + m] += wa * y;
    out[(3 * a + 2) * POWERS + m] += wa * z;
    out[3 * j * POWERS + m] += -wm * x;
    out[(3 * j + 1) * POWERS + m] += -wm * y;
    out[(3 * j + 2) * POWERS + m] += -wm * z;
  };
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
      const both = portableExp(-(r1 + r2) / length);
      let power = 1;
      let lower = 0;
      for (let m = 0; m < POWERS; m++) {
        // F = -dE/dx: along the first arm a1 and the second b2, and across by the change of the angle.
        const along = (both * power) / length;
        const across = both * m * lower;
        const a1 = along / r1 + (across * cosine) / (r1 * r1);
        const b2 = along / r2 + (across * cosine) / (r2 * r2);
        const cross = across / (r1 * r2);
        push(i, m, a1 * x1 - cross * x2, a1 * y1 - cross * y2, a1 * z1 - cross * z2);
        push(k, m, b2 * x2 - cross * x1, b2 * y2 - cross * y1, b2 * z2 - cross * z1);
        lower = power;
        power *= cosine;
      }
    }
  }
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
