import type { SeedResult } from "@mclnn/learning";
import { MclnnError } from "@mclnn/physics";
import { formatCount, formatNumber, formatSeconds } from "@mclnn/studies/text";
import { formatTable } from "../../terminal/table.ts";

/** The loss that seeds are judged by: on validation trajectories where there are any. */
const judged = ({ result }: SeedResult): number => result.validationLoss ?? result.trainLoss;

/** The training with the lowest loss; of equals the first. @throws MclnnError `aborted` where none was done */
export function bestSeed(all: readonly SeedResult[]): SeedResult {
  const [first, ...more] = all;
  if (first === undefined)
    throw new MclnnError("training was stopped before any seed was done", {
      code: "aborted",
      expected: "time for the first seed",
      got: "none done",
      kind: "failure",
    });
  return more.reduce((best, each) => (judged(each) < judged(best) ? each : best), first);
}

/** All trainings, a row each. */
export function sweepTable(
  all: readonly SeedResult[],
  paintTitle: (title: string) => string,
): string {
  const best = bestSeed(all);
  const validates = all.some(({ result }) => result.validationLoss !== null);
  const right = (title: string) => ({ title, align: "right" }) as const;
  return formatTable(
    [
      right("seed"),
      right("training loss"),
      ...(validates ? [right("validation loss")] : []),
      right("iterations"),
      right("time"),
      { title: "" },
    ],
    all.map(({ seed, result }) => [
      `${seed}`,
      formatNumber(result.trainLoss),
      ...(validates ? [formatNumber(result.validationLoss)] : []),
      formatCount(result.iterations),
      formatSeconds(result.trainSeconds),
      [result.reachedTarget ? "" : "missed the target", seed === best.seed ? "best" : ""]
        .filter((word) => word !== "")
        .join(", "),
    ]),
    paintTitle,
  );
}

/** What `--json` says of a sweep: the best seed, and all of them. */
export function sweepJson(all: readonly SeedResult[]): { seed: number; seeds: object[] } {
  return {
    seed: bestSeed(all).seed,
    seeds: all.map(({ seed, result }) => {
      const { trainLoss, validationLoss, trainSeconds, iterations, reachedTarget, stopped } =
        result;
      return { seed, trainLoss, validationLoss, trainSeconds, iterations, reachedTarget, stopped };
    }),
  };
}
