import type { SplineFit } from "../fit/spline-fit.ts";
import {
  beginNetworkFit,
  fitNetwork,
  iterationsOf,
  type NetworkFitOptions,
  type NetworkFitState,
} from "../network/network-fit.ts";
import type { Interruption } from "../runs/drive.ts";
import { knownWeights } from "./known-law.ts";
import { driven, type Task } from "./task.ts";

/** Reaches the paper's loss in tens of milliseconds: 36 cells, a stiff ridge. */
const QUICK = { rounds: 8, maxIterations: 400, ridge: 1e-3 };
/** Goes on to as low as the network's size allows. */
const DEEP = { rounds: 6, maxIterations: 1500, ridge: 1e-12 };
/**
 * Iterations in which the distance to the spline has to halve where no target is told: 18 laws of the bench end 1e-7 to 2e-6 away, after
 * 400 to 1,500 iterations; with twice as many 2e-7 less, in twice the time.
 */
export const PATIENCE = 150;
/** Starts that are made because those before are not close get more of it. */
const MORE_PATIENCE = 600;
/** No other deep start after so many iterations: what they have not reached, more of the same will not. */
const ENOUGH = 20_000;
/** Where no target is told, no other deep start once the loss is this share of the paper's: V' is then a few 1e-6 off. */
const CLOSE = 1e-5;
/** What the seeds of restarts differ by. */
const SEED_STRIDE = 1_000_003;

type Part = "quick" | "deep";

/** Everything that the next step depends on, beside the spline fits, which are made again. */
interface StartsState {
  readonly part: Part;
  readonly start: number;
  /** Iterations of the starts before. */
  readonly before: number;
  readonly best: { weights: Float64Array; loss: number };
  readonly network: NetworkFitState;
}

/** Networks fitted to a spline from one start after another, and the best of them. */
export class NetworkStarts {
  best: StartsState["best"] = { weights: new Float64Array(0), loss: Number.POSITIVE_INFINITY };
  iterations = 0;
  interrupted: Interruption | "epochs" | undefined;
  private readonly task: Task;
  /** Where an earlier run was left, until this one is there. */
  private left: StartsState | null;
  /** Networks from before. */
  private readonly known: Float64Array | null;

  /** @param fit - of V', that an earlier run began with, too */
  constructor(task: Task, fit: SplineFit) {
    const { hidden, seed } = task.options;
    this.task = task;
    this.known = knownWeights(task);
    this.left = task.keeper.resumed("network", {
      part: "",
      start: 0,
      before: 0,
      // No weights at all before there are any that roll out.
      best: { weights: null, loss: 0 },
      network: beginNetworkFit(fit, { ...QUICK, hidden, seed, until: task.until }),
    }) as StartsState | null;
    if (this.left === null) return;
    this.best = this.left.best;
    this.iterations = this.left.before;
  }

  /** Starts until one reaches the target or there were enough; first of all deep starts, the best weights so far go on. */
  async fit(fit: SplineFit, part: Part, until: number): Promise<void> {
    if (part === "quick" && this.left?.part === "deep") return;
    const { options, limits, asGoodAsData } = this.task;
    const { hidden, seed, epochs } = options;
    const settings = part === "quick" ? QUICK : DEEP;
    for (let start = this.left?.start ?? 0; start < limits.exact.networks; start++) {
      if (this.interrupted !== undefined) return;
      if (part === "deep" && this.iterations >= ENOUGH) return;
      const isClose = asGoodAsData && this.best.loss <= CLOSE * this.task.until;
      if (part === "deep" && start > 0 && isClose) return;
      const limit = Math.min(settings.maxIterations, limits.iterations);
      await this.run(fit, part, start, {
        ...settings,
        hidden,
        seed: seed + start * SEED_STRIDE,
        until,
        ...(asGoodAsData &&
          part === "deep" && { patience: start === 0 ? PATIENCE : MORE_PATIENCE }),
        maxIterations:
          epochs === undefined ? limit : Math.min(limit, Math.max(1, epochs - this.iterations)),
        ...this.weightsOf(part, start),
      });
      if (this.best.loss <= until) return;
    }
  }

  /** What a start goes on from, if anything. */
  private weightsOf(part: Part, start: number): Pick<NetworkFitOptions, "weights"> {
    const { best, known } = this;
    if (start > 0) return {};
    if (part === "deep") return Number.isFinite(best.loss) ? { weights: best.weights } : {};
    return known === null ? {} : { weights: known };
  }

  private async run(
    fit: SplineFit,
    part: Part,
    start: number,
    options: NetworkFitOptions,
  ): Promise<void> {
    const { best, task } = this;
    const { keeper, log } = task;
    const { epochs } = task.options;
    const network = this.left?.network ?? beginNetworkFit(fit, options);
    const state = this.left ?? { part, start, before: this.iterations, best, network };
    this.left = null;
    keeper.follow("network", {
      iteration: () => state.before + iterationsOf(network),
      values: () => state,
    });
    const outcome = await driven(task, fitNetwork(fit, options, network), {
      keeper,
      onStep: ({ phase, iterations, loss, weights }) => {
        this.iterations = state.before + iterations;
        log.progress(phase, this.iterations, loss);
        if (phase !== "rollout") return;
        log.measured(this.iterations, loss);
        if (loss < best.loss) {
          best.loss = loss;
          best.weights = weights.slice();
        }
      },
    });
    const missed = best.loss > Math.min(options.until, task.until);
    if ("interrupted" in outcome) this.interrupted = outcome.interrupted;
    else if (epochs !== undefined && this.iterations >= epochs && missed)
      this.interrupted = "epochs";
  }
}
