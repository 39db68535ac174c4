import type { TrainingData } from "../../records/training-data.ts";
import { type Frame, type LocalMotion, localMotion } from "./local-motion.ts";
import { Hats, Regression } from "./regression.ts";

/** Functions of the separation in a law. */
const HATS = 10;
/** Frames with an acceleration of so many usual ones are encounters: they say nothing of what acts everywhere. */
const ENCOUNTER = 8;
/** Of frames in which more happens than records show polynomials leave so many times the noise. */
const UNRESOLVED = 8;

/** Adds what a column makes of a component. */
type Add = (component: number, column: number, value: number) => void;

/** A linear model of what particles do at a frame. */
export interface MotionModel {
  readonly size: number;
  /** What it is to explain. Default: accelerations. */
  readonly of?: "velocities" | "accelerations";
  fill(frame: Frame, add: Add): void;
}

/** Records as local motion, and models of it. */
export class Moving {
  readonly data: TrainingData;
  readonly motion: LocalMotion;
  readonly hats: Hats;
  /** Of a position component. */
  readonly noise: number;
  readonly species: Int32Array | undefined;

  /** Frames without encounters. */
  readonly calm: readonly Frame[];

  constructor(
    data: TrainingData,
    {
      noise,
      species,
      most,
      motion = localMotion(data, most),
      isResolved = () => true,
    }: {
      noise: number;
      species: Int32Array | undefined;
      most: number;
      motion?: LocalMotion;
      isResolved?: (frame: Frame) => boolean;
    },
  ) {
    this.species = species;
    this.data = data;
    this.noise = noise;
    this.motion = motion;
    this.calm = calmOf(motion.frames).filter(isResolved);
    const separations: number[] = [];
    this.eachSeparation((r) => separations.push(r));
    this.hats = new Hats(Float64Array.from(separations), HATS);
  }

  /** The same of the frames in which no more happens than records show; null where that is all of them. */
  onlyResolved(): Moving | null {
    const { data, noise, species, motion, calm } = this;
    const isResolved = ({ left }: Frame): boolean => !(left > UNRESOLVED * noise);
    if (!(noise > 0) || calm.every(isResolved)) return null;
    return new Moving(data, { noise, species, most: 0, motion, isResolved });
  }

  private eachSeparation(visit: (r: number) => void): void {
    for (const frame of this.calm) this.eachPair(frame, (_, r) => visit(r));
  }

  /** Calls `visit` with the number of each pair, its separation and its unit vector from the second particle to the first. */
  eachPair(
    { positions }: Frame,
    visit: (p: number, r: number, n: readonly number[]) => void,
  ): void {
    const { pairs, pairI, pairJ } = this.data;
    for (let p = 0; p < pairs; p++) {
      const d = [0, 1, 2].map((c) => positions[pairI[p] + c] - positions[pairJ[p] + c]);
      const r = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
      if (r > 0)
        visit(
          p,
          r,
          d.map((x) => x / r),
        );
    }
  }

  /** V' of a law at a separation. @param law - one number a function, those of one pair of species after those of another */
  slope(law: Float64Array, p: number, r: number): number {
    const { first, value } = this.hats.at(r);
    const k = this.data.pairLaw[p] * this.hats.size + first;
    return law[k] * value + law[k + 1] * (1 - value);
  }

  /** A force along a direction on the first of a pair, and against it on the second. */
  addForce(add: Add, p: number, direction: readonly number[], column: number, force: number): void {
    const { pairI, pairJ, scaleI, scaleJ, dimension } = this.data;
    for (let c = 0; c < dimension; c++) {
      add(pairI[p] + c, column, direction[c] * force * scaleI[p]);
      add(pairJ[p] + c, column, -direction[c] * force * scaleJ[p]);
    }
  }

  /** The same with one column a function of the separation, from `column` on. */
  addPair(add: Add, p: number, r: number, direction: readonly number[], column: number): void {
    const { first, value } = this.hats.at(r);
    this.addForce(add, p, direction, column + first, value);
    this.addForce(add, p, direction, column + first + 1, 1 - value);
  }

  /** The regression of a model over all frames without encounters, or those of one trajectory. */
  regression({ size, of = "accelerations", fill }: MotionModel, trajectory?: number): Regression {
    const { components, dimension } = this.data;
    const out = new Regression(size);
    const rows = new Float64Array(components * size);
    for (const frame of this.calm) {
      if (trajectory !== undefined && frame.trajectory !== trajectory) continue;
      rows.fill(0);
      fill(frame, (component, column, value) => {
        rows[component * size + column] += value;
      });
      for (let c = 0; c < components; c++) {
        if (c % 3 >= dimension) continue;
        const columns: number[] = [];
        const values: number[] = [];
        for (let k = 0; k < size; k++) {
          const x = rows[c * size + k];
          if (x === 0) continue;
          columns.push(k);
          values.push(x);
        }
        out.add(columns, values, frame[of][c]);
      }
    }
    return out;
  }

  /** What models leave beyond the noise, for each degree of freedom, as a share of all that there is. @param regressions - of parts of the frames */
  unexplained(
    regressions: Regression | readonly Regression[],
    of: MotionModel["of"] = "accelerations",
  ): number {
    const { velocityNoise, accelerationNoise } = this.motion;
    const noise = this.noise * (of === "velocities" ? velocityNoise : accelerationNoise);
    let [left, freedom, squares, rows] = [0, 0, 0, 0];
    for (const each of [regressions].flat() as readonly Regression[]) {
      left += each.left();
      freedom += each.rows - each.size;
      squares += each.squares;
      rows += each.rows;
    }
    return Math.max(0, left / Math.max(1, freedom) - noise) / Math.max(0, squares / rows - noise);
  }

  /** The law of pairs that is asked for (one for each pair of species), and what acts on each particle alone: a uniform field, a trap and drag. */
  get asked(): MotionModel & { readonly beside: number } {
    const { particles, dimension, laws, pairLaw } = this.data;
    const size = laws * this.hats.size;
    return {
      size: size + dimension + 2,
      beside: dimension + 2,
      fill: (frame, add) => {
        this.eachPair(frame, (p, r, n) => this.addPair(add, p, r, n, pairLaw[p] * this.hats.size));
        for (let i = 0; i < particles; i++)
          for (let c = 0; c < dimension; c++) {
            add(3 * i + c, size + c, 1);
            add(3 * i + c, size + dimension, frame.positions[3 * i + c]);
            add(3 * i + c, size + dimension + 1, frame.velocities[3 * i + c]);
          }
      },
    };
  }
}

function calmOf(frames: readonly Frame[]): readonly Frame[] {
  const largest = frames.map(({ accelerations }) =>
    accelerations.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
  );
  const usual = largest.slice().sort((a, b) => a - b)[Math.floor(frames.length / 2)];
  return frames.filter((_, k) => largest[k] <= ENCOUNTER * usual);
}
