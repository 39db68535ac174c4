import { type TrajectorySet, trajectorySet } from "@mclnn/datasets";
import { type TrainResult, train } from "@mclnn/learning";
import { decodeSafetensors, encodeModel, lawOnGrid, type SplineModel } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { terms as termKinds } from "@mclnn/physics/terms";
import { RECORD_EVERY, STEP } from "../scene/scene.ts";
import type { Law, LearnAsk, Source } from "./protocol.ts";

const POINTS = 160;
const HASH_DIGITS = 8;

/** What this thread knows: the file that is open, and the last training. */
export const known: {
  file?: TrajectorySet;
  data?: TrajectorySet;
  result?: TrainResult<SplineModel>;
} = {};

/** Learns a law. @throws MclnnError as `train` */
export async function learn({ source, effort, terms, to, ...asked }: LearnAsk): Promise<Law> {
  const began = performance.now();
  const data = dataOf(source);
  const after = asked.after ? known.result : undefined;
  const result = await train(data, {
    model: "spline",
    effort,
    // How the page moves its dots is no secret; what moves them is.
    ...(source === "file" ? {} : { dt: STEP, integrator: "velocity-verlet" }),
    ...(terms.length === 0 ? {} : { terms: ["pair", ...terms] }),
    ...(after === undefined ? {} : { after }),
  });
  known.data = data;
  known.result = result;
  return lawOf(result, {
    data,
    effort,
    ...(to === undefined ? {} : { to }),
    milliseconds: performance.now() - began,
  });
}

function lawOf(
  { model, lawError, noise, findings, terms = [] }: TrainResult<SplineModel>,
  {
    data,
    effort,
    to,
    milliseconds,
  }: { data: TrajectorySet; effort: Law["effort"]; to?: number; milliseconds: number },
): Law {
  const range = to === undefined ? {} : { from: to / POINTS, to };
  const grid = lawOnGrid(model, { points: POINTS, ...range });
  const { r, slope, slopeSd, energy, energySd = new Float64Array(), dataShare: share } = grid;
  const sha256 = decodeSafetensors(encodeModel(model)).metadata.get("sha256") ?? "";
  return {
    ...{ r, slope, slopeSd, energy, energySd, share, milliseconds, noise, effort },
    seen: model.separations.ranges,
    records: recordsOf(data),
    error: lawError,
    findings: findings.map((finding) => ({
      kind: finding.kind,
      text: finding.text,
      try: finding.try,
      term: termKinds.find((kind) => kind.finding?.kind === finding.kind)?.name ?? null,
    })),
    terms: terms
      .filter(({ name }) => name !== "pair")
      .map(({ name, constants }) => ({ name, text: constants.map(written).join(", ") })),
    hash: sha256.slice(0, HASH_DIGITS),
  };
}

function recordsOf({ trajectories, records, particles, observed }: TrajectorySet): number {
  if (observed === undefined) return trajectories * records;
  let seen = 0;
  for (let k = 0; k < observed.length; k += particles)
    if (observed.subarray(k, k + particles).some((there) => there === 1)) seen++;
  return seen;
}

function written({ name, value, sd }: { name: string; value: unknown; sd: unknown }): string {
  const list = (x: unknown): number[] => (x === null ? [] : ([x].flat(2) as number[]));
  const deviations = list(sd);
  const texts = list(value).map((x, k) =>
    deviations[k] === undefined
      ? x.toPrecision(3)
      : `${x.toFixed(digits(deviations[k]))} \u00b1 ${deviations[k].toFixed(digits(deviations[k]))}`,
  );
  return `${name} = ${texts.length > 1 ? `(${texts.join("; ")})` : texts.join("")}`;
}

/** Decimals that show two digits of an error. */
function digits(sd: number): number {
  return sd > 0 ? Math.min(Math.max(1 - Math.floor(Math.log10(sd)), 0), 12) : 3;
}

/** @throws MclnnError `no-records` where no file is open */
function dataOf(source: Source): TrajectorySet {
  if (source === "file") {
    if (known.file !== undefined) return known.file;
    throw new MclnnError("there is no file open", {
      code: "no-records",
      argument: "file",
      expected: "a file of trajectories",
      got: "none",
    });
  }
  const { scene, throws } = source;
  const kept = throws.filter(({ observed }) => observed.length > scene.dots);
  const records = Math.max(0, ...kept.map(({ observed }) => observed.length / scene.dots));
  const gaps = scene.lost || kept.some(({ observed }) => observed.length < records * scene.dots);
  const fill = (key: keyof (typeof kept)[number], width: number, missing: number): Float64Array => {
    const size = records * scene.dots * width;
    const out = new Float64Array(kept.length * size).fill(missing);
    kept.forEach((seen, k) => {
      out.set(seen[key], k * size);
    });
    return out;
  };
  return trajectorySet({
    positions: fill("positions", 2, Number.NaN),
    ...(scene.velocities ? { velocities: fill("velocities", 2, Number.NaN) } : {}),
    ...(gaps ? { observed: Uint8Array.from(fill("observed", 1, 0)) } : {}),
    times: Float64Array.from({ length: records }, (_, k) => k * RECORD_EVERY * STEP),
    masses: Array.from({ length: scene.dots }, (_, i) => (scene.heavy && i % 2 === 1 ? 3 : 1)),
    dimension: 2,
  });
}
