import { portableLog } from "@mclnn/physics/portable";
import type { Block } from "./block.ts";
import { blocks as catalogue, HALF_POWERS, POWERS, power, SAME } from "./blocks.ts";
import { type FittedSum, Fitter } from "./fitter.ts";
import { TOGETHER } from "./scope.ts";
import { type Candidate, scored } from "./score.ts";
import { keyOf, keysOf, type Part, type Sum } from "./sum.ts";
import type { Target } from "./target.ts";

/** What naming a choice costs, in nats: about the logarithm of how many of its kind come up, rarer kinds more. A factor of 2 there is 0.7. */
const COST = {
  power: portableLog(POWERS.length),
  halfPower: portableLog(60),
  block: portableLog(16),
  snapped: portableLog(10),
};

/** Subsets of fixed powers that are scored, by their size. */
const SUBSETS = [21, 60, 40, 25];
/** A free power beside a fixed one begins at one of these. */
const FREE_POWERS = [-12, -9, -6, -4, -2.5, -1.5, -0.5, 0.5, 1.5, 3];
/** Sums of a block and two powers, and of Gaussians, that are polished. */
const WITH_TWO = 20;
const GAUSSIANS = 3;
/** A power so near to a round number is also tried there. */
const NEAR = 0.35;
/** What is so far off is not tried at round numbers. */
const HOPELESS = { p: 1e-12, score: 200 };

const fixedPower = (p: number): Part => ({
  block: power,
  constants: [p],
  fixed: [true],
  cost: Number.isInteger(p) ? COST.power : COST.halfPower,
});

const freePower = (p: number): Part => ({
  block: power,
  constants: [p],
  fixed: [false],
  cost: COST.block,
});

const part = (block: Block, constants: readonly number[]): Part => ({
  block,
  constants,
  fixed: constants.map(() => false),
  cost: COST.block,
});

/** Everything that was found worth scoring, best first; and how it was fitted. */
export interface Found {
  readonly fitter: Fitter;
  readonly candidates: readonly Candidate[];
}

/**
 * Looks through sums of blocks and powers: next to exhaustive for what laws are made of.
 *
 * @param blocks - of one's own @param most - constants, linear and other, of a sum
 *
 * Yields its progress as a share, so that a page or a command can show it and stop.
 */
export function* searchFormulas(
  target: Target,
  { blocks: own, most }: { blocks: readonly Block[]; most: number },
): Generator<number, Found> {
  const fitter = new Fitter(target);
  const found = new Pool(fitter, most);
  const all = [...catalogue, ...own];
  const phases = [
    () => powers(found),
    () => singleBlocks(found, all),
    () => freePowers(found),
    () => withPowers(found, all),
    () => withTwoPowers(found, all),
    () => blockPairs(found, all),
    () => gaussians(found, all),
    () => snapped(found),
  ];
  for (const [index, phase] of phases.entries()) {
    for (const _ of phase()) yield index / phases.length;
    yield (index + 1) / phases.length;
  }
  return { fitter, candidates: found.sorted() };
}

/** Sums found so far, one of a name. */
class Pool {
  readonly fitter: Fitter;
  private readonly most: number;
  private readonly byKey = new Map<string, Candidate>();

  constructor(fitter: Fitter, most: number) {
    this.fitter = fitter;
    this.most = most;
  }

  add(fitted: FittedSum | null): void {
    if (fitted === null || this.fitter.atBound(fitted.sum) || writtenOtherwise(fitted.sum)) return;
    const candidate = scored(this.fitter, fitted);
    if (candidate === null) return;
    const before = this.byKey.get(candidate.key);
    if (before === undefined || candidate.score < before.score)
      this.byKey.set(candidate.key, candidate);
  }

  /** Polishes the most promising of some beginnings. */
  try(starts: readonly Sum[], most: number, steps?: number): void {
    for (const start of this.promising(starts, most)) this.add(this.fitter.polish(start, steps));
  }

  promising(starts: readonly Sum[], most: number): Sum[] {
    return starts
      .filter((sum) => constantsIn(sum) <= this.most)
      .map((sum) => ({ sum, chiSquared: this.fitter.quick(sum) }))
      .filter(({ chiSquared }) => Number.isFinite(chiSquared))
      .sort((a, b) => a.chiSquared - b.chiSquared)
      .slice(0, most)
      .map(({ sum }) => sum);
  }

  /** A block at every beginning of its constants. */
  beginnings(block: Block): Part[] {
    const count = block.constants.length === 1 ? undefined : TOGETHER;
    return block.constants
      .reduce<number[][]>(
        (rows, constant) => {
          const scope = this.fitter.scope(constant);
          const values = constant.starts ?? scope.starts(count ?? scope.count);
          return rows.flatMap((row) => values.map((value) => [...row, value]));
        },
        [[]],
      )
      .map((constants) => part(block, constants));
  }

  sorted(): Candidate[] {
    return [...this.byKey.values()].sort((a, b) => a.score - b.score);
  }
}

const constantsIn = (sum: Sum): number =>
  sum.reduce(
    (n, { block, fixed }) => n + block.slopes.length + fixed.filter((is) => !is).length,
    0,
  );

/** Whether another candidate is the same function in fewer words. */
function writtenOtherwise(sum: Sum): boolean {
  const own = keyOf(sum);
  const keys = keysOf(sum);
  return SAME.some(([other]) => (other.includes("+") ? own === other : keys.includes(other)));
}

/** Subsets of fixed powers. */
function* powers(found: Pool): Generator<void> {
  const { fitter } = found;
  const parts = POWERS.map(fixedPower);
  const subsets = (size: number, from: number): Part[][] =>
    size === 0
      ? [[]]
      : parts.flatMap((each, k) =>
          k < from ? [] : subsets(size - 1, k + 1).map((rest) => [each, ...rest]),
        );
  for (const [index, most] of SUBSETS.entries()) {
    for (const sum of found.promising(subsets(index + 1, 0), most)) found.add(fitter.solve(sum));
    yield;
  }
  for (const half of HALF_POWERS.map(fixedPower)) {
    found.add(fitter.solve([half]));
    for (const other of parts) found.add(fitter.solve([half, other]));
    yield;
  }
}

/** Free powers: alone, two together, one beside a fixed one. */
function* freePowers(found: Pool): Generator<void> {
  const alone = POWERS.filter((p) => p !== 0).map((p) => [freePower(p + 0.1)]);
  found.try(alone, 2);
  yield;
  const pairs = POWERS.flatMap((p, i) =>
    POWERS.slice(0, i).map((q) => [freePower(p + 0.05), freePower(q - 0.05)]),
  );
  found.try(pairs, 4);
  for (const p of POWERS) {
    yield;
    const beside = FREE_POWERS.map((q) => [freePower(q + 0.03), fixedPower(p)]);
    found.try(beside, 1, 15);
  }
}

/** How many beginnings are followed: more where two constants or more make valleys. */
const followed = (block: Block): number => (block.constants.length > 1 ? 8 : 3);

function* singleBlocks(found: Pool, all: readonly Block[]): Generator<void> {
  for (const block of all) {
    const starts = found.beginnings(block).map((each) => [each]);
    found.try(starts, followed(block), 60);
    yield;
  }
}

function* withPowers(found: Pool, all: readonly Block[]): Generator<void> {
  for (const block of all.filter(({ beside }) => (beside?.powers ?? 0) >= 1)) {
    const starts = found.beginnings(block);
    for (const p of POWERS.map(fixedPower)) {
      yield;
      const sums = starts.map((each) => [each, p]);
      found.try(sums, 2, 30);
    }
  }
}

function* withTwoPowers(found: Pool, all: readonly Block[]): Generator<void> {
  const parts = POWERS.map(fixedPower);
  for (const block of all.filter(({ beside }) => beside?.powers === 2)) {
    const starts = everySecond(found.beginnings(block));
    const best: Sum[] = [];
    for (const [i, p] of parts.entries()) {
      yield;
      for (const q of parts.slice(0, i)) {
        const sums = starts.map((each) => [each, p, q]);
        best.push(...found.promising(sums, 1));
      }
    }
    for (const sum of found.promising(best, WITH_TWO)) {
      yield;
      found.add(found.fitter.polish(sum, 25));
    }
  }
}

function* blockPairs(found: Pool, all: readonly Block[]): Generator<void> {
  for (const block of all)
    for (const name of block.beside?.blocks ?? []) {
      const other = all.find((each) => each.name === name);
      if (other === undefined) continue;
      yield;
      const own = everySecond(found.beginnings(block));
      const others = everySecond(found.beginnings(other));
      const sums = own.flatMap((a, i) =>
        others.filter((_, k) => block !== other || k < i).map((b) => [a, b]),
      );
      found.try(sums, 3);
    }
}

/** Sums of Gaussians at places, one more at a time. */
function* gaussians(found: Pool, all: readonly Block[]): Generator<void> {
  const block = all.find(({ name }) => name === "gaussianAt");
  if (block === undefined) return;
  const starts = found.beginnings(block);
  let sum: Sum = [];
  for (let n = 0; n < GAUSSIANS; n++) {
    const tried = found.promising(
      starts.map((each) => [...sum, each]),
      4,
    );
    let best: FittedSum | null = null;
    for (const start of tried) {
      yield;
      const fitted = found.fitter.polish(start, 60);
      if (fitted !== null && (best === null || fitted.chiSquared < best.chiSquared)) best = fitted;
    }
    if (best === null) return;
    found.add(best);
    ({ sum } = best);
  }
}

/** Powers near round numbers are tried at them. */
function* snapped(found: Pool): Generator<void> {
  for (const { sum, p, score } of found.sorted()) {
    if (p < HOPELESS.p && score > HOPELESS.score) continue;
    for (const [index, each] of sum.entries())
      for (const rounded of roundings(each)) {
        yield;
        found.add(found.fitter.polish(sum.with(index, rounded), 30));
      }
  }
}

/** A part with some of its powers, one or more, at round numbers near them. */
function roundings(each: Part): Part[] {
  const { block } = each;
  const rounded = block.constants.reduce<Part[]>(
    (parts, { snap }, place) => {
      const value = each.constants[place];
      if (snap === undefined || each.fixed[place]) return parts;
      const near = snap.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
      if (Math.abs(near - value) >= NEAR) return parts;
      return parts.flatMap((before) => [before, fixedAt(before, place, near)]);
    },
    [each],
  );
  return rounded.slice(1);
}

const fixedAt = (each: Part, place: number, value: number): Part => ({
  block: each.block,
  constants: each.constants.with(place, value),
  fixed: each.fixed.with(place, true),
  cost: each.block === power ? COST.power : each.cost + COST.snapped,
});

const everySecond = <T>(all: readonly T[]): T[] => all.filter((_, k) => k % 2 === 0);
