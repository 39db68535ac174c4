import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Law } from "../learner/protocol.ts";
import { curveThrough, HANDLE_SPACING } from "../scene/curve.ts";
import type { Chart, Page } from "../session/page.ts";
import { drawPlot, MARGIN, type PlotPicture } from "./draw-plot.ts";
import { onFrame } from "./frames.ts";
import { type Theme, themeOf } from "./theme.ts";
import { plotWords } from "./words.ts";

/** Milliseconds from one drawing of what was seen to the next. */
const EVERY = 100;
const CHARTS: readonly (readonly [Chart, string])[] = [
  ["slope", "V'"],
  ["energy", "V"],
  ["table", "Table"],
];

export function Plot({ page }: { page: Page }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useRef<Theme | null>(null);
  const draw = (): void => {
    if (canvas.current === null || page.chart.value === "table") return;
    theme.current = themeOf(canvas.current);
    drawPlot(canvas.current, theme.current, pictureOf(page));
  };
  useSignalEffect(draw);
  useEffect(() => {
    let last = 0;
    let records = -1;
    let size = "";
    return onFrame((now) => {
      const { clientWidth = 0, clientHeight = 0 } = canvas.current ?? {};
      const shape = `${clientWidth} ${clientHeight}`;
      const recoloured = canvas.current !== null && themeOf(canvas.current) !== theme.current;
      const fresh = page.session.records.peek() !== records || shape !== size || recoloured;
      if (!fresh || now - last < EVERY) return;
      last = now;
      size = shape;
      records = page.session.records.peek();
      draw();
    });
  }, [page]);
  const chart = page.chart.value;
  return (
    <div class="plot">
      <div class="plot-panel">
        {chart === "table" ? (
          <Table page={page} />
        ) : (
          <canvas ref={canvas} role="img" aria-label={plotWords(page)} />
        )}
        {page.guessing.value && <Handles page={page} canvas={() => canvas.current} />}
      </div>
      <fieldset class="tabs">
        <legend class="hidden">What is shown</legend>
        {CHARTS.map(([name, label]) => (
          <button
            type="button"
            key={name}
            aria-pressed={chart === name}
            onClick={() => {
              page.chart.value = name;
              if (name !== "slope") page.guessing.value = false;
            }}
          >
            {label}
          </button>
        ))}
        <Legend page={page} />
      </fieldset>
    </div>
  );
}

function Legend({ page }: { page: Page }) {
  return (
    <span class="legend">
      <span class="key learned">learned</span>
      {page.guess.value !== null && <span class="key guess">your guess</span>}
      {page.revealed.value && <span class="key truth">true law</span>}
    </span>
  );
}

/** What the plot shows now. */
function pictureOf(page: Page): PlotPicture {
  const { session, file } = page;
  // A guess is made without looking.
  const law = page.guessing.value ? null : page.law.value;
  const energy = page.chart.value === "energy";
  const { plot, pair } = session.preset.value;
  const tentative = law?.effort === "preview";
  const guess = page.guess.value;
  if (file.value !== null) {
    const values = law === null ? [-1, 1] : energy ? law.energy : law.slope;
    const r: [number, number] =
      law === null ? [0, 1] : [law.r[0] as number, law.r.at(-1) as number];
    const y = rangeOf(values);
    return { r, y, law, energy, tentative, truth: null, guess: null, seen: law?.share ?? [] };
  }
  const r = [0, plot.r] as const;
  const shift = law === null ? 0 : pair.energy(lastSeen(law)) - energyAt(law, lastSeen(law));
  const deepest = law === null ? [-1, 1] : Array.from(law.energy);
  return {
    r,
    y: energy
      ? rangeOf(deepest.map((e) => Math.min(Math.max(e, -plot.slope), plot.slope)))
      : [-plot.slope, plot.slope],
    law,
    energy,
    tentative,
    truth: page.revealed.value
      ? energy
        ? (at) => pair.energy(at) - shift
        : (at) => pair.slope(at)
      : null,
    guess: guess === null || energy ? null : curveThrough(guess),
    seen: session.separations.counts,
  };
}

const lastSeen = ({ seen, r }: Law): number => seen.at(-1)?.[1] ?? (r.at(-1) as number);

function energyAt({ r, energy }: Law, at: number): number {
  const k = r.findIndex((each) => each >= at);
  return energy[k < 0 ? r.length - 1 : k] as number;
}

function rangeOf(values: ArrayLike<number>): [number, number] {
  const list = Array.from(values).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...list), Math.max(0, ...list)];
  const margin = 0.1 * (high - low || 1);
  return [low - margin, high + margin];
}

/** The law in rows, for those who read rather than look. */
function Table({ page }: { page: Page }) {
  const law = page.law.value;
  if (law === null) return <p class="note">No law has been learned yet.</p>;
  const { pair } = page.session.preset.value;
  const truth = page.revealed.value && page.file.value === null;
  const rows = Array.from(law.r.keys()).filter((k) => k % 8 === 4);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="table" tabIndex={0} aria-label="The law in rows">
      <table>
        <thead>
          <tr>
            <th scope="col">r</th>
            <th scope="col">V'</th>
            <th scope="col">plus or minus</th>
            {truth && <th scope="col">true V'</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((k) => {
            const r = law.r[k] as number;
            const sd = law.slopeSd[k] as number;
            return (
              <tr key={k}>
                <td>{r.toPrecision(3)}</td>
                <td>{(law.slope[k] as number).toPrecision(3)}</td>
                <td>{Number.isFinite(sd) ? sd.toPrecision(2) : ""}</td>
                {truth && <td>{pair.slope(r).toPrecision(3)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Handles that a guess, or a law of one's own, is drawn by: sliders for keys, and anything near them for pointers. */
function Handles({ page, canvas }: { page: Page; canvas: () => HTMLCanvasElement | null }) {
  const values = page.guess.value ?? [];
  const { plot } = page.session.preset.value;
  const set = (k: number, value: number): void => {
    const bounded = Math.min(Math.max(value, -plot.slope), plot.slope);
    page.guess.value = values.with(k, Number(bounded.toFixed(3)));
  };
  const onPointer = (event: PointerEvent): void => {
    const box = canvas()?.getBoundingClientRect();
    if (box === undefined || event.buttons === 0) return;
    const width = box.width - MARGIN.left - MARGIN.right;
    const height = box.height - MARGIN.top - MARGIN.bottom;
    const r = (plot.r * (event.clientX - box.left - MARGIN.left)) / width;
    const k = Math.min(Math.max(Math.round(r / HANDLE_SPACING) - 1, 0), values.length - 1);
    set(k, plot.slope * (1 - (2 * (event.clientY - box.top - MARGIN.top)) / height));
  };
  return (
    <div
      class="handles"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onPointer(event);
      }}
      onPointerMove={onPointer}
    >
      {values.map((value, k) => {
        const r = (k + 1) * HANDLE_SPACING;
        return (
          <div
            key={k}
            class="handle"
            role="slider"
            tabIndex={0}
            aria-label={`V' at separation ${r.toFixed(1)}`}
            aria-orientation="vertical"
            aria-valuemin={-plot.slope}
            aria-valuemax={plot.slope}
            aria-valuenow={value}
            style={{
              left: `calc(${MARGIN.left}px + (100% - ${MARGIN.left + MARGIN.right}px) * ${r / plot.r})`,
              top: `calc(${MARGIN.top}px + (100% - ${MARGIN.top + MARGIN.bottom}px) * ${(1 - value / plot.slope) / 2})`,
            }}
            onKeyDown={(event) => {
              const step = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
              if (step === undefined) return;
              event.preventDefault();
              set(k, value + step * plot.slope * (event.shiftKey ? 0.01 : 0.05));
            }}
          />
        );
      })}
    </div>
  );
}
