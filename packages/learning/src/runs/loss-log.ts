import type { Meter } from "../records/meter.ts";
import { now } from "./clock.ts";
import type { TrainingState } from "./state.ts";
import { type Milestone, PAPER_LOSS, type TrainProgress } from "./train-options.ts";

/** Losses, in training units, whose passing is noted beside the target itself: the paper's stop, and the default of `compare`. */
const MARKS = [PAPER_LOSS, 1e-12];

/** Milliseconds without a word after which a step says that it goes on. */
const SILENCE = 500;

/** Loss against iterations and seconds, and when the marks were passed. */
export class LossLog {
  readonly history: { iteration: number; seconds: number; loss: number }[] = [];
  readonly milestones: Milestone[] = [];
  /** When this run of the training began. */
  readonly started: number;
  /** Seconds that runs before this one took. */
  private before = 0;
  private readonly allMarks: readonly number[];
  private marks: number[];
  /** Loss in the data's units for a loss of 1 in training units. */
  private readonly area: number;
  /** What was last told, and when by the clock. */
  private told: { progress: TrainProgress; at: number } | null = null;
  private readonly onProgress: ((progress: TrainProgress) => void) | undefined;
  private readonly meter: Pick<Meter, "share"> | undefined;

  constructor(
    started: number,
    {
      until,
      area = 1,
      onProgress,
      meter,
    }: {
      until: number;
      meter?: Pick<Meter, "share">;
      area?: number;
      onProgress?: ((progress: TrainProgress) => void) | undefined;
    },
  ) {
    this.started = started;
    this.area = area;
    this.onProgress = onProgress;
    this.meter = meter;
    this.allMarks = [...new Set([...MARKS, until].map((loss) => loss * area))].sort(
      (a, b) => b - a,
    );
    this.marks = [...this.allMarks];
  }

  seconds(): number {
    return this.before + (now() - this.started) / 1000;
  }

  /** Tells the caller where training is. @param loss - in training units */
  progress(phase: string, iteration: number, loss: number, iterations?: number): void {
    this.tell({
      phase,
      iteration,
      ...(iterations === undefined ? {} : { iterations }),
      loss: loss * this.area,
      ...this.time(),
    });
  }

  /** Tells where training was last, in the middle of a step that takes long. */
  goesOn(): void {
    if (this.told === null || now() - this.told.at < SILENCE) return;
    this.tell({ ...this.told.progress, ...this.time() });
  }

  private time(): Pick<TrainProgress, "seconds" | "share"> {
    const { meter } = this;
    return {
      seconds: this.seconds(),
      ...(meter !== undefined && { share: Math.min(1, meter.share) }),
    };
  }

  private tell(progress: TrainProgress): void {
    if (this.onProgress === undefined) return;
    this.told = { progress, at: now() };
    this.onProgress(progress);
  }

  /** Notes a loss, in training units, that the model's own rollout has confirmed. */
  measured(iteration: number, trainingLoss: number): void {
    const loss = trainingLoss * this.area;
    const seconds = this.seconds();
    const last = this.history[this.history.length - 1];
    const passes = this.marks.length > 0 && loss <= this.marks[0];
    // A long descent is kept at a hundred points an e-fold, which is more than a figure shows.
    if (last === undefined || passes || iteration >= 1.01 * last.iteration)
      this.history.push({ iteration, seconds, loss });
    this.pass({ loss, seconds });
  }

  /** All that it holds. */
  state(): Pick<TrainingState, "log" | "clock"> {
    const { history } = this;
    return {
      log: {
        iterations: Float64Array.from(history, ({ iteration }) => iteration),
        losses: Float64Array.from(history, ({ loss }) => loss),
      },
      clock: {
        seconds: this.seconds(),
        log: Float64Array.from(history, ({ seconds }) => seconds),
      },
    };
  }

  /** Holds what another log held, and nothing else. */
  restore({ log, clock }: Pick<TrainingState, "log" | "clock">): void {
    this.before = clock.seconds;
    this.history.length = 0;
    this.milestones.length = 0;
    this.marks = [...this.allMarks];
    log.iterations.forEach((iteration, k) => {
      const entry = { iteration, seconds: clock.log[k] ?? 0, loss: log.losses[k] };
      this.history.push(entry);
      this.pass(entry);
    });
  }

  private pass({ loss, seconds }: { loss: number; seconds: number }): void {
    while (this.marks.length > 0 && loss <= this.marks[0])
      this.milestones.push({ loss: this.marks.shift() as number, seconds });
  }
}
