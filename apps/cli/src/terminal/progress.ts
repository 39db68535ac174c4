import { performance } from "node:perf_hooks";
import { stripVTControlCharacters } from "node:util";
import { formatSeconds } from "@mclnn/studies/text";
import type { Colours } from "./colours.ts";
import { harmless } from "./harmless.ts";
import type { OutputStream } from "./io.ts";

/** Progress of several pieces of work at once. */
export interface Progress {
  /** Starts a piece of work. */
  start(label: string): Task;
  /** Writes something else between the bars. */
  interrupt(write: () => void): void;
  /** Takes bars of unfinished work away. */
  close(): void;
}

/** One piece of work under way. */
export interface Task {
  /** @param fraction - share done, 0 to 1, where known */
  update(state: { readonly fraction?: number | undefined; readonly detail?: string }): void;
  finish(summary: string): void;
  fail(reason: string): void;
}

const REDRAW_MS = 80;
const PLAIN_LINE_MS = 5000;
const BAR_CELLS = 20;

interface Running {
  readonly label: string;
  readonly started: number;
  fraction: number | undefined;
  detail: string;
  said: number;
}

/** Bars with an ETA on a terminal; elsewhere plain lines: a start, an end, and one now and then between. */
export function createProgress(
  stream: OutputStream,
  { quiet, colours }: { quiet: boolean; colours: Colours },
): Progress {
  const live = stream.isTTY === true && !quiet;
  const running: Running[] = [];
  let drawn = 0;
  let lastDraw = Number.NEGATIVE_INFINITY;

  const shown = (text: string): string => harmless(text, { colours: colours.isColorSupported });
  const erase = (): void => {
    if (drawn > 0) stream.write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    if (!live) return;
    erase();
    const width = (stream.columns ?? 80) - 1;
    for (const task of running) stream.write(`${clip(shown(barLine(task, colours)), width)}\n`);
    drawn = running.length;
    lastDraw = performance.now();
  };
  const line = (text: string): void => {
    if (quiet) return;
    erase();
    stream.write(`${shown(text)}\n`);
    draw();
  };

  return {
    start(label) {
      const now = performance.now();
      const task: Running = { label, started: now, fraction: undefined, detail: "", said: now };
      running.push(task);
      if (live) draw();
      const end = (mark: string, text: string): void => {
        const index = running.indexOf(task);
        if (index < 0) return;
        running.splice(index, 1);
        const seconds = (performance.now() - task.started) / 1000;
        line(`${mark} ${label}: ${text} ${colours.dim(`(${formatSeconds(seconds)})`)}`);
      };
      return {
        update({ fraction, detail }) {
          task.fraction = fraction === undefined ? undefined : Math.min(1, Math.max(0, fraction));
          task.detail = detail ?? "";
          const time = performance.now();
          if (live) {
            if (time - lastDraw >= REDRAW_MS) draw();
          } else if (!quiet && time - task.said >= PLAIN_LINE_MS) {
            task.said = time;
            stream.write(`  ${shown(plainLine(task))}\n`);
          }
        },
        finish: (summary) => end(colours.green("done"), summary),
        fail: (reason) => end(colours.red("failed"), reason),
      };
    },
    interrupt(write) {
      const shown = drawn > 0;
      erase();
      write();
      if (shown) draw();
    },
    close() {
      erase();
      running.length = 0;
    },
  };
}

function barLine(task: Running, colours: Colours): string {
  const { fraction, label, detail } = task;
  const seconds = (performance.now() - task.started) / 1000;
  if (fraction === undefined)
    return `${colours.cyan("....................")} ${label} ${colours.dim(`${formatSeconds(seconds)} ${detail}`)}`;
  const full = Math.round(fraction * BAR_CELLS);
  const bar = "#".repeat(full) + ".".repeat(BAR_CELLS - full);
  return `${colours.cyan(bar)} ${label} ${colours.dim(withDetail(eta(task, seconds), detail))}`;
}

function plainLine(task: Running): string {
  const seconds = (performance.now() - task.started) / 1000;
  const share = task.fraction === undefined ? "" : ` ${Math.round(task.fraction * 100)} %,`;
  return `${task.label}:${share} ${withDetail(eta(task, seconds), task.detail)}`;
}

function eta({ fraction }: Running, seconds: number): string {
  if (fraction === undefined || fraction < 0.01) return `${formatSeconds(seconds)} so far`;
  return `about ${formatSeconds((seconds * (1 - fraction)) / fraction)} left`;
}

/** What is known of the time, and of the work where something is. */
function withDetail(time: string, detail: string): string {
  return detail === "" ? time : `${time}, ${detail}`;
}

function clip(text: string, width: number): string {
  return stripVTControlCharacters(text).length <= width
    ? text
    : stripVTControlCharacters(text).slice(0, Math.max(0, width));
}
