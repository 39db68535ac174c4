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
  readonly out?: string;
  readonly force?: boolean;
}

const FORMATS = [".csv", ".json", ".npz", ".svg", ".png"];

export function registerLaw(program: Command, run: Runner): void {
  program
    .command("law")
    .summary("write the learned law as numbers or a picture")
    .description(
      "Writes the law of an mclnn or spline model: columns r, energy, slope, slopeSd (empty without error bars) " +
        "and dataShare (share of the training separations nearest to r). The ending of --out chooses the format.",
    )
    .option("--model <file>", "model, safetensors")
    .option("--potential <p>", "true potential to draw beside it (svg, png)")
    .option("--system <name>", "built-in system whose law to draw beside it (svg, png)")
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
  const { readModel } = await import("../inputs/model.ts");
  const model = await readModel(modelPath);
  if (model.kind === "lnn")
    throw new MclnnError(`${modelPath} has no pair law`, {
      code: "wrong-model",
      argument: "--model",
      expected: "an mclnn or spline model",
      got: "an lnn model, one network of all positions",
    });
  const { tabulateLaw, lawCsv } = await import("../law/law-table.ts");
  const { from, to, points } = options;
  const table = tabulateLaw(model, { from, to, points });
  const first = table.r[0] as number;
  const last = table.r[points - 1] as number;
  if (!(first < last))
    throw new MclnnError("--from and --to leave no range", {
      code: "bad-option",
      argument: from === undefined ? "--to" : "--from",
      expected: "--from less than --to",
      got: `${first} to ${last}`,
    });
  switch (format) {
    case ".csv":
      await out.write(lawCsv(table));
      break;
    case ".json": {
      const { plainJson } = await import("../terminal/json.ts");
      const { parameterCount, coupling, separations } = model;
      await out.write(
        `${JSON.stringify(plainJson({ model: model.kind, parameters: parameterCount, coupling, ranges: separations.ranges, ...table }))}\n`,
      );
      break;
    }
    case ".npz": {
      const { encodeNpz } = await import("@mclnn/datasets");
      await out.write(encodeNpz({ ...table }));
      break;
    }
    default: {
      const { lawPicture } = await import("../pictures/law-picture.ts");
      const { renderFigure } = await import("../pictures/picture.ts");
      const { resolveLaw } = await import("../inputs/law.ts");
      const truth = await resolveLaw(options);
      // Without --from and --to a picture also shows a little of what lies beyond the data.
      const asked = from !== undefined || to !== undefined;
      const figure = await lawPicture(model, { truth, ...(asked ? { grid: table.r } : {}) });
      await out.write(await renderFigure(figure, format as ".svg" | ".png"));
    }
  }
  terminal.print(
    `V and V' of ${modelPath} from r = ${formatNumber(first, 4)} to ${formatNumber(last, 4)}: ${out.path}`,
  );
  terminal.printJson({
    law: out.path,
    modelKind: model.kind,
    points,
    from: first,
    to: last,
    ranges: model.separations.ranges,
  });
  return DONE;
}
