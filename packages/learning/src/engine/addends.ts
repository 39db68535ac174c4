import { MclnnError } from "@mclnn/physics";
import {
  type Candidate,
  type Frame,
  type FramePairs,
  invertMasses,
  type Linear,
  type Term,
} from "@mclnn/physics/terms";
import type { TrainingData } from "../records/training-data.ts";
import { heldTerms } from "../terms/law-terms.ts";
import { AffineTerms } from "./affine.ts";
import { LOOKUP, type March } from "./group.ts";

/**
 * What acts, or may act, beside the pair law: a term, or a candidate that rides along where it is absent.
 *
 * One that says nothing of what it reads reads positions; one without a spec stays on the thread that made it.
 */
export type Addend = Candidate &
  Partial<
    Pick<
      Term,
      "spec" | "reads" | "affine" | "accelerate" | "inertia" | "moved" | "curves" | "small"
    >
  >;

/** Terms beside the pair law with their coefficients. */
export interface Beside {
  readonly terms: readonly Addend[];
  /** Of all terms, one after another. Default: each where it is absent. */
  readonly values?: Float64Array | undefined;
}

export const sizeOf = (terms: readonly Addend[]): number =>
  terms.reduce((sum, { size }) => sum + size, 0);

const readsVelocities = ({ reads = "positions" }: Addend): boolean => reads.includes("velocities");

/** A term at its coefficients. */
interface Placed {
  readonly term: Addend;
  /** Where its coefficients begin among those of all. */
  readonly first: number;
  readonly values: Float64Array;
}

/**
 * Terms beside the pair law at given coefficients: what they do to rollouts.
 *
 * A term at its start accelerates nothing. Where a term reads velocities, a kick is their flow at frozen positions: four stages of
 * Runge-Kutta, for which the accelerations that go by positions alone are evaluated once and held.
 */
export class Addends {
  readonly size: number;
  /** Whether there is anything beside the pair law. */
  readonly any: boolean;
  /** Whether any acts at these coefficients. */
  readonly act: boolean;
  /** Whether any goes by positions alone. */
  readonly hold: boolean;
  /** Whether any reads velocities, and whether such a one acts. */
  readonly readVelocities: boolean;
  readonly damp: boolean;
  /** Whether any goes by accelerations, for it changes how bodies respond to forces. */
  readonly inert: boolean;
  /** All of them as one affine law; null where one is not. */
  readonly affine: AffineTerms | null;
  private readonly held: readonly Placed[];
  private readonly moving: readonly Placed[];
  private readonly heldActing: readonly Placed[];
  private readonly movingActing: readonly Placed[];
  private readonly inertActing: readonly Placed[];
  private readonly responses: Float64Array;

  /** @param data - where terms may act already @throws MclnnError `bad-shape`, `no-acceleration` */
  constructor({ terms, values }: Beside, data: TrainingData) {
    this.size = sizeOf(terms);
    if (values !== undefined && values.length !== this.size)
      throw new MclnnError("values do not fit the terms", {
        code: "bad-shape",
        argument: "values",
        expected: `${this.size} numbers, the coefficients of all terms`,
        got: `${values.length}`,
      });
    let first = 0;
    const all: readonly Addend[] = [...terms, ...heldTerms(data)];
    const placed = all.map((term): Placed => {
      const own = Float64Array.from(
        { length: term.size },
        (_, k) => values?.[first + k] ?? term.start?.[k] ?? 0,
      );
      first += term.size;
      return { term, first: first - term.size, values: own };
    });
    this.any = placed.length > 0;
    this.held = placed.filter(({ term }) => !readsVelocities(term));
    this.moving = placed.filter(({ term }) => readsVelocities(term));
    this.heldActing = this.held.filter(acts);
    this.movingActing = this.moving.filter(acts);
    this.inert = placed.some(({ term }) => term.inertia !== undefined);
    this.inertActing = this.movingActing.filter(({ term }) => term.inertia !== undefined);
    this.responses = new Float64Array(this.inertActing.length > 0 ? 3 * data.components : 0);
    this.hold = this.held.length > 0;
    this.readVelocities = this.moving.length > 0;
    this.damp = this.movingActing.length > 0;
    this.act = this.damp || this.heldActing.length > 0;
    this.affine = AffineTerms.of(placed, data.components, this.act);
  }

  /** Adds what goes by positions alone. */
  accelerate(frame: Frame, out: Float64Array): void {
    const { heldActing } = this;
    for (let k = 0; k < heldActing.length; k++)
      heldActing[k].term.accelerate?.(frame, heldActing[k].values, out);
  }

  /** Adds what goes by velocities. */
  accelerateMoving(frame: Frame, out: Float64Array): void {
    const { movingActing } = this;
    for (let k = 0; k < movingActing.length; k++)
      movingActing[k].term.accelerate?.(frame, movingActing[k].values, out);
  }

  /** What bodies make of forces, row by row: the inverse of their masses over those without terms; null where they are as they are. [3 x components] */
  respond(frame: Frame): Float64Array | null {
    const { inertActing, responses } = this;
    if (inertActing.length === 0) return null;
    responses.fill(0);
    for (const { term, values } of inertActing) term.inertia?.(frame, values, responses);
    invertMasses(responses);
    return responses;
  }

  /** Tells what goes by positions alone. */
  linearise(frame: Frame, into: Linear): void {
    tell(this.held, frame, into);
  }

  /** Tells what goes by velocities. */
  lineariseMoving(frame: Frame, into: Linear): void {
    tell(this.moving, frame, into);
  }
}

function tell(placed: readonly Placed[], frame: Frame, into: Linear): void {
  into.clear();
  for (const { term, first, values } of placed) {
    into.first = first;
    term.linearise(frame, values, into);
  }
}

/** Whether a term is anywhere but where it is absent. @throws MclnnError `no-acceleration` for a candidate that cannot be */
function acts({ term, values }: Placed): boolean {
  if (term.size > 0 && values.every((c, k) => c === (term.start?.[k] ?? 0))) return false;
  if (term.accelerate === undefined)
    throw new MclnnError("a candidate cannot act", {
      code: "no-acceleration",
      argument: "values",
      expected: "a term, which has accelerations",
      got: "coefficients of a candidate away from its start",
    });
  return true;
}

/** Terms that are made from plain data; null where one cannot be. */
export function specsOf(terms: readonly Addend[]): NonNullable<Addend["spec"]>[] | null {
  const specs = terms.flatMap(({ spec }) => (spec === undefined ? [] : [spec]));
  return specs.length === terms.length ? specs : null;
}

/** A frame whose arrays are filled again and again. */
export class ReusedFrame implements Frame {
  trajectory = 0;
  time = 0;
  positions: Float64Array;
  velocities: Float64Array;
  /** Those of the stage at hand, where it is known. */
  accelerations: Float64Array | undefined = undefined;
  private readonly looked: FramePairs & { readonly lookups: Float64Array };
  private march: March | null = null;
  private lane = 0;
  private kick = 0;

  constructor({ components, pairs: count, pairI, pairJ, scaleI, scaleJ }: TrainingData) {
    this.positions = new Float64Array(components);
    this.velocities = new Float64Array(components);
    const lookups = new Float64Array(count * LOOKUP);
    this.looked = { count, pairI, pairJ, scaleI, scaleJ, lookups, stride: LOOKUP };
  }

  /** Says where look-ups are, should a term ask for them. @param march - null where they are not kept */
  at(march: March | null, lane: number, kick: number): void {
    this.march = march;
    this.lane = lane;
    this.kick = kick;
  }

  get pairs(): FramePairs {
    const { march, looked } = this;
    if (march === null)
      throw new MclnnError("a term goes by the pair law where it is not kept", {
        code: "missing-pairs",
        argument: "terms",
        expected: "a term that does without while it accelerates",
        got: "one that reads pairs",
      });
    march.readLookups(this.lane, this.kick, looked.lookups);
    return looked;
  }
}
