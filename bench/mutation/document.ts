import { type Area, areas } from "./areas.ts";
import { reasonFor } from "./reasons.ts";
import { type AreaResult, type FileCounts, type Survivor, score, total } from "./results.ts";

/** Share of mutants that the tests of every area notice at least. */
export const LEAST_SCORE = 0.9;

/** Results of all areas, those of `results` in any order, as one Markdown document. */
export function mutationDocument(results: readonly AreaResult[]): string {
  const known = areas.flatMap((area) => {
    const result = results.find((each) => each.area === area.name);
    return result === undefined ? [] : [{ area, result }];
  });
  return [
    "# What the tests notice",
    "",
    "A test that cannot fail is worth nothing. [Stryker](https://stryker-mutator.io) changes the sources in one place (`+` to `-`, `<` to `<=`, a condition to",
    "`false`, a block to nothing ...), runs the tests that reach the place, and asks whether one fails. Made by `pnpm mutation` (`--only AREA` for one of them);",
    "texts of errors are left alone. A change that went round a loop a hundred times as often, or took too long, counts as noticed; one that does not load",
    "not at all; tests that need more than a second (adjoint: a quarter of one) are asked only where no quicker one reaches a change. Only the tests of an area itself are asked.",
    `At least ${100 * LEAST_SCORE} % of an area must be noticed. What was not is listed below, with why.`,
    "",
    "Measured are mechanics and what data and models come in by: the areas of the table, with the sources that their sections list (those in which there is nothing",
    "to change, as types, are left out). The rest of the project is not: training by function first, the commands of the program, figures and pages, and the kernels in",
    "AssemblyScript with what calls them, which tests compare bit by bit with the TypeScript that is measured. Each result is of the sources as they were on its day; which of them have changed",
    "since, `pnpm trust --quick --only mutation` says, and `pnpm trust --only mutation` makes all changes anew.",
    "",
    "| area | what | changes | noticed | of these by time | not noticed | score | run |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ...known.map(({ area, result }) => areaRow(area, result)),
    ...areas
      .filter(({ name }) => !results.some((result) => result.area === name))
      .map(({ name, title }) => `| ${name} | ${title} | | | | | not run yet | |`),
    "",
    ...known.flatMap(({ area, result }) => section(area, result)),
  ].join("\n");
}

function areaRow({ name, title }: Area, { files, date }: AreaResult): string {
  const counts = total(Object.values(files));
  return `| [${name}](#${name}) | ${title} | ${figures(counts)} | ${date} |`;
}

function figures(counts: FileCounts): string {
  const { killed, timeouts, survived, untested } = counts;
  const unnoticed = survived + untested;
  const noticed = killed + timeouts;
  return [
    noticed + unnoticed,
    noticed,
    timeouts,
    unnoticed,
    `${(100 * score(counts)).toFixed(1)} %`,
  ].join(" | ");
}

function section({ name }: Area, { files, survivors }: AreaResult): string[] {
  return [
    `## ${name}`,
    "",
    "| source | changes | noticed | of these by time | not noticed | score |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...Object.entries(files).flatMap(([file, counts]) =>
      counts.killed + counts.timeouts + counts.survived + counts.untested === 0
        ? []
        : `| \`${file}\` | ${figures(counts)} |`,
    ),
    "",
    ...(survivors.length === 0
      ? []
      : [
          "| not noticed | instead | why |",
          "| --- | --- | --- |",
          ...survivors.map(survivorRow),
          "",
        ]),
  ];
}

function survivorRow(survivor: Survivor): string {
  const { file, line, original, replacement } = survivor;
  const name = file.slice(file.lastIndexOf("/") + 1);
  return `| ${name}:${line} ${code(original)} | ${code(replacement)} | ${reasonFor(survivor) ?? "a test is missing"} |`;
}

/** Text as code in a cell of a table. */
function code(text: string): string {
  if (text === "") return "nothing";
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text.replaceAll("|", "\\|")}${fence}`;
}
