// Learns the laws of the library and writes docs/laws.md: `pnpm laws --help`.
import { mkdir, readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { writeFileAtomic } from "@mclnn/datasets/node";
import { MclnnError } from "@mclnn/physics";
import { figureSvg, formatNumber, formatSeconds } from "@mclnn/report";
import {
  type Cell,
  type CellResult,
  cellKey,
  cellsOfAll,
  DEFAULT_GRIDS,
  FULL_GRID,
  type Grid,
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
import { lawsDocument, type Making } from "./document.ts";
import { lawsFigure } from "./figure.ts";
import { MASS_NOISE, MASS_SEEDS, MASS_SPACINGS, type MassResult } from "./masses.ts";
import { runCells, runCoverages, runHidden } from "./pool.ts";
import { lawSystemByName } from "./systems/catalogue.ts";

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
  --threads N          cells at a time (default: one a core)
  --out FILE           Markdown; FILE with .json beside it, and figures/laws.svg below it (default docs/laws.md;
                       a part is printed unless --out is given)
  --update             keep the results that are in the .json already, but for the cells of this run
`;

const { values: options } = parseArgs({
  options: {
    systems: { type: "string" },
    noise: { type: "string" },
    velocities: { type: "string" },
    trajectories: { type: "string" },
    seeds: { type: "string" },
    quick: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    coverage: { type: "boolean", default: false },
    masses: { type: "boolean", default: false },
    threads: { type: "string" },
    out: { type: "string" },
    update: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

try {
  if (options.help) process.stdout.write(HELP);
  else await main();
} catch (error) {
  if (!(error instanceof MclnnError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.kind === "input" ? 2 : 1;
}

/** What the .json beside the document holds. */
interface Kept {
  readonly results: readonly CellResult[];
  readonly coverage: readonly CoverageResult[];
  readonly masses: readonly MassResult[];
}

async function main(): Promise<void> {
  const threads =
    options.threads === undefined ? availableParallelism() : whole("threads", options.threads);
  const out =
    options.out ?? (!named() && !options.quick ? path.join("docs", "laws.md") : undefined);
  if (options.update && out === undefined)
    throw refusal("update", "--out with it", "no file to update");
  const before: Kept =
    out === undefined
      ? { results: [], coverage: [], masses: [] }
      : await readResults(jsonPath(out));
  const making = {
    command: "pnpm laws",
    machine: `${cpus()[0]?.model.trim() ?? "unknown processor"}, Node ${process.versions.node}`,
  };
  // Cells, coverage and masses are measurements of their own: one that is made again leaves the others as they were.
  const kept: Kept = { ...before, ...(await measured(before, threads)) };
  if (out === undefined) {
    process.stdout.write(`${lawsDocument(kept.results, making, kept)}\n`);
    return;
  }
  await writeDocument(out, kept, making);
}

async function measured(before: Kept, threads: number): Promise<Partial<Kept>> {
  if (options.coverage) return { coverage: await countCoverage(threads) };
  if (options.masses) return { masses: await findMasses(threads) };
  return {
    results: inOrder(merged(options.update ? before.results : [], await learnCells(threads))),
  };
}

function findMasses(threads: number): Promise<MassResult[]> {
  const tasks = MASS_SPACINGS.flatMap((spacing) =>
    (["given", "unknown"] as const).flatMap((known) =>
      Array.from({ length: seedsOr(MASS_SEEDS) }, (_, k) => ({
        spacing,
        velocities: known,
        noise: MASS_NOISE,
        seed: k + 1,
      })),
    ),
  );
  let done = 0;
  return runHidden(tasks, threads, ({ task, masses, failed }) => {
    done++;
    const text =
      failed ?? masses?.map(({ error }) => (error === null ? "-" : formatNumber(error))).join(", ");
    process.stderr.write(
      `${String(done).padStart(4)} of ${tasks.length}  records ${task.spacing} apart, velocities ${task.velocities}, draw ${task.seed}: ${text}\n`,
    );
  });
}

/** Whether some of the axes are named. */
function named(): boolean {
  return [options.systems, options.noise, options.velocities, options.trajectories].some(
    (option) => option !== undefined,
  );
}

function seedsOr(seeds: number): number {
  return options.seeds === undefined ? seeds : whole("seeds", options.seeds);
}

function learnCells(threads: number): Promise<CellResult[]> {
  const chosen =
    named() || options.quick || options.full
      ? [chosenGrid()]
      : DEFAULT_GRIDS.map((grid) => ({ ...grid, seeds: seedsOr(grid.seeds) }));
  const cells = cellsOfAll(chosen);
  let done = 0;
  return runCells(cells, threads, (result) => {
    done++;
    process.stderr.write(`${String(done).padStart(4)} of ${cells.length}  ${progress(result)}\n`);
  });
}

function countCoverage(threads: number): Promise<CoverageResult[]> {
  const { systems, noise, trajectories } = chosenGrid();
  if (options.velocities !== undefined)
    throw refusal("velocities", "nothing: coverage is counted without velocities", "a choice");
  const names = options.systems === undefined ? COVERAGE_SYSTEMS : systems;
  const seeds = seedsOr(COVERAGE_SEEDS);
  const tasks = names.flatMap((system) =>
    Array.from({ length: seeds }, (_, k) => ({
      system,
      noise: options.noise === undefined ? COVERAGE_NOISE : noise[0],
      trajectories: options.trajectories === undefined ? COVERAGE_TRAJECTORIES : trajectories[0],
      seed: k + 1,
    })),
  );
  let done = 0;
  return runCoverages(tasks, threads, ({ task, mclnn, failed }) => {
    done++;
    const text = failed ?? `MCLNN ${mclnn?.data.map((x) => Math.round(100 * x)).join(" / ")} %`;
    process.stderr.write(
      `${String(done).padStart(4)} of ${tasks.length}  ${task.system}, draw ${task.seed}: ${text}\n`,
    );
  });
}

async function writeDocument(out: string, kept: Kept, making: Making): Promise<void> {
  const { results } = kept;
  const figure = lawsFigure(results);
  const figurePath = path.join("figures", "laws.svg");
  const folder = path.dirname(out);
  if (figure !== undefined) {
    await mkdir(path.join(folder, "figures"), { recursive: true });
    await write(path.join(folder, figurePath), figureSvg(figure));
  }
  const document = lawsDocument(
    results,
    { ...making, ...(figure === undefined ? {} : { figure: "figures/laws.svg" }) },
    kept,
  );
  await mkdir(folder, { recursive: true });
  await write(out, document);
  await write(jsonPath(out), `${JSON.stringify({ version: 1, ...making, ...kept })}\n`);
  process.stderr.write(`${out}\n`);
}

function chosenGrid(): Grid {
  const base = options.quick ? QUICK_GRID : FULL_GRID;
  const systems = options.systems?.split(",") ?? base.systems;
  for (const name of systems) lawSystemByName(name);
  return {
    systems,
    noise: options.noise?.split(",").map((text) => number("noise", text)) ?? base.noise,
    velocities: options.velocities?.split(",").map(velocities) ?? base.velocities,
    trajectories:
      options.trajectories?.split(",").map((text) => whole("trajectories", text)) ??
      base.trajectories,
    seeds: seedsOr(base.seeds),
  };
}

function velocities(text: string): Cell["velocities"] {
  if (text === "given" || text === "unknown") return text;
  throw refusal("velocities", "given or unknown", text);
}

function number(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && Number.isFinite(value)) return value;
  throw refusal(option, "a number from 0", text);
}

function whole(option: string, text: string): number {
  const value = number(option, text);
  if (Number.isInteger(value) && value > 0) return value;
  throw refusal(option, "a whole number from 1", text);
}

function refusal(option: string, expected: string, got: string): MclnnError {
  return new MclnnError(`--${option} cannot be used`, {
    code: "bad-option",
    argument: option,
    expected,
    got,
  });
}

function progress({ cell, outcomes }: CellResult): string {
  const { system, noise, velocities: how, trajectories, seed } = cell;
  const texts = METHODS.map((method) => {
    const outcome = outcomes[method];
    return `${method} ${isLearned(outcome) ? formatNumber(outcome.slope.mean) : outcome.failed.code} ${formatSeconds(outcome.seconds)}`;
  });
  return `${system}, noise ${noise}, velocities ${how}, ${trajectories} trajectories, seed ${seed}: ${texts.join("; ")}`;
}

function jsonPath(out: string): string {
  return `${out.replace(/\.md$/, "")}.json`;
}

/** What was there before; nothing where there was no file. */
async function readResults(file: string): Promise<Kept> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return { results: [], coverage: [], masses: [] };
  }
  const {
    version,
    results,
    coverage = [],
    masses = [],
  } = JSON.parse(text) as Partial<Kept> & { version: number };
  if (version !== 1 || results === undefined)
    throw refusal("out", "results of version 1 in the .json beside it", `version ${version}`);
  return { results, coverage, masses };
}

/** New results in the place of old ones. */
function merged(old: readonly CellResult[], fresh: readonly CellResult[]): CellResult[] {
  const byCell = new Map([...old, ...fresh].map((result) => [cellKey(result.cell), result]));
  return [...byCell.values()];
}

/** As the full grid has them; cells that it does not have come last. */
function inOrder(results: readonly CellResult[]): CellResult[] {
  const rank = (values: readonly (string | number)[], value: string | number): number => {
    const at = values.indexOf(value);
    return at < 0 ? values.length : at;
  };
  const ranks = ({ cell }: CellResult): number[] => [
    rank(FULL_GRID.noise, cell.noise),
    rank(FULL_GRID.velocities, cell.velocities),
    rank(FULL_GRID.trajectories, cell.trajectories),
    rank(FULL_GRID.systems, cell.system),
    cell.seed,
  ];
  return [...results].sort((a, b) => {
    const [x, y] = [ranks(a), ranks(b)];
    const k = x.findIndex((value, i) => value !== y[i]);
    return k < 0 ? 0 : x[k] - y[k];
  });
}

async function write(file: string, text: string): Promise<void> {
  await writeFileAtomic(file, text, { force: true });
}
