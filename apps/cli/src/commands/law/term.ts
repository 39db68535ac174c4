import type { LawTerm } from "@mclnn/models";
import { isMclnnError, MclnnError } from "@mclnn/physics";
import {
  createTerm,
  curveOf,
  type ReportedConstant,
  type ReportedCurve,
  reportConstants,
  reportCurve,
} from "@mclnn/physics/terms";
import { formatNumber } from "@mclnn/studies/text";
import { readModel } from "../../inputs/model.ts";
import { badOption } from "../../options/errors.ts";
import { given } from "../../options/given.ts";
import { required } from "../../options/required.ts";
import { csv } from "../../outputs/csv.ts";
import { claimFile } from "../../outputs/output-file.ts";
import { PICTURES, type PictureFormat, renderFigure } from "../../pictures/picture.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { plainJson } from "../../terminal/json.ts";
import type { LawOptions } from "./declare.ts";

/** What of a term is written: its functions of one number, or its constants. */
interface Written {
  readonly name: string;
  readonly curves: readonly ReportedCurve[];
  readonly constants: readonly ReportedConstant[];
}

/** A kind of file that a term is written to. */
type Encode = (
  written: Written,
  ending: string,
) => string | Uint8Array | Promise<string | Uint8Array>;

const ENCODED: readonly { readonly endings: readonly string[]; readonly encode: Encode }[] = [
  { endings: [".csv"], encode: (written) => csv(columnsOf(written)) },
  {
    endings: [".json"],
    encode: ({ name, curves, constants }) =>
      `${JSON.stringify(plainJson({ term: name, ...(curves.length === 1 ? curves[0] : curves.length > 1 && { curves }), constants }))}\n`,
  },
  { endings: [".npz"], encode: encodeArrays },
  { endings: PICTURES, encode: draw },
];

/** Another term of a law than its pairs, as numbers or a picture. */
export async function termLaw(
  name: string,
  options: LawOptions,
  { terminal }: Session,
): Promise<ExitCode> {
  const endings = ENCODED.flatMap((each) => each.endings);
  const path = required(options.out, "--out", `FILE, ending in ${endings.join(", ")}`);
  const modelPath = required(options.model, "--model", "FILE, a model in safetensors");
  const format = ENCODED.find((each) => each.endings.some((ending) => path.endsWith(ending)));
  if (format === undefined)
    throw new MclnnError("--out names an unknown format", {
      code: "unknown-format",
      argument: "--out",
      expected: `a path that ends in ${endings.join(", ")}`,
      got: path,
    });
  const out = await claimFile(path, { option: "--out", force: options.force });
  const { terms = [] } = await readModel(modelPath);
  const own = terms.filter(({ spec }) => spec.name === name);
  if (own.length === 0)
    throw badOption("--term", ["pair", ...terms.map(({ spec }) => spec.name)].join(", "), name, {
      what: `${modelPath} has no such term`,
    });
  const written: Written = {
    name,
    curves: own
      .filter((term) => curveOf(term) !== null)
      .map((term) => reportCurve(term, term.covariance, given(only(options)))),
    constants: own.flatMap(constantsAlone),
  };
  await out.write(await format.encode(written, format.endings.find((e) => path.endsWith(e)) ?? ""));
  terminal.print(
    `${name} of ${modelPath}: ${[...written.curves.map(textOf), ...written.constants.map((each) => each.name)].join(", ")}: ${out.path}`,
  );
  terminal.printJson({ law: out.path, term: name, constants: written.constants });
  return DONE;
}

const only = ({ from, to, points }: LawOptions) => ({ from, to, points });

const textOf = ({ name, of, x }: ReportedCurve): string =>
  `${name}(${of}) from ${formatNumber(x[0] ?? Number.NaN, 4)} to ${formatNumber(x.at(-1) ?? Number.NaN, 4)}`;

/** Constants go by the dimension of space alone, which the number of coefficients tells. */
function constantsAlone(term: LawTerm): readonly ReportedConstant[] {
  for (const dimension of [2, 3] as const) {
    const bodies = {
      masses: Float64Array.of(1, 1, 1),
      charges: Float64Array.of(1, 1, 1),
      species: Int32Array.of(...speciesOf(term), 0),
      dimension,
    };
    const own = orNone(() => createTerm(term.spec, bodies));
    if (own?.size === term.coefficients.length)
      return reportConstants(own, term.coefficients, term.covariance);
  }
  return [];
}

/** What is made; null where it is of another dimension. */
function orNone<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (isMclnnError(error)) return null;
    throw error;
  }
}

const speciesOf = ({ spec }: LawTerm): readonly number[] => {
  const { species } = spec;
  return Array.isArray(species) ? (species as number[]) : [0, 0];
};

function columnsOf({ curves, constants }: Written): Parameters<typeof csv>[0] {
  if (curves.length > 0)
    return {
      x: curves.flatMap(({ x }) => [...x]),
      value: curves.flatMap(({ value }) => [...value]),
      sd: curves.flatMap(({ sd }) => [...sd]),
      ...(curves.length > 1 && { of: curves.flatMap(({ of, x }) => Array.from(x, () => of)) }),
    };
  const rows = constants.flatMap(({ name, value, sd }) => {
    const [values, sds] = [[value].flat(), sd === null ? [] : [sd].flat()];
    return values.map((each, k) => ({ name, value: each, sd: sds[k] ?? null }));
  });
  return {
    constant: rows.map(({ name }) => name),
    value: rows.map(({ value }) => value),
    sd: rows.map(({ sd }) => sd),
  };
}

async function encodeArrays(written: Written): Promise<Uint8Array> {
  const { encodeNpz } = await import("@mclnn/datasets");
  const { value, sd, x } = columnsOf(written);
  const numbers = (column: ArrayLike<unknown>): Float64Array =>
    Float64Array.from(column, (each) => (each === null ? Number.NaN : Number(each)));
  return encodeNpz({
    ...(x !== undefined && { x: numbers(x) }),
    value: numbers(value ?? []),
    sd: numbers(sd ?? []),
  });
}

async function draw({ name, curves }: Written, ending: string): Promise<string | Uint8Array> {
  if (curves.length === 0)
    throw new MclnnError(`${name} cannot be drawn`, {
      code: "bad-option",
      argument: "--out",
      expected: "a term that is a function of one number, or a table",
      got: `${name}, ending in ${ending}`,
      mend: "Write its constants to a file that ends in .csv or .json.",
    });
  const { plotFigure } = await import("@mclnn/report");
  const figure = await plotFigure({
    name,
    title: `The term ${name}`,
    description: `${curves.map(textOf).join(", ")}, with two standard deviations to either side`,
    note: "In the units of the data. Tinted: two standard deviations to either side.",
    panels: curves.map(({ name: heading, of, x, value, sd }) => {
      const edge = (sign: number) => value.map((v, k) => v + sign * 2 * (sd[k] ?? Number.NaN));
      return {
        heading: `${heading}(${of})`,
        x: { label: of },
        series: [
          {
            label: name,
            look: "spline",
            x,
            y: value,
            ...(sd.some(Number.isFinite) && { band: [edge(-1), edge(1)] as const }),
          },
        ],
      };
    }),
  });
  return renderFigure(figure, ending as PictureFormat);
}
