import { mkdtemp, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeTrajectorySet } from "@mclnn/datasets";
import { COMBINATIONS, HUGE, LEAST, LEAST_DATA, STARTS } from "../growth/cases.ts";
import { LADDERS, type Ladder, lattice, PROGRAM, type Rung } from "../growth/ladders.ts";
import { type Metered, metered } from "../growth/metered.ts";
import { bundledProgram } from "../program.ts";
import type { Promised, Size, Tally } from "../promise.ts";

/** Time may grow with this power of the size and no more: 1, and what caches and searches add. */
const LINEAR = 1.15;
/** Less than this, in seconds, is mostly what a process takes to begin. */
const TELLING = 0.5;
/** Times that two runs are measured again which seem to grow faster. */
const AGAIN = 2;

export const growth: Promised = {
  name: "growth",
  promise:
    "Much is no trouble and little is refused: 10,000 trajectories, 2,000 records, 64 particles run in linear time and stated memory",
  async check(size, tally) {
    const program = await bundledProgram();
    const folder = await mkdtemp(path.join(tmpdir(), "mclnn-trust-"));
    try {
      for (const n of [8, 27, 64, 125])
        await writeFile(path.join(folder, `s${n}.json`), lattice(n));
      for (const [name, text] of Object.entries(STARTS))
        await writeFile(path.join(folder, name), text);
      for (const [name, set] of Object.entries(LEAST_DATA))
        await writeFile(path.join(folder, name), encodeTrajectorySet(set));
      await writeFile(path.join(folder, "huge.npz"), "");
      await truncate(path.join(folder, "huge.npz"), HUGE);
      for (const { args, code, error } of size === "full" ? [...LEAST, ...COMBINATIONS] : LEAST) {
        const ended = await metered(program, args, folder);
        const said = args.includes("--json") && ended.code !== 0 ? errorIn(ended) : undefined;
        tally.tell(`${args.join(" ")}: ${ended.seconds.toFixed(2)} s, exit code ${ended.code}`);
        tally.expect(
          ended.code === code && (error === undefined || said === error),
          () => `${args.join(" ")}: ${ended.code}, ${said}, ${ended.stderr.slice(-300)}`,
        );
      }
      const { seconds: beginning } = await metered(program, ["systems"], folder);
      for (const ladder of LADDERS)
        await climb({ program, folder, beginning }, ladder, size, tally);
    } finally {
      await rm(folder, { recursive: true, force: true });
      await rm(path.dirname(program), { recursive: true, force: true });
    }
  },
};

interface Place {
  readonly program: string;
  readonly folder: string;
  /** Seconds that a process takes to begin. */
  readonly beginning: number;
}

/** What a command took at one size. */
interface Step {
  readonly size: number;
  readonly rung: Rung;
  readonly seconds: number;
}

/** Tries each command of a ladder at each size; time must grow as the work does, memory as the data do. */
async function climb(place: Place, ladder: Ladder, size: Size, tally: Tally): Promise<void> {
  const { name, of, sizes, work, commands } = ladder;
  const taken = new Map<string, Step[]>();
  for (const n of sizes[size])
    for (const rung of commands(n)) {
      const run = await climbed(place, rung);
      const { memory, more = 0 } = rung;
      tally.expect(
        run.code === 0,
        () => `${name}, ${n}: ${rung.args.join(" ")}: ${run.code}, ${run.stderr.slice(-300)}`,
      );
      const bytes = await dataOf(place.folder, rung.args);
      const most = PROGRAM + memory * bytes + more;
      tally.expect(
        run.peak <= most,
        `${name}, ${n}: ${rung.name} takes ${mega(run.peak)}, more than ${mega(most)}`,
      );
      taken.set(rung.name, [...(taken.get(rung.name) ?? []), { size: n, rung, ...run }]);
      tally.note(
        `${rung.name}, ${n} ${name}: ${run.seconds.toFixed(2)} s, ${mega(run.peak)}, data ${mega(bytes)}, exit code ${run.code}`,
      );
    }
  let told = 0;
  for (const [command, steps] of taken) {
    const [first, last] = steps.slice(-2);
    if (first === undefined || last === undefined || last.seconds < TELLING) continue;
    told++;
    let [before, after] = [first.seconds, last.seconds];
    const exponent = (): number =>
      Math.log(after / before) / Math.log(work(last.size) / work(first.size));
    // What else the machine does makes a run longer, never shorter.
    for (let again = 0; again < AGAIN && exponent() > LINEAR; again++) {
      before = Math.min(before, (await climbed(place, first.rung)).seconds);
      after = Math.min(after, (await climbed(place, last.rung)).seconds);
    }
    tally.note(`${command}, ${name}: time as ${of}^${exponent().toFixed(2)}`);
    if (size === "full")
      tally.expect(
        exponent() <= LINEAR,
        `${command}, ${name}: time grows as ${of}^${exponent().toFixed(2)}`,
      );
  }
  if (size === "full")
    tally.expect(told > 0, `${name}: no command took ${TELLING} s, so that its growth would show`);
}

/** Runs a command of a ladder. */
async function climbed(
  { program, folder, beginning }: Place,
  { args }: Rung,
): Promise<Metered & { readonly seconds: number }> {
  const out = args.indexOf("--out");
  if (out >= 0) await rm(path.join(folder, args[out + 1]), { force: true });
  const run = await metered(program, [...args, "--threads", "1"], folder);
  return { ...run, seconds: Math.max(0.01, run.seconds - beginning) };
}

const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** Bytes of the trajectories that a command reads or writes. */
async function dataOf(folder: string, args: readonly string[]): Promise<number> {
  const name = args.find((each) => each.endsWith(".npz"));
  if (name === undefined) return 0;
  return (await stat(path.join(folder, name)).catch(() => ({ size: 0 }))).size;
}

function errorIn({ stdout }: Metered): string {
  return (JSON.parse(stdout) as { error: { code: string } }).error.code;
}
