import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { Learner, Refused } from "../learner/learner.ts";
import type { FileKind, Formula, Law, Opened, Refusal, Test } from "../learner/protocol.ts";
import { curveThrough, HANDLES } from "../scene/curve.ts";
import { presets } from "../scene/laws.ts";
import type { Scene } from "../scene/scene.ts";
import { meanError } from "./separations.ts";
import { Session } from "./session.ts";
import { type StateName, stateOf } from "./state.ts";

/** Seconds of watching before the first recording starts by itself. */
const WATCH = 2;
const TEST_SECONDS = 12;
/** Address that `mclnn playground FILE` hands the file over at. */
const HANDED_OVER = "file";

/** V' at the handles. */
const FIRST_DRAWING: readonly number[] = [-2, -1.8, -0.8, 0.5, 0.9, 0.6, 0.3, 0.2, 0.1, 0];

export type Chart = "slope" | "energy" | "table";

/** What the page is about: the scene, and what its reader does with it. */
export class Page {
  readonly session: Session = new Session(new Learner());
  readonly ready: Signal<boolean> = signal(false);
  readonly speed: Signal<number> = signal(1);
  readonly chart: Signal<Chart> = signal("slope");
  /** V' at the handles; null before anything was drawn. */
  readonly guess: Signal<readonly number[] | null> = signal(null);
  readonly guessing: Signal<boolean> = signal(false);
  /** The handles draw a law to throw dots by, not a guess. */
  readonly drawing: Signal<boolean> = signal(false);
  readonly revealed: Signal<boolean> = signal(false);
  /** The law's name is a riddle until it is shown. */
  readonly riddle: Signal<boolean> = signal(false);
  readonly test: Signal<Test | null> = signal(null);
  readonly testTime: Signal<number> = signal(0);
  readonly formula: Signal<Formula | "looking" | null> = signal(null);
  readonly file: Signal<Opened | null> = signal(null);
  readonly fileName: Signal<string> = signal("");
  readonly fileLaw: Signal<Law | null> = signal(null);
  readonly fileLearning: Signal<boolean> = signal(false);
  readonly fileRefusal: Signal<Refusal | null> = signal(null);
  /** Counts up when what is said of the dots has to be said anew. */
  readonly poses: Signal<number> = signal(0);
  readonly hide: Signal<readonly string[]> = signal([]);
  /** The law on show. */
  readonly law: ReadonlySignal<Law | null> = computed(() =>
    this.file.value === null ? this.session.law.value : this.fileLaw.value,
  );
  readonly learning: ReadonlySignal<boolean> = computed(
    () => this.session.learning.value || this.fileLearning.value,
  );
  readonly refusal: ReadonlySignal<Refusal | null> = computed(
    () => this.fileRefusal.value ?? this.session.refusal.value,
  );
  readonly state: ReadonlySignal<StateName> = computed(() => {
    const { session } = this;
    const { diverged, tooLittle } = session;
    return stateOf({
      ready: this.ready.value,
      playing: session.playing.value,
      recording: session.recording.value,
      learning: this.learning.value,
      hasLaw: this.law.value !== null,
      tooLittle: tooLittle.value,
      guessing: this.guessing.value,
      revealed: this.revealed.value,
      testing: this.test.value !== null,
      diverged: diverged.value,
      escaped: session.left.value,
      file: this.file.value !== null,
      refused: this.refusal.value !== null && !tooLittle.value && !diverged.value,
    });
  });
  /** Mean errors of the guess and of the law, where both can be told. */
  readonly score: ReadonlySignal<{ readonly guess: number | null; readonly law: number | null }> =
    computed(() => {
      const { preset, separations } = this.session;
      const { pair, plot } = preset.value;
      const law = this.session.law.value;
      const guess = this.guess.value;
      const error = (f: (r: number) => number): number | null =>
        meanError(separations, plot.r, f, pair.slope);
      return {
        guess: guess === null ? null : error(curveThrough(guess)),
        law: law === null ? null : error((r) => between(law, r)),
      };
    });
  #untouched = true;
  #bytes: Uint8Array | null = null;
  #watched = 0;

  /** Begins. @param address - what stands behind `#` @param still - whether nothing may move by itself */
  async begin(address: string, { still }: { readonly still: boolean }): Promise<void> {
    const { session } = this;
    this.#untouched = !still && address === "";
    session.playing.value = !still;
    this.ready.value = true;
    if (address.startsWith(HANDED_OVER)) return this.#takeHandedOver(address);
    if (address === "") return;
    try {
      const linked = (await import("./link.ts")).decodeLink(address);
      this.riddle.value = linked.quiz;
      this.hide.value = linked.hide;
      await session.follow(linked);
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Whoever does anything has taken over. */
  touch(): void {
    this.#untouched = false;
  }

  frame(seconds: number): void {
    const { session } = this;
    if (this.test.value !== null) {
      this.#frameOfTest(this.test.value, seconds);
      return;
    }
    if (this.file.value !== null) return;
    this.#watched += seconds;
    if (this.#untouched && this.#watched > WATCH) {
      this.#untouched = false;
      session.record();
    }
    session.frame(seconds, this.speed.value);
  }

  #frameOfTest({ spacing, distance }: Test, seconds: number): void {
    if (!this.session.playing.value) return;
    const end = (distance.length - 1) * spacing;
    this.testTime.value = Math.min(this.testTime.value + seconds * this.speed.value, end);
  }

  async change(change: Partial<Scene>): Promise<void> {
    this.closeFile();
    try {
      await this.session.change(change);
      this.#forget();
    } catch (error) {
      this.#refuse(error);
    }
  }

  surprise(): void {
    const others = presets.filter(({ name }) => name !== this.session.scene.value.law);
    const pick = others[Math.floor(Math.random() * others.length)];
    void this.change({ law: pick?.name ?? "spring", seed: Math.floor(1e6 * Math.random()) }).then(
      () => {
        this.riddle.value = true;
      },
    );
  }

  /** Moves on or stops; what was refused is then over. */
  play(): void {
    const { playing } = this.session;
    this.fileRefusal.value = null;
    playing.value = !playing.value;
  }

  throwAgain(): void {
    this.fileRefusal.value = null;
    this.endTest();
    this.session.throwAgain();
  }

  record(): void {
    const { session } = this;
    this.fileRefusal.value = null;
    this.endTest();
    this.formula.value = null;
    if (session.recording.value) session.stop();
    else session.record();
  }

  startGuess(): void {
    this.guess.value ??= Array.from({ length: HANDLES }, () => 0);
    this.guessing.value = true;
    this.chart.value = "slope";
  }

  /** Begins to draw a law of one's own, from a bond. */
  startDrawing(): void {
    this.startGuess();
    this.guess.value = FIRST_DRAWING;
    this.drawing.value = true;
  }

  useDrawing(): void {
    void this.change({ law: `drawn:${(this.guess.value ?? FIRST_DRAWING).join(",")}` });
  }

  reveal(shown: boolean = !this.revealed.value): void {
    this.guessing.value = false;
    this.revealed.value = shown;
    if (shown) this.riddle.value = false;
  }

  async runTest(): Promise<void> {
    const { session } = this;
    if (session.recording.value) session.stop();
    try {
      const start = session.unseenStart();
      const scene = session.scene.value;
      this.test.value = await session.learner.ask("test", { scene, start, seconds: TEST_SECONDS });
      this.testTime.value = 0;
      session.playing.value = true;
    } catch (error) {
      this.#refuse(error);
    }
  }

  endTest(): void {
    this.test.value = null;
  }

  async nameIt(): Promise<void> {
    this.formula.value = "looking";
    try {
      this.formula.value = await this.session.learner.ask("formula", {});
    } catch (error) {
      this.formula.value = null;
      this.#refuse(error);
    }
  }

  /** Learns a term that was found, beside the pair law. */
  learnToo(term: string): void {
    this.formula.value = null;
    if (this.file.value !== null) void this.learnFile([term]);
    else void this.session.learn([...this.session.terms.value, term]);
  }

  /** Opens a file. @param dt - time between records, where the file does not say */
  async open(name: string, bytes: Uint8Array, dt?: number): Promise<void> {
    this.closeFile();
    this.#forget();
    const { session } = this;
    session.playing.value = false;
    this.#bytes = bytes;
    this.fileName.value = name;
    this.fileLearning.value = true;
    try {
      this.file.value = await session.learner.ask("open", {
        ...{ name, bytes },
        ...(dt === undefined ? {} : { dt }),
      });
    } catch (error) {
      this.#refuse(error);
      return;
    } finally {
      this.fileLearning.value = false;
    }
    await this.learnFile([]);
  }

  /** The open file again, with another time between its records. */
  async openAgain(dt: number): Promise<void> {
    if (this.#bytes !== null) await this.open(this.fileName.value, this.#bytes, dt);
  }

  async learnFile(terms: readonly string[]): Promise<void> {
    this.fileLearning.value = true;
    this.fileRefusal.value = null;
    try {
      const asked = { source: "file", effort: "usual", after: false, terms } as const;
      this.fileLaw.value = await this.session.learner.ask("learn", asked);
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.fileLearning.value = false;
    }
  }

  closeFile(): void {
    this.file.value = null;
    this.fileLaw.value = null;
    this.fileRefusal.value = null;
    this.#bytes = null;
  }

  write(what: FileKind): Promise<Uint8Array> {
    return this.session.learner.ask("write", { what });
  }

  /** What an address must say for another machine to come to the same law. */
  async link(): Promise<string> {
    const { encodeLink } = await import("./link.ts");
    const { scene, terms, throws, law } = this.session;
    return encodeLink({
      scene: scene.value,
      throws: throws.map(({ plan }) => plan),
      terms: terms.value,
      hash: law.value?.effort === "usual" ? law.value.hash : null,
      quiz: this.riddle.value,
      hide: this.hide.value,
    });
  }

  async #takeHandedOver(address: string): Promise<void> {
    this.session.playing.value = false;
    const response = await fetch(HANDED_OVER);
    if (!response.ok) return this.#refuse(new Error(`The file did not come: ${response.status}`));
    const name = decodeURIComponent(address.slice(HANDED_OVER.length + 1));
    await this.open(name, new Uint8Array(await response.arrayBuffer()));
  }

  #forget(): void {
    this.guess.value = null;
    this.guessing.value = false;
    this.drawing.value = false;
    this.revealed.value = false;
    this.riddle.value = false;
    this.formula.value = null;
    this.test.value = null;
  }

  #refuse(error: unknown): void {
    const { message, code = "unexpected" } = error as { message: string; code?: string };
    this.fileRefusal.value = error instanceof Refused ? error.refusal : { code, message };
  }
}

/** A law's slope between the rows of its table. */
function between({ r, slope }: Law, at: number): number {
  const first = r[0] as number;
  const last = r.length - 1;
  const x = ((at - first) / ((r[last] as number) - first)) * last;
  const k = Math.min(Math.max(Math.floor(x), 0), last - 1);
  return (slope[k] as number) + (x - k) * ((slope[k + 1] as number) - (slope[k] as number));
}
