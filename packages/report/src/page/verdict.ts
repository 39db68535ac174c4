import type {
  CompareResults,
  DocumentTable,
  ModelResults,
  RolloutErrors,
  SystemResults,
} from "@mclnn/studies";
import { formatNumber } from "@mclnn/studies/text";
import { divergence, modelTitle, runTime } from "./table.ts";

/** Momenta are conserved by a law's form or not at all: more than roundoff can sum up to is a failure. */
const ROUNDOFF = 1e-9;
/** An energy further off than this times what a start moved by the chaos floor's offset does is a failure. */
const FLOORS = 10;

/** The two laws that a page weighs against each other: MCLNN and LNN, else the first two there are. */
function compared(system: SystemResults): readonly string[] {
  const keys = Object.keys(system.models);
  const known = ["mclnn", "lnn"].filter((key) => keys.includes(key));
  return (known.length > 0 ? known : keys).slice(0, 2);
}

/** Largest errors of what should be kept; infinite where the run diverged. */
function kept(errors: RolloutErrors): Record<"momentum" | "angular momentum" | "energy", number> {
  const ended = divergence(errors) !== undefined;
  const of = (max: number | null): number =>
    ended ? Number.POSITIVE_INFINITY : (max ?? Number.NaN);
  return {
    momentum: of(errors.linearMomentum.max),
    "angular momentum": of(errors.angularMomentum.max),
    energy: of(errors.hamiltonian.max),
  };
}

type Kept = ReturnType<typeof kept>;

/** What came out, in one sentence made from the numbers; undefined where there is nothing to tell. */
export function verdict({ systems }: CompareResults): string | undefined {
  const all = Object.values(systems);
  const [one, other] = all.map(compared).find((keys) => keys.length > 0) ?? [];
  if (one === undefined) return undefined;
  const worst = (key: string): Kept | undefined => {
    const each = all.flatMap(({ models }) => {
      const model = models[key];
      return model === undefined ? [] : [kept(model.rollout)];
    });
    const [first, ...rest] = each;
    return first && rest.reduce((a, b) => over(a, b, Math.max), first);
  };
  const titleOf = (key: string): string =>
    modelTitle(
      key,
      all.map(({ models }) => models[key]).find((model) => model !== undefined) as ModelResults,
    );
  const spans = all
    .map((system) => runTime(system, "rollout"))
    .filter((time) => time !== undefined);
  const span = spans.length === 0 ? "" : ` over ${formatNumber(Math.max(...spans), 4)} time units`;
  const mine = worst(one) as Kept;
  const stated = `${titleOf(one)} is off by at most ${amounts(mine, true)}`;
  const theirs = other === undefined ? undefined : worst(other);
  if (other === undefined || theirs === undefined) return `From unseen starts${span}, ${stated}.`;
  const both = all.filter(({ models }) => models[one] !== undefined && models[other] !== undefined);
  const won = both.filter(({ models }) => {
    const a = kept((models[one] as ModelResults).rollout);
    const b = kept((models[other] as ModelResults).rollout);
    return (
      a.momentum <= b.momentum &&
      a["angular momentum"] <= b["angular momentum"] &&
      a.energy <= b.energy
    );
  });
  const where =
    both.length === 1
      ? won.length === 1
        ? `${titleOf(one)} keeps all that is conserved better than ${titleOf(other)}`
        : `${titleOf(one)} does not keep all that is conserved better than ${titleOf(other)}`
      : `${titleOf(one)} keeps all that is conserved better than ${titleOf(other)} in ${won.length === both.length ? "all" : `${won.length} of`} ${both.length} systems`;
  return `${where}: from unseen starts${span} it is off by at most ${amounts(mine, true)}; ${titleOf(other)} by up to ${amounts(theirs, false)}.`;
}

function over(a: Kept, b: Kept, pick: (a: number, b: number) => number): Kept {
  return {
    momentum: pick(a.momentum, b.momentum),
    "angular momentum": pick(a["angular momentum"], b["angular momentum"]),
    energy: pick(a.energy, b.energy),
  };
}

function amounts(kept: Kept, named: boolean): string {
  if (Object.values(kept).includes(Number.POSITIVE_INFINITY))
    return "more than can be told: a run diverged";
  const texts = Object.entries(kept).map(
    ([name, value]) => `${formatNumber(value)}${named ? ` in ${name}` : ""}`,
  );
  return `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

/** Two figures a law and system: what was lost of the momenta, and of the energy. Failures stand out. */
export function summaryTable({ systems }: CompareResults): DocumentTable {
  const rows: string[][] = [];
  const failures: boolean[][] = [];
  for (const [key, system] of Object.entries(systems))
    compared(system).forEach((model, k) => {
      const result = system.models[model] as ModelResults;
      const { momentum, "angular momentum": angular, energy } = kept(result.rollout);
      const momenta = Math.max(momentum, angular);
      const floor = system.chaosFloor?.hamiltonian?.max ?? null;
      const text = (value: number): string =>
        value === Number.POSITIVE_INFINITY ? "diverged" : formatNumber(value);
      rows.push([
        k === 0 ? (system.title ?? key) : "",
        modelTitle(model, result),
        text(momenta),
        text(energy),
      ]);
      failures.push([
        false,
        false,
        momenta > ROUNDOFF,
        energy === Number.POSITIVE_INFINITY || (floor !== null && energy > FLOORS * floor),
      ]);
    });
  return {
    caption: "Largest errors from an unseen start",
    columns: [
      { title: "system" },
      { title: "law" },
      { title: "momenta", align: "right" },
      { title: "energy", align: "right" },
    ],
    rows,
    failures,
  };
}

/** What is tinted, in words. */
export const FAILURES: string = `Tinted: momenta off by more than ${ROUNDOFF.toExponential().replace("+", "")}, which roundoff does not explain; energy off by more than ${FLOORS} times what the true law does when it starts a little away.`;
