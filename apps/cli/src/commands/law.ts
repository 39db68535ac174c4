import { extname } from "node:path";
import { MclnnError } from "@mclnn/physics";
import type { Command } from "commander";
import { DONE, type ExitCode } from "../exit-code.ts";
import { examples } from "../options/example.ts";
import { count, number } from "../options/number.ts";
import { required } from "../options/required.ts";
import type { Runner, Session } from "../session.ts";
import { formatNumber } from "../terminal/numbers.ts";

interface LawOptions {
  readonly model?: string;
  readonly potential?: string;
  readonly system?: string;
  readonly points: number;
  readonly from?: number;
  readonly to?: number;
  readonly pair?: string;
  readonly out?: string;
  readonly force?: boolean;
}

const FORMATS = [".csv", ".json", ".npz", ".svg", ".png"];

export function registerLaw(program: Command, run: Runner): void {
  program
    .command("law")
    .summary("write the learned law as numbers or a picture")
    .description(
      "Writes the law of an mclnn or spline model: columns r, energy, slope, slopeSd (empty without error bars), " +
        "dataShare (share of the training separations nearest to r), energySd, and pair where there are species. " +
        "The ending of --out chooses the format.",
    )
    .option("--model <file>", "model, safetensors")
    .option("--potential <p>", "true potential to draw beside it (svg, png)")
    .option("--system <name>", "built-in system whose law to draw beside it (svg, png)")
    .option("--pair <a-b>", "of a model with several species: this law only, for example 0-1")
    .option("--points <n>", "number of separations", count("--points", 2), 200)
    .option(
      "--from <r>",
      "first separation (default: nearest seen)",
      number("--from", { above: 0 }),
    )
    .option("--to <r>", "last separation (default: farthest seen)", number("--to", { above: 0 }))
    .option("--out <file>", "law.csv, law.json, law.npz, law.svg or law.png")
    .option("--force", "overwrite what is there")
    .addHelpText(
      "after",
      examples(
        "mclnn law --model gravity.safetensors --out law.csv",
        'mclnn law --model gravity.safetensors --potential "-1/r" --out law.svg',
      ),
    )
    .action((options: LawOptions) => run((session) => law(options, session)));
}

async function law(options: LawOptions, { terminal }: Session): Promise<ExitCode> {
  const modelPath = required(options.model, "--model", "FILE, a model in safetensors");
  const outPath = required(options.out, "--out", `FILE, ending in ${FORMATS.join(", ")}`);
  const format = extname(outPath).toLowerCase();
  if (!FORMATS.includes(format))
    throw new MclnnError("--out names an unknown format", {
      code: "unknown-format",
      argument: "--out",
      expected: `a path that ends in ${FORMATS.join(", ")}`,
      got: outPath,
    });
  const { claimFile } = await import("../outputs/output-file.ts");
  const out = await claimFile(outPath, { force: options.force });
  const { lawOfPair, readModel } = await import("../inputs/model.ts");
  const model = await readModel(modelPath);
  if (model.kind === "lnn")
    throw new MclnnError(`${modelPath} has no pair law`, {
      code: "wrong-model",
      argument: "--model",
      expected: "an mclnn or spline model",
      got: "an lnn model, one network of all positions",
    });
  if (model.kind !== "species" && options.pair !== undefined)
    throw new MclnnError(`${modelPath} has one law for all pairs`, {
      code: "bad-option",
      argument: "--pair",
      expected: "no --pair",
      got: options.pair,
    });
  const isPicture = format === ".svg" || format === ".png";
  const laws =
    model.kind !== "species"
      ? [{ model }]
      : isPicture || options.pair !== undefined
        ? [{ model: lawOfPair(model, options.pair, modelPath) }]
        : model.laws;
  const { joinTables, lawCsv, tabulateLaw } = await import("../law/law-table.ts");
  const { from, to, points } = options;
  const tables = laws.map(({ model: law, ...of }) => {
    const table = tabulateLaw(law, { from, to, points });
    const first = table.r[0] as number;
    const last = table.r[points - 1] as number;
    if (!(first < last))
      throw new MclnnError("--from and --to leave no range", {
        code: "bad-option",
        argument: from === undefined ? "--to" : "--from",
        expected: "--from less than --to",
        got: `${first} to ${last}`,
      });
    return { pair: "species" in of ? of.species : ([0, 0] as const), table };
  });
  const joined = joinTables(tables);
  const { table } = joined;
  const pairs = model.kind === "species" && tables.length > 1 ? joined.pairs : undefined;
  switch (format) {
    case ".csv":
      await out.write(lawCsv(table, pairs));
      break;
    case ".json": {
      const { plainJson } = await import("../terminal/json.ts");
      const about = laws.map(({ model: law, ...of }) => ({
        ...("species" in of ? { pair: of.species.join("-") } : {}),
        model: law.kind,
        parameters: law.parameterCount,
        coupling: law.coupling,
        ranges: law.separations.ranges,
      }));
      await out.write(
        `${JSON.stringify(
          plainJson({
            ...(pairs === undefined ? about[0] : { laws: about }),
            ...table,
            ...(pairs === undefined ? {} : { pair: pairs.map((pair) => pair.join("-")) }),
          }),
        )}\n`,
      );
      break;
    }
    case ".npz": {
      const { encodeNpz } = await import("@mclnn/datasets");
      await out.write(
        encodeNpz({
          ...table,
          ...(pairs === undefined
            ? {}
            : { pair: { shape: [pairs.length, 2], data: Int32Array.from(pairs.flat()) } }),
        }),
      );
      break;
    }
    default: {
      const { lawPicture } = await import("../pictures/law-picture.ts");
      const { renderFigure } = await import("../pictures/picture.ts");
      const { resolveLaw } = await import("../inputs/law.ts");
      const truth = await resolveLaw(options);
      // Without --from and --to a picture also shows a little of what lies beyond the data.
      const asked = from !== undefined || to !== undefined;
      const drawn = (laws[0] as (typeof laws)[number]).model;
      const figure = await lawPicture(drawn, { truth, ...(asked ? { grid: table.r } : {}) });
      await out.write(await renderFigure(figure, format as ".svg" | ".png"));
    }
  }
  const nearest = table.r.reduce((a, b) => Math.min(a, b));
  const farthest = table.r.reduce((a, b) => Math.max(a, b));
  terminal.print(
    `V and V' of ${modelPath} from r = ${formatNumber(nearest, 4)} to ${formatNumber(farthest, 4)}${pairs === undefined ? "" : ` for ${tables.length} pairs of species`}: ${out.path}`,
  );
  terminal.printJson({
    law: out.path,
    modelKind: model.kind,
    points: table.r.length,
    from: nearest,
    to: farthest,
    ranges: laws.flatMap(({ model: law }) => law.separations.ranges),
  });
  return DONE;
}
