import { MclnnError } from "@mclnn/physics";
import type { LossLog } from "./loss-log.ts";
import { type CheckpointOptions, copyOf, type Plain, restored } from "./state.ts";

/** A loop that can be left between two iterations and begun again there. */
export interface ResumableLoop {
  /** Iterations of the whole training done. */
  readonly iteration: () => number;
  /** Everything that the loop's next iteration depends on. */
  readonly values: () => object;
}

/** Hands a training's complete state out every so often, and gives it back to the loop that it is of. */
export class StateKeeper {
  private readonly options: CheckpointOptions | undefined;
  private readonly log: LossLog;
  private stage = "";
  private loop: ResumableLoop | undefined;
  private next = 0;

  constructor(options: CheckpointOptions | undefined, log: LossLog) {
    this.options = options;
    this.log = log;
    if (options !== undefined && !(Number.isSafeInteger(options.every) && options.every > 0))
      throw new MclnnError("states cannot be kept so often", {
        code: "bad-option",
        argument: "every",
        expected: "a positive whole number of iterations",
        got: String(options.every),
      });
  }

  /**
   * Begins a stage: where a state of it is there to go on from, a copy of that and the log as it was; else null.
   *
   * @param template - values of the same form, checked against
   */
  resumed<T extends object>(stage: string, template: T): T | null {
    const state = this.options?.resume;
    if (state?.stage !== stage) return null;
    this.log.restore(state);
    return restored(template, state.values, `state.${stage}`);
  }

  /** Whether a state of that stage, or of one of those, is there to go on from. */
  isBeyond(...stages: string[]): boolean {
    const stage = this.options?.resume?.stage;
    return stage !== undefined && !stages.includes(stage);
  }

  /** From here on states are those of this loop. */
  follow(stage: string, loop: ResumableLoop): void {
    this.stage = stage;
    this.loop = loop;
    this.next = loop.iteration() + (this.options?.every ?? 0);
  }

  /** Looks, after an iteration, whether it is time for a state. @returns what to wait for, if so */
  iterated(): void | Promise<void> {
    if (this.options === undefined || this.loop === undefined) return;
    const iteration = this.loop.iteration();
    if (iteration < this.next) return;
    this.next = iteration + this.options.every;
    return this.save();
  }

  /** Keeps the state as it is: work is about to stop. */
  save(): void | Promise<void> {
    if (this.options === undefined || this.loop === undefined) return;
    const { log, clock } = this.log.state();
    return this.options.save({
      iteration: this.loop.iteration(),
      stage: this.stage,
      values: copyOf(this.loop.values()) as Plain,
      log,
      clock,
    });
  }
}
