import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { createRandom, type Random } from "@mclnn/datasets";
import type { TrainingState } from "@mclnn/learning";
import { decodeCheckpoint, encodeCheckpoint } from "@mclnn/learning/parts";
import { bundledProgram, start } from "../program.ts";
import type { Promised, Tally } from "../promise.ts";

/** Trainings that are killed: their options, and iterations between checkpoints. */
const TRAININGS: readonly { name: string; options: readonly string[]; every: number }[] = [
  { name: "adam", options: ["--optimizer", "adam", "--epochs", "3000"], every: 40 },
  { name: "lbfgs", options: ["--optimizer", "lbfgs", "--epochs", "700"], every: 15 },
  { name: "function first", options: ["--until", "1e-14", "--epochs", "500"], every: 10 },
  { name: "lnn", options: ["--model", "lnn", "--epochs", "250"], every: 10 },
];
/** Kills in all. */
const KILLS = { quick: 25, full: 200 };
/** The latest moment of a kill, in milliseconds after the start of the process. */
const LATEST = 900;
/** Cells of a bar. */
const CELLS = 20;

/** What a training that was never stopped ended with. */
interface Whole {
  readonly model: string;
  readonly losses: string;
  readonly state: string;
  readonly milliseconds: number;
}

export const kill: Promised = {
  name: "kill",
  promise:
    "A killed training loses nothing: kill -9 at random moments, at most one interval lost, the same model, state and loss log in the end",
  async check(size, tally) {
    const program = await bundledProgram();
    const folder = await mkdtemp(path.join(tmpdir(), "mclnn-trust-"));
    const random = createRandom(1);
    try {
      const data = path.join(folder, "data.npz");
      const size_ = ["--trajectories", "6", "--records", "8"];
      await start(
        program,
        ["generate", "--system", "linear-spring", ...size_, "--out", data],
        folder,
      ).ended;
      let kills = 0;
      const trainings = size === "full" ? TRAININGS : TRAININGS.slice(0, 3);
      for (let round = 0; kills < KILLS[size]; round++) {
        const training = trainings[round % trainings.length];
        kills += await killed(
          { program, folder, data, random, tally },
          training,
          round,
          KILLS[size] - kills,
        );
      }
      tally.notes.push(`${kills} processes killed`);
    } finally {
      await rm(folder, { recursive: true, force: true });
      await rm(path.dirname(program), { recursive: true, force: true });
    }
  },
};

interface Place {
  readonly program: string;
  readonly folder: string;
  readonly data: string;
  readonly random: Random;
  readonly tally: Tally;
}

const wholes = new Map<string, Whole>();

/** Runs one training to its end, killed again and again. @returns how often */
async function killed(
  place: Place,
  { name, options, every }: (typeof TRAININGS)[0],
  round: number,
  most: number,
): Promise<number> {
  const { program, folder, data, random, tally } = place;
  const argsOf = (own: string) => [
    ...["train", "--data", data, ...options, "--every", String(every)],
    ...["--checkpoint", path.join(folder, own), "--resume", path.join(folder, own)],
    ...["--out", path.join(folder, `${own}.safetensors`)],
  ];
  let whole = wholes.get(`${folder} ${name}`);
  if (whole === undefined) {
    const began = performance.now();
    await start(program, argsOf(`whole-${name}`), folder).ended;
    const milliseconds = performance.now() - began;
    whole = { ...(await endOf(folder, `whole-${name}`)), milliseconds };
    wholes.set(`${folder} ${name}`, whole);
  }
  const own = `killed-${round}`;
  let kills = 0;
  let before = 0;
  for (;;) {
    const running = start(program, argsOf(own), folder);
    const moment = random.uniform() * Math.min(LATEST, 1.2 * whole.milliseconds);
    const first = await Promise.race([
      running.ended,
      kills < most ? setTimeout(moment, null) : running.ended,
    ]);
    if (first !== null) break;
    running.process.kill("SIGKILL");
    const { signal, stderr } = await running.ended;
    if (signal === null) break;
    kills++;
    const newest = await checkpointsIn(path.join(folder, own), tally);
    // Where the bar was, halves of a cell rounded up.
    const cells = [...stderr.matchAll(/(#*)\.* training/g)].at(-1)?.[1]?.length ?? 0;
    const shown = ((cells - 0.5) / CELLS) * Number(options.at(-1));
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
  await rm(path.join(folder, own), { recursive: true });
  return kills;
}

/** Reads all checkpoints of a folder. @returns iterations of the newest; null where there is none */
async function checkpointsIn(folder: string, tally: Tally): Promise<number | null> {
  const names = (await readdir(folder).catch(() => [] as string[]))
    .filter((name) => name.startsWith("checkpoint-"))
    .sort();
  let newest: number | null = null;
  for (const name of names) {
    const source = path.join(folder, name);
    try {
      newest = decodeCheckpoint(await readFile(source), { source }).state?.iteration ?? 0;
      tally.cases++;
    } catch (error) {
      tally.expect(false, `unreadable: ${error}`);
    }
  }
  return newest;
}

async function endOf(folder: string, own: string): Promise<Omit<Whole, "milliseconds">> {
  const at = path.join(folder, own);
  const names = (await readdir(at)).filter((name) => name.startsWith("checkpoint-")).sort();
  const source = path.join(at, names.at(-1) as string);
  const { state } = decodeCheckpoint(await readFile(source), { source });
  const { log } = state as TrainingState;
  const clock = { seconds: 0, log: new Float64Array(log.losses.length) };
  const timeless = encodeCheckpoint({ config: {}, state: { ...(state as TrainingState), clock } });
  return {
    model: sumOf(await readFile(path.join(folder, `${own}.safetensors`))),
    losses: sumOf(await readFile(path.join(at, "loss.csv"))),
    state: sumOf(timeless),
  };
}

const sumOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
