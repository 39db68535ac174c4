// Learns the laws of the library and writes docs/laws.md: `pnpm laws --help`.
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import path from "node:path";
import { figureSvg, formatNumber, formatSeconds } from "@mclnn/report";
import { chosen, command, FLAG, numberOf, refusal, say, TEXT, write } from "../command-line.ts";
import { inProcesses } from "../pool.ts";
import {
  type Cell,
  type CellResult,
  cellsOfAll,
  DEFAULT_GRIDS,
  FULL_GRID,
  type Grid,
  inOrder,
  isLearned,
  METHODS,
  QUICK_GRID,
} from "./cell.ts";
import {
  COVERAGE_NOISE,
  COVERAGE_SEEDS,
  COVERAGE_SYSTEMS,
  COVERAGE_TRAJECTORIES,
  type CoverageResult,
} from "./coverage.ts";
import { cellText, type Kept, lawsDocument } from "./document.ts";
import { lawsFigure } from "./figure.ts";
import { MASS_NOISE, MASS_SEEDS, MASS_SPACINGS, type MassResult } from "./masses.ts";
import { lawSystems } from "./systems/catalogue.ts";
import { mixturesDocument } from "./terms/document.ts";
import type { MixtureOutcome } from "./terms/learn-mixture.ts";
import { mixtureTasks, QUICK_MIXTURES } from "./terms/tasks.ts";
import type { Task } from "./worker.ts";
import { writeFormulas } from "./write-formulas.ts";

const HELP = `Learns the laws of the library by spline, MCLNN and kernel least squares, and writes what came of it.

pnpm laws [options]

Without options: all systems without noise (100 and 10 trajectories) and with noise 1e-3 (10), the paper's with every noise and number of trajectories.

  --full               every combination of what follows: hours
  --systems A,B        ${FULL_GRID.systems.join(", ")}
  --noise A,B          in mean separations (default ${FULL_GRID.noise.join(",")})
  --velocities A,B     given, unknown (default both)
  --trajectories A,B   (default ${FULL_GRID.trajectories.join(",")})
  --seeds N            noise seeds a cell; errors and coverage are means over them (default 1)
  --quick              a small part, under a minute: ${QUICK_GRID.systems.join(", ")}
  --coverage           how often error bars hold: many draws of noise on ${COVERAGE_SYSTEMS.join(", ")};
                       noise 1e-3 and 10 trajectories unless others are named; 200 seeds
  --masses             how well hidden masses are found, beside what the data allow; --seeds draws of noise (default ${MASS_SEEDS})
  --formulas           how often the right formula is named, docs/formulas.md; noise 1e-3 unless others are named; --quick: three laws
  --terms              how often the terms that act beside a pair law are found, docs/terms.md; --seeds draws of each (default 3); --quick: a few
  --threads N          cells at a time (default: one a core)
  --out FILE           Markdown; FILE with .json beside it, and figures/laws.svg below it (default docs/laws.md;
                       a part is printed unless --out is given)
  --update             keep the results that are in the .json already, but for the cells of this run
`;

const AXES = { systems: TEXT, noise: TEXT, velocities: TEXT, trajectories: TEXT } as const;
const OPTIONS = {
  ...{
    ...AXES,
    seeds: TEXT,
    quick: FLAG,
    full: FLAG,
    coverage: FLAG,
    masses: FLAG,
    formulas: FLAG,
    terms: FLAG,
  },
  ...{ threads: TEXT, out: TEXT, update: FLAG },
} as const;

interface Asked {
  readonly grids: readonly Grid[];
  /** Whether some of the axes are named. */
  readonly named: Partial<Record<keyof typeof AXES, string>>;
  readonly seeds: (otherwise: number) => number;
  readonly threads: number;
}

const NOTHING: Kept = { results: [], coverage: [], masses: [] };

await command(HELP, OPTIONS, async (values) => {
  const { quick, full, update, coverage, masses } = values;
  if (values.formulas) {
    const noises = (values.noise ?? "1e-3").split(",").map((text) => numberOf("noise", text));
    return writeFormulas(noises, { quick, out: values.out });
  }
  if (values.terms) return writeTerms(values);
  const keys = Object.keys(AXES) as (keyof typeof AXES)[];
  const named = Object.fromEntries(keys.flatMap((k) => (values[k] ? [[k, values[k]]] : [])));
  const part = quick || Object.keys(named).length > 0;
  const out = values.out ?? (part ? undefined : path.join("docs", "laws.md"));
  if (update && out === undefined) throw refusal("update", "--out with it", "no file to update");
  const seeds = (otherwise: number): number =>
    values.seeds === undefined ? otherwise : numberOf("seeds", values.seeds, true);
  const { threads: given = String(availableParallelism()) } = values;
  const chosenGrids =
    part || full ? [gridOf(quick ? QUICK_GRID : FULL_GRID, named)] : DEFAULT_GRIDS;
  const grids = chosenGrids.map((grid) => ({ ...grid, seeds: seeds(grid.seeds) }));
  const asked = { grids, named, seeds, threads: numberOf("threads", given, true) };
  const before = out === undefined ? NOTHING : await readResults(jsonPath(out));
  // Cells, coverage and masses are measurements of their own: one that is made again leaves the others as they were.
  if (coverage) return finish(out, { ...before, coverage: await countCoverage(asked) });
  if (masses) return finish(out, { ...before, masses: await findMasses(asked) });
  const fresh = await learnCells(asked);
  await finish(out, { ...before, results: inOrder(update ? before.results : [], fresh) });
  // Elsewhere a law that cannot be learned is a result; these can be.
  const learned = fresh.every(({ outcomes }) => METHODS.every((way) => isLearned(outcomes[way])));
  return quick && !learned ? 1 : 0;
});

/** Learns the mixtures, and writes what came of it. @returns exit code: 1 where a quick one is not as it should be */
async function writeTerms({
  quick,
  out,
  seeds = "3",
  threads = String(availableParallelism()),
}: {
  readonly [option in "out" | "seeds" | "threads"]?: string | undefined;
} & { readonly quick: boolean }): Promise<number> {
  const tasks = quick ? QUICK_MIXTURES : mixtureTasks(numberOf("seeds", seeds, true));
  const outcomes = await inProcesses<Task, MixtureOutcome>(
    new URL("./worker.ts", import.meta.url),
    tasks.map((mixed) => ({ mixed })),
    numberOf("threads", threads, true),
    ({ task, found, right, seconds, failed }) =>
      `${task.mixture}, ${task.trajectories} x ${task.records}, noise ${task.noise}, draw ${task.seed}: ${failed ?? (found.join(", ") || "pairs alone")}, ${right ? "right" : "wrong"}; ${formatSeconds(seconds)}`,
  );
  const text = mixturesDocument(
    outcomes,
    `pnpm laws --terms${quick ? " --quick" : ` --seeds ${seeds}`}`,
  );
  if (quick && out === undefined) process.stdout.write(text);
  else await write(out ?? path.join("docs", "terms.md"), text);
  return quick && outcomes.some(({ right }) => !right) ? 1 : 0;
}

function gridOf(base: Grid, named: Asked["named"]): Grid {
  const list = (option: keyof typeof AXES): string[] | undefined => named[option]?.split(",");
  return {
    systems: chosen("systems", named.systems ?? base.systems.join(), lawSystems).map(
      ({ name }) => name,
    ),
    noise: list("noise")?.map((text) => numberOf("noise", text)) ?? base.noise,
    velocities: list("velocities")?.map(velocities) ?? base.velocities,
    trajectories:
      list("trajectories")?.map((text) => numberOf("trajectories", text, true)) ??
      base.trajectories,
    seeds: base.seeds,
  };
}

function velocities(text: string): Cell["velocities"] {
  if (text === "given" || text === "unknown") return text;
  throw refusal("velocities", "given or unknown", text);
}

function run<R>(
  tasks: readonly Task[],
  { threads }: Asked,
  tell: (result: R) => string,
): Promise<R[]> {
  return inProcesses<Task, R>(new URL("./worker.ts", import.meta.url), tasks, threads, tell);
}

function learnCells(asked: Asked): Promise<CellResult[]> {
  const tasks = cellsOfAll(asked.grids).map((cell) => ({ cell }));
  return run(tasks, asked, ({ cell, outcomes }: CellResult) => {
    const texts = METHODS.map((method) => {
      const outcome = outcomes[method];
      return `${method} ${isLearned(outcome) ? formatNumber(outcome.slope.mean) : outcome.failed.code} ${formatSeconds(outcome.seconds)}`;
    });
    return `${cellText(cell)}: ${texts.join("; ")}`;
  });
}

function countCoverage(asked: Asked): Promise<CoverageResult[]> {
  const { named, grids, seeds } = asked;
  const [{ systems, noise, trajectories }] = grids;
  if (named.velocities !== undefined)
    throw refusal("velocities", "nothing: coverage is counted without velocities", "a choice");
  const tasks = (named.systems === undefined ? COVERAGE_SYSTEMS : systems).flatMap((system) =>
    Array.from({ length: seeds(COVERAGE_SEEDS) }, (_, k) => ({
      coverage: {
        ...{ system, seed: k + 1, noise: named.noise === undefined ? COVERAGE_NOISE : noise[0] },
        trajectories: named.trajectories === undefined ? COVERAGE_TRAJECTORIES : trajectories[0],
      },
    })),
  );
  return run(tasks, asked, ({ task, mclnn, failed }: CoverageResult) => {
    const text = failed ?? `MCLNN ${mclnn?.data.map((x) => Math.round(100 * x)).join(" / ")} %`;
    return `${task.system}, draw ${task.seed}: ${text}`;
  });
}

function findMasses(asked: Asked): Promise<MassResult[]> {
  const tasks = MASS_SPACINGS.flatMap((spacing) =>
    (["given", "unknown"] as const).flatMap((known) =>
      Array.from({ length: asked.seeds(MASS_SEEDS) }, (_, k) => ({
        hidden: { spacing, velocities: known, noise: MASS_NOISE, seed: k + 1 },
      })),
    ),
  );
  return run(tasks, asked, ({ task, masses, failed }: MassResult) => {
    const errors = masses?.map(({ error }) => (error === null ? "-" : formatNumber(error)));
    return `records ${task.spacing} apart, velocities ${task.velocities}, draw ${task.seed}: ${failed ?? errors?.join(", ")}`;
  });
}

/** Prints the document, or writes it with its figure and the .json beside it. */
async function finish(out: string | undefined, kept: Kept): Promise<undefined> {
  const making = {
    command: "pnpm laws",
    machine: `${cpus()[0]?.model.trim() ?? "unknown processor"}, Node ${process.versions.node}`,
  };
  if (out === undefined) return void process.stdout.write(`${lawsDocument(kept, making)}\n`);
  const drawn = lawsFigure(kept.results);
  const figure = "figures/laws.svg";
  if (drawn !== undefined) await write(path.join(path.dirname(out), figure), figureSvg(drawn));
  await write(out, lawsDocument(kept, drawn === undefined ? making : { ...making, figure }));
  await write(jsonPath(out), `${JSON.stringify({ version: 1, ...making, ...kept })}\n`);
  say(out);
}

function jsonPath(out: string): string {
  return `${out.replace(/\.md$/, "")}.json`;
}

/** What was there before; nothing where there was no file. */
async function readResults(file: string): Promise<Kept> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return NOTHING;
  const { version, results, coverage = [], masses = [] } = JSON.parse(text);
  if (version !== 1 || results === undefined)
    throw refusal("out", "results of version 1 in the .json beside it", `version ${version}`);
  return { results, coverage, masses };
}
