import { parseArgs } from "node:util";
import { MclnnError } from "@mclnn/physics";
import { peers } from "../peers/catalogue.ts";
import type { Peer } from "../peers/peer.ts";
import { measurements } from "./catalogue.ts";
import type { Measurement } from "./measurement.ts";

/** What a run of the bench was asked for. */
export interface BenchOptions {
  readonly help: boolean;
  readonly quick: boolean;
  readonly measurements: readonly Measurement[];
  /** Empty: no peers. */
  readonly peers: readonly Peer[];
  readonly python: string;
  /** JSON. */
  readonly out: string;
  /** Markdown; printed where there is none. */
  readonly document: string | undefined;
  readonly update: boolean;
  readonly remark: string | undefined;
}

export const HELP = `Measures how fast training, simulation and their parts are, alone or beside other programs.

pnpm bench [options]

  --only A,B        ${lines(measurements.map(({ name }) => name))}
  --peers           beside all peers that are installed
  --peer A,B        beside these: ${lines(peers.map(({ name }) => name))}
  --python PATH     Python of the peers (default: MCLNN_PYTHON, or python3)
  --quick           tiny sizes and few runs: shows that everything works, in seconds
  --out FILE        JSON (default out/bench/results.json)
  --document FILE   Markdown, instead of on standard output
  --update          keep what other measurements have left in the JSON
  --remark TEXT     goes into the document: what else the machine was doing
  --help

Compare numbers of one run alone. Example: pnpm bench --only gauss-newton --peer c
`;

/** Names in lines of their own, as the help has room for them. */
function lines(names: readonly string[]): string {
  const rows: string[] = [""];
  for (const name of names) {
    const row = rows.at(-1) as string;
    if (row.length + name.length > 90) rows.push(name);
    else rows[rows.length - 1] = row === "" ? name : `${row}, ${name}`;
  }
  return rows.join(`,\n${" ".repeat(20)}`);
}

/** @throws MclnnError `bad-option` */
export function readOptions(args: readonly string[]): BenchOptions {
  let values: ReturnType<typeof parse>["values"];
  try {
    ({ values } = parse(args));
  } catch (error) {
    throw new MclnnError("the options of the bench cannot be used", {
      code: "bad-option",
      expected: "those of --help",
      got: (error as Error).message,
    });
  }
  return {
    help: values.help,
    quick: values.quick,
    measurements: chosen("only", values.only, measurements),
    peers:
      values.peer !== undefined ? chosen("peer", values.peer, peers) : values.peers ? peers : [],
    python: values.python ?? process.env.MCLNN_PYTHON ?? "python3",
    out: values.out,
    document: values.document,
    update: values.update,
    remark: values.remark,
  };
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      peers: { type: "boolean", default: false },
      peer: { type: "string" },
      python: { type: "string" },
      quick: { type: "boolean", default: false },
      out: { type: "string", default: "out/bench/results.json" },
      document: { type: "string" },
      update: { type: "boolean", default: false },
      remark: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });

function chosen<T extends { readonly name: string }>(
  option: string,
  text: string | undefined,
  all: readonly T[],
): readonly T[] {
  if (text === undefined) return all;
  const names = text.split(",");
  const unknown = names.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new MclnnError(`--${option} names something that there is not`, {
      code: "bad-option",
      argument: option,
      expected: all.map(({ name }) => name).join(", "),
      got: unknown,
    });
  return all.filter(({ name }) => names.includes(name));
}
