import { encodeNpz, encodeTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { bytesSource, formatOf, readTrajectories } from "@mclnn/datasets/formats";
import { encodeModel, lawOnGrid } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { known } from "./learn.ts";
import type { FileKind, OpenAsk, Opened } from "./protocol.ts";

/** Opens a file of trajectories, which `learn` then takes. @throws MclnnError as `readTrajectories` */
export async function open({ name, bytes, dt }: OpenAsk): Promise<Opened> {
  const { set, format, notes, timeUnit } = await readTrajectories(
    bytesSource(name, bytes),
    dt === undefined ? {} : { dt },
  );
  known.file = set;
  delete known.result;
  delete known.data;
  const { trajectories, records, particles, dimension } = set;
  return {
    ...{ format, notes, timeUnit, trajectories, records, particles, dimension },
    velocities: set.velocities !== undefined,
    paths: pathsOf(set),
  };
}

function pathsOf({ positions, records, particles, dimension }: TrajectorySet): Float64Array {
  return Float64Array.from(
    { length: records * particles * 2 },
    (_, k) => positions[dimension * (k >> 1) + (k & 1)] as number,
  );
}

/** Writes a file. @throws MclnnError `no-law`, and what writers say */
export async function write({ what }: { readonly what: FileKind }): Promise<Uint8Array> {
  const { data, result } = known;
  if (data === undefined || result === undefined)
    throw new MclnnError("there is nothing to write yet", {
      code: "no-law",
      argument: "law",
      expected: "a law that was learned",
      got: "none",
    });
  if (what === "law.safetensors") return encodeModel(result.model);
  if (what === "records.npz") return encodeTrajectorySet(data);
  if (what === "records.csv") return joined(formatOf(what)?.write?.(data, ".csv") ?? []);
  const grid = Object.entries(lawOnGrid(result.model)) as [string, Float64Array][];
  if (what === "law.npz")
    return encodeNpz(new Map(grid.map(([name, data]) => [name, { shape: [data.length], data }])));
  const rows = (grid[0]?.[1] ?? []) as Float64Array;
  const cell = (x: number | undefined): string => (Number.isNaN(x) ? "" : String(x));
  const lines = Array.from(rows, (_, k) => grid.map(([, column]) => cell(column[k])).join(","));
  return new TextEncoder().encode(
    `${[grid.map(([name]) => name).join(","), ...lines].join("\n")}\n`,
  );
}

function joined(pieces: Iterable<string | Uint8Array>): Uint8Array {
  const encoder = new TextEncoder();
  const parts = Array.from(pieces, (piece) =>
    typeof piece === "string" ? encoder.encode(piece) : piece,
  );
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
