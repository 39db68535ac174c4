import { portableExp } from "@mclnn/physics/portable";
import type { Frame, FramePairs, Linear, TermFormula } from "@mclnn/physics/terms";
import type { CandidateKind } from "./candidate.ts";
import { eachPair, pairsOf } from "./pairs.ts";

/** Largest change of the logarithm of a mass in one step. */
const LARGEST_STEP = 2;

/** Masses of all particles but the first. */
export const masses: CandidateKind = {
  name: "masses",
  finding: {
    kind: "masses",
    what: "the masses do not fit the accelerations",
    mend: "Check the masses, their unit and the coupling, or have them fitted: --fit-masses.",
  },
  candidates: ({ data }) => (data.particles > 2 ? [massTerm(data)] : []),
};

/** What of the data says how masses act. */
export interface Masses {
  readonly particles: number;
  /** Whether pairs are weighted with the product of their masses: then a mass moves the others, not itself. */
  readonly massWeighted: boolean;
}

/**
 * What other masses make of a pair law: coefficients are the logarithms of what the masses of all particles but the first are multiplied
 * with. The accelerations of the law at the masses as they are come with the pairs of the frame.
 *
 * A fit moves the masses themselves ({@link movedMass}) and leaves the coefficients at 0, where the sources are all there is.
 */
export function massTerm({ particles, massWeighted }: Masses): TermFormula {
  // a_i = -V' n w / m_i; where w = m_i m_j it goes with m_j.
  const factor = (logarithm: number): number => portableExp(massWeighted ? logarithm : -logarithm);
  /** Calls `visit` for each side of each pair that another mass changes, with its share of V', and that mass's coefficient. */
  const eachSide = (frame: Frame, visit: (side: Side, coefficient: number) => void): void => {
    const { pairI, pairJ, scaleI, scaleJ } = pairsOf(frame);
    eachPair(frame, (p, n, slope) => {
      const first = pairI[p];
      const second = pairJ[p];
      const ofFirst = (massWeighted ? second : first) / 3 - 1;
      const ofSecond = (massWeighted ? first : second) / 3 - 1;
      if (ofFirst >= 0)
        visit({ p, own: first, other: second, n, f: -slope, scale: scaleI[p] }, ofFirst);
      if (ofSecond >= 0)
        visit({ p, own: second, other: first, n, f: slope, scale: scaleJ[p] }, ofSecond);
    });
  };
  return {
    size: particles - 1,
    accelerate(frame, c, out) {
      eachSide(frame, ({ own, n, f, scale }, k) => {
        for (let a = 0; a < 3; a++) out[own + a] += (factor(c[k]) - 1) * (f * n[a] * scale);
      });
    },
    linearise(frame, c, into) {
      eachSide(frame, (side, k) => {
        const { own, n, f, scale } = side;
        const by = factor(c[k]);
        for (let a = 0; a < 3; a++) {
          const x = by * (f * n[a] * scale);
          into.source(own + a, k, massWeighted ? x : -x);
        }
        if (by !== 1) stiffen(into, pairsOf(frame), side, by - 1);
      });
    },
    moved: (c, step) => c.map((x, k) => x + massStep(step[k])),
    constants: (c) => [
      {
        name: "ratios",
        value: Array.from(c, portableExp),
        gradient: Array.from(c, (x, row) =>
          Array.from(c, (_, k) => (k === row ? portableExp(x) : 0)),
        ),
      },
    ],
  };
}

/** One of the two particles of a pair. */
interface Side {
  readonly p: number;
  readonly own: number;
  readonly other: number;
  readonly n: readonly number[];
  /** Force along n on it, and what makes an acceleration of it. */
  readonly f: number;
  readonly scale: number;
}

/** The gradient of a side's acceleration by positions, times a factor: -(V'' n n + V'/r (1 - n n)) for itself. */
function stiffen(
  into: Linear,
  { lookups, stride }: FramePairs,
  { p, own, other, n, scale }: Side,
  by: number,
): void {
  const transverse = lookups[p * stride + 3];
  const radial = lookups[p * stride + 4];
  for (let a = 0; a < 3; a++)
    for (let b = 0; b < 3; b++) {
      const h = (radial - transverse) * n[a] * n[b] + (a === b ? transverse : 0);
      into.stiffness(own + a, own + b, -by * scale * h);
      into.stiffness(own + a, other + b, by * scale * h);
    }
}

/** A step of the logarithm of a mass, no larger than is safe. */
export const massStep = (step: number): number =>
  Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, step));

/** A mass after a step of its logarithm. */
export const movedMass = (mass: number, step: number): number => mass * portableExp(massStep(step));
