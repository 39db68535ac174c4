import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { createRandom, type Random } from "@mclnn/datasets";
import type { TrainingState } from "@mclnn/learning";
import { decodeCheckpoint, encodeCheckpoint } from "@mclnn/learning/parts";
import { type Place, withProgram } from "../program.ts";
import type { Promised, Tally } from "../promise.ts";
import { withoutClock } from "../restart-problem.ts";

/** Trainings that are killed: their options, and iterations between checkpoints. */
const TRAININGS = [
  { name: "adam", options: "--optimizer adam --epochs 3000", every: 40 },
  { name: "lbfgs", options: "--optimizer lbfgs --epochs 700", every: 15 },
  { name: "function first", options: "--until 1e-14 --epochs 500", every: 10 },
  { name: "lnn", options: "--model lnn --epochs 250", every: 10 },
];
/** Trainings that the small version kills: one by a rule of descent, one by function first. */
const QUICK_TRAININGS = ["adam", "function first"];
/** Kills in all. */
const KILLS = { quick: 3, full: 200 };
/** The latest moment of a kill, in milliseconds after the start of the process. */
const LATEST = 900;
/** Cells of a bar. */
const CELLS = 20;

/** What a training ended with, as hashes. */
type End = Readonly<Record<"model" | "losses" | "state", string>>;
type Whole = End & { readonly milliseconds: number };

export const kill: Promised = {
  name: "kill",
  promise:
    "A killed training loses nothing: kill -9 at random moments, at most one interval lost, the same model, state and loss log in the end",
  check: (size, tally) =>
    withProgram(async (place) => {
      await place.start(
        "generate --system linear-spring --trajectories 6 --records 8 --out data.npz",
      ).ended;
      const random = createRandom(1);
      const trainings =
        size === "full"
          ? TRAININGS
          : TRAININGS.filter(({ name }) => QUICK_TRAININGS.includes(name));
      const wholes: Whole[] = [];
      for (const training of trainings) {
        const began = performance.now();
        const own = `whole-${wholes.length}`;
        await place.start(argsOf(training, own)).ended;
        const milliseconds = performance.now() - began;
        wholes.push({ ...(await endOf(place.folder, own)), milliseconds });
      }
      let kills = 0;
      for (let round = 0; kills < KILLS[size]; round++) {
        const k = round % trainings.length;
        // On a busy machine one training could take them all.
        const most = Math.ceil((KILLS[size] - kills) / (trainings.length - k));
        kills += await killed(place, trainings[k], wholes[k], { random, most, tally });
      }
      tally.note(`${kills} processes killed`);
    }),
};

const argsOf = ({ options, every }: (typeof TRAININGS)[0], own: string): string =>
  `train --data data.npz ${options} --every ${every} --checkpoint ${own} --resume ${own} --out ${own}.safetensors`;

/** Runs one training to its end, killed again and again. @returns how often */
async function killed(
  { folder, start }: Place,
  training: (typeof TRAININGS)[0],
  whole: Whole,
  { random, most, tally }: { random: Random; most: number; tally: Tally },
): Promise<number> {
  const { name, options, every } = training;
  const own = "killed";
  let kills = 0;
  let before = 0;
  for (;;) {
    const running = start(argsOf(training, own));
    const moment = random.uniform() * Math.min(LATEST, 1.2 * whole.milliseconds);
    if (kills < most) await Promise.race([running.ended, setTimeout(moment)]);
    else await running.ended;
    running.process.kill("SIGKILL");
    const { signal, stderr } = await running.ended;
    if (signal === null) break;
    kills++;
    const newest = await newestIn(path.join(folder, own), tally);
    // Where the bar was, halves of a cell rounded up.
    const cells = [...stderr.matchAll(/(#*)\.* training/g)].at(-1)?.[1]?.length ?? 0;
    const shown = ((cells - 0.5) / CELLS) * Number(options.split(" ").at(-1));
    tally.expect(
      newest === null ? cells === 0 : newest >= before && newest >= shown - every,
      `${name}: killed after ${moment.toFixed(0)} ms at iteration ${shown} or later, the newest checkpoint is of ${newest}`,
    );
    before = newest ?? before;
  }
  const end = await endOf(folder, own);
  for (const part of ["model", "losses", "state"] as const)
    tally.expect(
      end[part] === whole[part],
      `${name}: after ${kills} kills the ${part} differs: ${end[part]}, not ${whole[part]}`,
    );
  for (const left of [own, `${own}.safetensors`])
    await rm(path.join(folder, left), { recursive: true });
  return kills;
}

/** Checkpoints of a folder, the newest last. */
async function checkpointsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const checkpoints = names.filter((name) => name.startsWith("checkpoint-")).sort();
  return checkpoints.map((name) => path.join(folder, name));
}

/** Reads all checkpoints of a folder. @returns iterations of the newest; null where there is none */
async function newestIn(folder: string, tally: Tally): Promise<number | null> {
  let newest: number | null = null;
  for (const source of await checkpointsIn(folder))
    try {
      newest = decodeCheckpoint(await readFile(source), { source }).state?.iteration ?? 0;
      tally.expect(true, source);
    } catch (error) {
      tally.expect(false, `unreadable: ${error}`);
    }
  return newest;
}

async function endOf(folder: string, own: string): Promise<End> {
  const source = (await checkpointsIn(path.join(folder, own))).at(-1) as string;
  const { state } = decodeCheckpoint(await readFile(source), { source });
  const timeless = encodeCheckpoint({ config: {}, state: withoutClock(state as TrainingState) });
  return {
    model: sumOf(await readFile(path.join(folder, `${own}.safetensors`))),
    losses: sumOf(await readFile(path.join(folder, own, "loss.csv"))),
    state: sumOf(timeless),
  };
}

const sumOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
