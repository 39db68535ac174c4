import type { State } from "@mclnn/physics";
import { useEffect, useRef } from "preact/hooks";
import { massesOf } from "../scene/scene.ts";
import type { Page } from "../session/page.ts";
import { drawStage, type StagePicture, type StageScale, stageScale } from "./draw-stage.ts";
import { onFrame } from "./frames.ts";
import { themeOf } from "./theme.ts";

const TRAIL = 90;
/** Arrows are this much time of motion long. */
const ARROW = 0.6;
const TELL_EVERY = 2000;

/** Draws the stage with every frame, and says where things are to the buttons above it. */
class StageView {
  scale: StageScale = stageScale(1, 1, 1);
  readonly #page: Page;
  readonly #canvas: HTMLCanvasElement;
  #trails: Float64Array[] = [];
  #motion: unknown = null;
  #told = 0;
  readonly #place: (scale: StageScale, state: Readonly<State> | null) => void;

  constructor(page: Page, canvas: HTMLCanvasElement, place: StageView["place"]) {
    this.#page = page;
    this.#canvas = canvas;
    this.#place = place;
  }

  get place(): (scale: StageScale, state: Readonly<State> | null) => void {
    return this.#place;
  }

  paint(now: number): void {
    const page = this.#page;
    const { file, test, session } = page;
    const picture =
      file.value !== null ? this.#fileOf() : test.value !== null ? this.#test() : this.#live();
    const { clientWidth, clientHeight } = this.#canvas;
    this.scale = stageScale(clientWidth, clientHeight, picture.reach);
    drawStage(this.#canvas, themeOf(this.#canvas), picture);
    const free = file.value === null && test.value === null;
    this.#place(this.scale, free ? session.state : null);
    if (now - this.#told > TELL_EVERY) {
      this.#told = now;
      this.#page.poses.value++;
    }
  }

  #live(): StagePicture {
    const { session } = this.#page;
    const { motion, state } = session;
    const scene = session.scene.value;
    if (this.#motion !== motion) this.#trails = [];
    this.#motion = motion;
    if (session.playing.value) this.#trails.push(state.positions.slice());
    if (this.#trails.length > TRAIL) this.#trails.shift();
    return {
      reach: session.preset.value.reach,
      positions: state.positions,
      masses: massesOf(scene),
      shown: scene.dots,
      trails: this.#trails,
      records: session.recording.value ? (motion.seen?.positions ?? []) : [],
      labels: true,
    };
  }

  #test(): StagePicture {
    const { session, testTime } = this.#page;
    const { spacing, truth, learned, dots } = this.#page.test.value as NonNullable<
      Page["test"]["value"]
    >;
    const frame = Math.round(testTime.value / spacing);
    const at = (run: Float64Array, k: number): Float64Array =>
      run.subarray(2 * dots * k, 2 * dots * (k + 1));
    const first = Math.max(0, frame - TRAIL);
    return {
      reach: session.preset.value.reach,
      positions: at(truth, frame),
      rings: at(learned, frame),
      masses: massesOf(session.scene.value),
      shown: dots,
      trails: Array.from({ length: frame - first + 1 }, (_, k) => at(truth, first + k)),
      labels: true,
    };
  }

  /** Paths of a file, moved and scaled so that all are seen. */
  #fileOf(): StagePicture {
    const { paths, particles, records } = this.#page.file.value as NonNullable<
      Page["file"]["value"]
    >;
    const low = [Infinity, Infinity];
    const high = [-Infinity, -Infinity];
    paths.forEach((x, k) => {
      if (!Number.isFinite(x)) return;
      low[k % 2] = Math.min(low[k % 2] as number, x);
      high[k % 2] = Math.max(high[k % 2] as number, x);
    });
    const middle = low.map((x, c) => (x + (high[c] as number)) / 2);
    const half = low.map((x, c) => ((high[c] as number) - x) / 2);
    const moved = paths.map((x, k) => x - (middle[k % 2] as number));
    const shown = Math.min(particles, 60);
    const keep = Math.max(1, Math.ceil(records / 400));
    const at = (k: number): Float64Array =>
      moved.subarray(2 * particles * k, 2 * particles * (k + 1));
    return {
      reach: 1.1 * Math.max(((half[0] ?? 1) * 3) / 4, half[1] ?? 1, 1e-12),
      positions: at(records - 1),
      masses: [],
      shown,
      trails: Array.from({ length: Math.ceil(records / keep) }, (_, k) => at(k * keep)),
      labels: particles <= 8,
    };
  }
}

export function Stage({ page }: { page: Page }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const view = useRef<StageView | null>(null);
  const { session } = page;
  useEffect(() => {
    if (canvas.current === null) return;
    const place = (scale: StageScale, state: Readonly<State> | null): void =>
      placeButtons(layer.current, scale, state);
    const made = new StageView(page, canvas.current, place);
    view.current = made;
    return onFrame((now) => made.paint(now));
  }, [page]);
  const { dots } = session.scene.value;
  const free = page.file.value === null && page.test.value === null;
  return (
    <div class="stage">
      <canvas ref={canvas} role="img" aria-label={stageWords(page)} />
      <div class="dots" ref={layer}>
        {free &&
          Array.from({ length: dots }, (_, i) => (
            <Handle
              key={`d${i}`}
              page={page}
              i={i}
              what="positions"
              scale={() => view.current?.scale}
            />
          ))}
        {free &&
          !session.playing.value &&
          Array.from({ length: dots }, (_, i) => (
            <Handle
              key={`v${i}`}
              page={page}
              i={i}
              what="velocities"
              scale={() => view.current?.scale}
            />
          ))}
      </div>
      {session.recording.value && page.test.value === null && (
        <p class="rec">
          <span class="rec-dot" /> Recording
        </p>
      )}
    </div>
  );
}

function stageWords({ session, test, file }: Page): string {
  if (file.value !== null) return `Paths of ${file.value.particles} particles of your file.`;
  const { dots } = session.scene.value;
  if (test.value !== null) return `${dots} dots by the true law, ${dots} rings by the learned one.`;
  return `${dots} dots ${session.playing.value ? "in motion" : "at rest on the stage"}.`;
}

/** Puts the buttons where the dots are, without rendering anything anew. */
function placeButtons(
  layer: HTMLElement | null,
  scale: StageScale,
  state: Readonly<State> | null,
): void {
  if (layer === null || state === null) return;
  for (const child of layer.children) {
    const button = child as HTMLElement;
    const k = 2 * Number(button.dataset.i);
    const tip = button.dataset.what === "velocities" ? ARROW : 0;
    const [x, y] = [0, 1].map(
      (c) => (state.positions[k + c] as number) + tip * (state.velocities[k + c] as number),
    ) as [number, number];
    button.style.transform = `translate(${scale.x(x)}px, ${scale.y(y)}px)`;
    const line = button.firstElementChild as HTMLElement | null;
    if (line === null) continue;
    const [dx, dy] = [state.velocities[k] as number, state.velocities[k + 1] as number];
    const length = ARROW * scale.unit * Math.hypot(dx, dy);
    line.style.width = `${length}px`;
    line.style.transform = `rotate(${Math.atan2(dy, -dx)}rad)`;
  }
}

interface HandleProps {
  readonly page: Page;
  readonly i: number;
  readonly what: "positions" | "velocities";
  readonly scale: () => StageScale | undefined;
}

/** A button over a dot, or over the tip of its arrow: pointer and arrow keys move it. */
function Handle({ page, i, what, scale }: HandleProps) {
  const { session } = page;
  // What the button says is of now.
  void page.poses.value;
  const from = useRef<State | null>(null);
  const per = what === "velocities" ? ARROW : 1;
  const copy = (): State => ({
    time: 0,
    positions: session.state.positions.slice(),
    velocities: session.state.velocities.slice(),
  });
  const move = (dx: number, dy: number, start: State): void => {
    page.touch();
    session.playing.value = false;
    const next = { ...start, [what]: start[what].slice() };
    next[what][2 * i] = (start[what][2 * i] as number) + dx / per;
    next[what][2 * i + 1] = (start[what][2 * i + 1] as number) + dy / per;
    session.throwFrom(next);
    page.poses.value++;
  };
  const onPointerDown = (event: PointerEvent): void => {
    const target = event.currentTarget as HTMLElement;
    target.setPointerCapture(event.pointerId);
    from.current = copy();
    const [x, y] = [event.clientX, event.clientY];
    const onMove = (to: PointerEvent): void => {
      const unit = scale()?.unit ?? 1;
      if (from.current !== null)
        move((to.clientX - x) / unit, -(to.clientY - y) / unit, from.current);
    };
    const onEnd = (): void => {
      from.current = null;
      target.removeEventListener("pointermove", onMove);
    };
    target.addEventListener("pointermove", onMove);
    target.addEventListener("pointerup", onEnd, { once: true });
    target.addEventListener("pointercancel", onEnd, { once: true });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && from.current !== null) {
      session.throwFrom(from.current);
      from.current = null;
    }
    const way = KEYS[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const size = event.shiftKey ? 0.01 : 0.1;
    move(size * way[0], size * way[1], copy());
  };
  const letter = String.fromCharCode(65 + i);
  const [x = 0, y = 0] = session.state[what].slice(2 * i, 2 * i + 2);
  const label =
    what === "positions"
      ? `Dot ${letter} at ${x.toFixed(2)}, ${y.toFixed(2)}. Arrow keys move it, with Shift finely.`
      : `Velocity of dot ${letter}: ${x.toFixed(2)}, ${y.toFixed(2)}. Arrow keys change it, with Shift finely.`;
  return (
    <button
      type="button"
      class={what === "positions" ? "dot" : "tip"}
      data-i={i}
      data-what={what}
      aria-label={label}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    >
      {what === "velocities" && <span class="arrow" />}
    </button>
  );
}

const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
