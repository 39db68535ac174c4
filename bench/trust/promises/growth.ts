import { rm, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { encodeTrajectorySet } from "@mclnn/datasets";
import { measured, type Used } from "../../process.ts";
import { COMBINATIONS, HUGE, HUGE_FILE, LEAST, TWO, trajectory } from "../growth/cases.ts";
import { LADDERS, type Ladder, lattice, PROGRAM, type Rung, workOf } from "../growth/ladders.ts";
import { withProgram } from "../program.ts";
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
  check: (size, tally) =>
    withProgram(async ({ program, folder }) => {
      const file = (name: string) => path.join(folder, name);
      for (const n of [8, 27, 64, 125]) await writeFile(file(`s${n}.json`), lattice(n));
      await writeFile(file("two.json"), TWO);
      await writeFile(file("one-record.npz"), encodeTrajectorySet(trajectory(2, 1)));
      await writeFile(file("alone.npz"), encodeTrajectorySet(trajectory(1, 20)));
      await writeFile(file("huge.npz"), "PK\x03\x04");
      await truncate(file("huge.npz"), HUGE);
      const run = (line: string) =>
        measured([process.execPath, program, ...line.split(" ")], folder);
      for (const [line, error] of size === "full"
        ? [...LEAST, HUGE_FILE, ...COMBINATIONS]
        : LEAST) {
        const { code, stdout, stderr, processor } = await run(error ? `${line} --json` : line);
        const said = error !== undefined && code !== 0 ? JSON.parse(stdout).error.code : undefined;
        tally.tell(`${line}: ${processor.toFixed(2)} s, exit code ${code}`);
        tally.expect(
          code === (error === undefined ? 0 : 2) && said === error,
          () => `${line}: ${code}, ${said}, ${stderr.slice(-300)}`,
        );
      }
      const { processor: beginning } = await run("systems");
      const climbed = async ({ line }: Rung): Promise<Used> => {
        const out = / --out (\S+)/.exec(line)?.[1];
        if (out !== undefined) await rm(file(out), { force: true });
        const used = await run(`${line} --threads 1`);
        return { ...used, processor: Math.max(0.01, used.processor - beginning) };
      };
      for (const ladder of LADDERS) await climb(ladder, folder, climbed, size, tally);
    }),
};

/** Tries each command of a ladder at each size; time must grow as the work does, memory as the data do. */
async function climb(
  ladder: Ladder,
  folder: string,
  climbed: (rung: Rung) => Promise<Used>,
  size: Size,
  tally: Tally,
): Promise<void> {
  const { name, of, sizes, commands } = ladder;
  const taken = new Map<string, { n: number; rung: Rung; processor: number }[]>();
  for (const n of sizes[size])
    for (const rung of commands(n)) {
      const { code, stderr, memory, processor } = await climbed(rung);
      tally.expect(code === 0, () => `${name}, ${n}: ${rung.line}: ${code}, ${stderr.slice(-300)}`);
      const bytes = await dataOf(folder, rung.line);
      const most = PROGRAM + rung.memory * bytes + rung.more;
      tally.expect(
        memory <= most,
        `${name}, ${n}: ${rung.name} takes ${mega(memory)}, more than ${mega(most)}`,
      );
      taken.set(rung.name, [...(taken.get(rung.name) ?? []), { n, rung, processor }]);
      tally.note(
        `${rung.name}, ${n} ${name}: ${processor.toFixed(2)} s, ${mega(memory)}, data ${mega(bytes)}, exit code ${code}`,
      );
    }
  let told = 0;
  for (const [command, steps] of taken) {
    const [first, last] = steps.slice(-2);
    if (first === undefined || last === undefined || last.processor < TELLING) continue;
    told++;
    let [before, after] = [first.processor, last.processor];
    const exponent = (): number =>
      Math.log(after / before) / Math.log(workOf(ladder, last.n) / workOf(ladder, first.n));
    // What else the machine does makes a run longer, never shorter.
    for (let again = 0; again < AGAIN && exponent() > LINEAR; again++) {
      before = Math.min(before, (await climbed(first.rung)).processor);
      after = Math.min(after, (await climbed(last.rung)).processor);
    }
    const found = `${command}, ${name}: time grows as ${of}^${exponent().toFixed(2)}`;
    tally.note(found);
    if (size === "full") tally.expect(exponent() <= LINEAR, found);
  }
  if (size === "full")
    tally.expect(told > 0, `${name}: no command took ${TELLING} s, so that its growth would show`);
}

const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** Bytes of the trajectories that a command reads or writes. */
async function dataOf(folder: string, line: string): Promise<number> {
  const name = line.split(" ").find((each) => each.endsWith(".npz"));
  if (name === undefined) return 0;
  return (await stat(path.join(folder, name)).catch(() => ({ size: 0 }))).size;
}
