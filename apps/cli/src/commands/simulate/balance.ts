import { balance } from "@mclnn/metrics";
import type { Model } from "@mclnn/models";
import { isMclnnError, type ParticleSystem, type Trajectory } from "@mclnn/physics";
import { termForce } from "@mclnn/physics/terms";
import { formatNumber } from "@mclnn/studies/text";
import type { Colours } from "../../terminal/colours.ts";
import { formatTable } from "../../terminal/table.ts";

/** What one part of a law has done from the start of a run to its end. */
export interface Brought {
  readonly name: string;
  readonly work: number;
  readonly impulse: readonly number[];
  readonly torque: readonly number[];
}

/** Runs of more records and particles are not followed a second time. */
const MOST = 30_000;

/**
 * What each term of a law has brought to a run; null for a law of pairs alone, which is all that there is to it.
 *
 * The motion is followed again from the start, more closely than any step of a run.
 */
export function balanceOf(
  model: Model | undefined,
  bodies: ParticleSystem,
  { times, positions, velocities }: Trajectory,
): readonly Brought[] | null {
  if (model?.pairs === undefined || model.terms === undefined || velocities === undefined)
    return null;
  if (positions.length > MOST || !positions.every(Number.isFinite)) return null;
  const n = bodies.masses.length * bodies.dimension;
  const parts = [
    { name: "pair", force: model.pairs },
    ...model.terms.map((term) => ({ name: term.spec.name, force: termForce(term) })),
  ];
  const state = { positions: positions.slice(0, n), velocities: velocities.slice(0, n) };
  const ends = times.length > 1 ? Float64Array.of(times[0] ?? 0, times.at(-1) ?? 0) : times;
  const found = followed(() => balance(bodies, parts, state, ends));
  if (found === null) return null;
  return found.parts.map(({ name, work, impulse, torque }) => ({
    name,
    work: work.at(-1) ?? 0,
    impulse: Array.from(impulse.slice(-bodies.dimension)),
    torque: Array.from(torque.slice(bodies.dimension === 3 ? -3 : -1)),
  }));
}

/** What a closer look finds; null where it cannot follow the motion, as through a collision. */
function followed<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (isMclnnError(error)) return null;
    throw error;
  }
}

/** The same as a table. */
export function balanceTable(parts: readonly Brought[], colours: Colours): string {
  const text = (values: readonly number[]): string =>
    values.map((x) => formatNumber(x, 3)).join(", ");
  return formatTable(
    ["brought by", "kinetic energy", "momentum", "angular momentum"].map((title) => ({ title })),
    parts.map(({ name, work, impulse, torque }) => [
      name,
      formatNumber(work, 3),
      text(impulse),
      text(torque),
    ]),
    colours.bold,
  );
}
