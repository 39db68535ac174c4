import type { ParticleSystem, State } from "@mclnn/physics";
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import type { Learner, Refused } from "../learner/learner.ts";
import type { Law, Refusal } from "../learner/protocol.ts";
import { lawOf, presetOf } from "../scene/law-of.ts";
import { type Preset, presets } from "../scene/laws.ts";
import { createMotion, escaped, type Motion, replay, type ThrowPlan } from "../scene/motion.ts";
import { type RecordedThrow, recordsOf } from "../scene/observe.ts";
import {
  DEFAULT_SCENE,
  massesOf,
  type Scene,
  STEP,
  systemOf,
  THROW_RECORDS,
  throwsOf,
} from "../scene/scene.ts";
import { drawStart } from "../scene/start.ts";
import type { Linked } from "./link.ts";
import { createSeparations, type Separations } from "./separations.ts";

/** Records before the learner is first asked, and seconds from one look to the next. */
const FIRST_LOOK = 6;
const LOOK_EVERY = 0.45;
/** Longest time that one frame makes up for. */
const LONGEST_FRAME = 0.1;
/** Seeds of the starts of one scene lie this far from those of the next; the last is the test's. */
const SEEDS_A_SCENE = 1000;
const FAILURES = ["diverged", "too-crowded"];

/** Dots in motion, what was recorded of them, and the law that was learned: all that the page shows of a scene. */
export class Session {
  readonly scene: Signal<Scene> = signal(DEFAULT_SCENE);
  readonly preset: Signal<Preset> = signal(presets[0] as Preset);
  readonly playing: Signal<boolean> = signal(false);
  readonly recording: Signal<boolean> = signal(false);
  /** Records kept so far. */
  readonly records: Signal<number> = signal(0);
  readonly law: Signal<Law | null> = signal(null);
  readonly learning: Signal<boolean> = signal(false);
  readonly refusal: Signal<Refusal | null> = signal(null);
  /** The last throw ended since a dot left the stage. */
  readonly left: Signal<boolean> = signal(false);
  /** Terms that are learned beside the pair law. */
  readonly terms: Signal<readonly string[]> = signal([]);
  /** What the sender of a link found. */
  readonly senders: Signal<string | null> = signal(null);
  readonly tooLittle: ReadonlySignal<boolean> = computed(
    () => this.refusal.value?.code === "too-little-data",
  );
  readonly diverged: ReadonlySignal<boolean> = computed(() =>
    FAILURES.includes(this.refusal.value?.code ?? ""),
  );

  readonly learner: Learner;
  motion!: Motion;
  separations!: Separations;
  #system!: ParticleSystem;
  #throws: { readonly plan: ThrowPlan; readonly seen: RecordedThrow }[] = [];
  #start!: number | State;
  #started = 0;
  /** Throws that the recording under way may still take. */
  #throwsLeft = 0;
  #owed = 0;
  #sinceLook = 0;
  #lookedAt = 0;
  /** Counts up when what was asked is no longer wanted. */
  #epoch = 0;

  constructor(learner: Learner) {
    this.learner = learner;
    this.#begin(DEFAULT_SCENE, presets[0] as Preset);
  }

  /** Where all dots that move are now. */
  get state(): Readonly<State> {
    return this.motion.state;
  }

  /** All that was recorded, the throw under way included. */
  get throws(): readonly { readonly plan: ThrowPlan; readonly seen: RecordedThrow }[] {
    const { seen, from } = this.motion;
    if (seen === null) return this.#throws;
    const records = recordsOf(seen, this.scene.value.dots);
    return [...this.#throws, { plan: { start: this.#start, from, records }, seen }];
  }

  /** Another scene: everything begins anew. @throws MclnnError what is wrong with a formula */
  async change(change: Partial<Scene>): Promise<void> {
    const scene = { ...this.scene.value, ...change };
    const preset = presetOf(scene.law) ?? (await lawOf(scene.law));
    this.#begin(scene, preset);
  }

  /** The scene and the throws of a link, recorded again. @throws MclnnError what is wrong with its law */
  async follow({ scene, throws, terms, hash }: Linked): Promise<void> {
    await this.change(scene);
    if (throws.length === 0) return;
    this.#throws = throws.map((plan, index) => {
      const start = this.#drawn(plan.start);
      return { plan, seen: replay(scene, this.#system, { ...plan, start, index }) };
    });
    for (const { seen } of this.#throws)
      for (let k = 0; k < recordsOf(seen, scene.dots); k++)
        this.separations.add(seen, k, scene.dots);
    this.#throwNext();
    this.records.value = this.#counted();
    this.senders.value = hash;
    await this.learn(terms);
  }

  #begin(scene: Scene, preset: Preset): void {
    this.#epoch++;
    this.learner.abandon();
    batch(() => {
      this.scene.value = scene;
      this.preset.value = preset;
      this.recording.value = false;
      this.records.value = 0;
      this.law.value = null;
      this.learning.value = false;
      this.refusal.value = null;
      this.left.value = false;
      this.terms.value = [];
      this.senders.value = null;
    });
    this.#system = systemOf(scene, preset);
    this.separations = createSeparations(preset.plot.r);
    this.#throws = [];
    this.#started = 0;
    this.#lookedAt = 0;
    this.#throwNext();
  }

  #drawn(start: number | State): State {
    if (typeof start !== "number") return start;
    return drawStart(massesOf(this.scene.value), this.preset.value, start);
  }

  /** A start that no throw of this scene has. */
  unseenStart(): State {
    return this.#drawn((this.scene.value.seed + 1) * SEEDS_A_SCENE - 1);
  }

  /** Ends the throw under way, which is kept, and begins another. */
  #throwAgain(start?: State): void {
    this.#throws = [...this.throws];
    this.#throwNext(start);
  }

  #throwNext(start?: State): void {
    this.#start = start ?? this.scene.value.seed * SEEDS_A_SCENE + this.#started++;
    try {
      this.#move(this.#drawn(this.#start));
    } catch (error) {
      this.#fail(error);
    }
  }

  #move(start: State): void {
    this.motion = createMotion(this.scene.value, this.#system, start, this.#throws.length);
    this.#owed = 0;
    if (this.recording.value) this.#record();
  }

  throwAgain(): void {
    this.left.value = false;
    this.refusal.value = null;
    this.playing.value = true;
    this.#throwAgain();
  }

  /** Begins a throw from a start that a hand made, rounded so that a link can say it. */
  throwFrom({ positions, velocities }: Readonly<State>): void {
    const rounded = (x: number): number => Math.round(1000 * x) / 1000;
    if (this.recording.value) this.stop();
    this.#throwAgain({
      time: 0,
      positions: positions.map(rounded),
      velocities: velocities.map(rounded),
    });
  }

  /** Records from here on, for so many throws. */
  record(throws: number = throwsOf(this.scene.value.dots)): void {
    if (this.recording.value) return;
    batch(() => {
      this.recording.value = true;
      this.playing.value = true;
      this.refusal.value = null;
      this.senders.value = null;
    });
    this.#throwsLeft = throws;
    if (this.motion.seen !== null) this.#throwAgain();
    else this.#record();
  }

  #record(): void {
    this.motion.record();
    this.#kept();
  }

  /** Stops recording, and learns all that there is to learn. */
  stop(): void {
    if (!this.recording.value) return;
    this.recording.value = false;
    this.#throwAgain();
    void this.learn();
  }

  /** Time passes. @param seconds - since the last frame @param speed - of the motion */
  frame(seconds: number, speed = 1): void {
    if (!this.playing.value) return;
    this.#sinceLook += seconds;
    this.#owed += Math.min(seconds, LONGEST_FRAME) * speed;
    try {
      for (; this.#owed >= STEP && this.playing.value; this.#owed -= STEP) this.#step();
    } catch (error) {
      this.#fail(error);
    }
    if (this.recording.value) this.#look();
  }

  #step(): void {
    if (this.motion.step()) this.#kept();
    const { dots } = this.scene.value;
    const out = escaped(this.state, dots, this.preset.value.reach);
    const { seen } = this.motion;
    const full = seen !== null && recordsOf(seen, dots) >= THROW_RECORDS;
    if (!out && !full) return;
    this.left.value = out;
    if (this.recording.value && --this.#throwsLeft <= 0) this.stop();
    else this.#throwAgain();
  }

  #kept(): void {
    const { seen } = this.motion;
    if (seen === null) return;
    const { dots } = this.scene.value;
    this.separations.add(seen, recordsOf(seen, dots) - 1, dots);
    this.records.value = this.#counted();
  }

  #counted(): number {
    const { dots } = this.scene.value;
    return this.throws.reduce((sum, { seen }) => sum + recordsOf(seen, dots), 0);
  }

  /** A quick look at what there is so far, where the learner has time. */
  #look(): void {
    const records = this.records.value;
    if (this.learner.busy || this.#sinceLook < LOOK_EVERY) return;
    if (records < FIRST_LOOK || records === this.#lookedAt) return;
    this.#sinceLook = 0;
    this.#lookedAt = records;
    void this.#ask("preview", this.terms.value);
  }

  /** Learns from all records, from nothing: the same records give the same bits. @param terms - beside the pair law */
  async learn(terms: readonly string[] = this.terms.value): Promise<void> {
    this.#epoch++;
    this.learner.abandon();
    this.terms.value = terms;
    await this.#ask("usual", terms);
    this.learner.warm();
  }

  async #ask(effort: "preview" | "usual", terms: readonly string[]): Promise<void> {
    const epoch = this.#epoch;
    const scene = this.scene.value;
    const throws = this.throws.map(({ seen }) => seen);
    this.learning.value = true;
    try {
      const to = this.preset.value.plot.r;
      const after = effort === "preview" && this.law.value !== null && terms.length === 0;
      const source = { scene, throws };
      const law = await this.learner.ask("learn", { source, effort, after, terms, to });
      if (epoch !== this.#epoch) return;
      batch(() => {
        this.law.value = law;
        this.refusal.value = null;
      });
    } catch (error) {
      // What a look on the way cannot do, the records to come may.
      const { refusal } = error as Refused;
      const quiet = effort === "preview" && refusal?.code !== "too-little-data";
      if (epoch === this.#epoch && !quiet) this.#fail(error);
    } finally {
      if (epoch === this.#epoch) this.learning.value = false;
    }
  }

  #fail(error: unknown): void {
    const {
      refusal,
      code = "unexpected",
      message,
    } = error as Partial<Refused> & {
      readonly code?: string;
      readonly message: string;
    };
    const said = refusal ?? { code, message };
    this.refusal.value = said;
    if (FAILURES.includes(said.code)) this.playing.value = false;
  }
}
