/** Numbers in order, plain or typed; `NaN` and infinities are gaps. */
export type Numbers = ArrayLike<number>;

/** The observables of the paper, as plotted: T - V, T + V, |P| and the length of the angular momentum. */
export type Observable = "lagrangian" | "hamiltonian" | "linearMomentum" | "angularMomentum";

/** A stretch of a run in space, usually its last: where a law has led by then. */
export interface PathSeries {
  /** [pathRecords] */
  readonly times: Numbers;
  /** [pathRecords x N x dimension] */
  readonly positions: Numbers;
}

/** One run, reduced to what is plotted. All arrays but `path` are of the length of `times`. */
export interface RunSeries {
  /** [records]; shorter than the truth's where the run diverged. */
  readonly times: Numbers;
  /** Values along the run, energies by the true potential. */
  readonly values: Readonly<Partial<Record<Observable, Numbers>>>;
  /** T + V_learned along the run. */
  readonly ownHamiltonian?: Numbers;
  /** Absolute errors against the true run (momenta as |P(t) - P_true(t)|); absent for the truth. */
  readonly errors?: Readonly<Partial<Record<Observable | "position", Numbers>>>;
  readonly path?: PathSeries;
}

/** The true system started `offset` away from the same start. */
export interface ChaosSeries {
  /** Shift of the start, in units of length. */
  readonly offset: number;
  readonly times: Numbers;
  readonly errors: Readonly<Partial<Record<Observable | "position", Numbers>>>;
}

/** Truth and models from one start. */
export interface RunComparison {
  readonly truth: RunSeries;
  /** By model key. */
  readonly models: Readonly<Record<string, RunSeries>>;
  readonly chaos?: ChaosSeries;
  /** Further floors, of true runs started nearer. */
  readonly closer?: readonly ChaosSeries[];
}

/** A pair law on the common grid. */
export interface LawCurve {
  /** V, aligned with the truth by one constant. */
  readonly energy: Numbers;
  /** dV/dr. */
  readonly slope: Numbers;
  /** One standard deviation of `slope`, where known. */
  readonly slopeSd?: Numbers;
  /** Standard deviation of the energy, relative to where it is aligned. */
  readonly energySd?: Numbers;
}

/** V and V' of truth and of the models that are pair laws, on one grid. */
export interface LawSeries {
  /** The grid, ascending; wider than the training ranges, so that a reader sees what lies beyond. */
  readonly separations: Numbers;
  /** Separations that training saw, ascending. */
  readonly trainingRanges: readonly (readonly [number, number])[];
  /** How many of them lie where, if that is known: `edges` [bins + 1], `counts` [bins]. */
  readonly histogram?: { readonly edges: Numbers; readonly counts: Numbers };
  /** Absent where no true law is known. */
  readonly truth?: LawCurve;
  /** By model key. */
  readonly models: Readonly<Record<string, LawCurve>>;
}

/** Loss along a training; all arrays of one length. */
export interface TrainingSeries {
  readonly seconds: Numbers;
  readonly loss: Numbers;
  readonly iterations?: Numbers;
  readonly validationLoss?: Numbers;
  /** What the loss measures. Default `rollout`. */
  readonly lossKind?: "rollout" | "acceleration";
}

/** Everything that the figures of one system draw. */
export interface SystemSeries {
  readonly particles: number;
  readonly dimension: 2 | 3;
  /** From the test start. */
  readonly rollout: RunComparison;
  /** From the tilted, shifted and boosted start. */
  readonly tilted?: RunComparison;
  readonly law?: LawSeries;
  /** By model key. */
  readonly training?: Readonly<Record<string, TrainingSeries>>;
  /** The loss at which the paper stops, drawn as a line. */
  readonly targetLoss?: number;
}
