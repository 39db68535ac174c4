import { portableExp, portableLog } from "@mclnn/physics/portable";
import type { Noise, Pass } from "./filter.ts";

/** Noise at its most likely, and how well it is known. */
export interface FittedNoise extends Noise {
  readonly logLikelihood: number;
  /** Relative standard deviation of the rates, of each kind. */
  readonly rateDeviations: readonly number[];
  /** Standard deviation of a place's blur relative to itself; null where the tracks show none, and `most` is what they allow. */
  readonly blurDeviation: number | null;
  readonly most: number;
}

/** Ratios of blur to rate are looked at this far to either side at first, at least and at most, in their logarithm. */
const WIDTH = { first: 0.4, least: 0.1, most: 3 };
const WIDER = 1.7;
/** Most looks; a search that is only to be near ends after a smaller step than one that is to be right. */
const LOOKS = 14;
const NEAR = 0.25;
const RIGHT = 0.03;
/** Rounds in which the rates of kinds follow their own innovations. */
const KIND_ROUNDS = 3;
/** Log likelihood that is lost at two standard deviations. */
const TWO_SIGMA = 2;

interface Look {
  /** Logarithm of blur over the first kind's rate. */
  readonly ratio: number;
  /** Logarithm of the scale of both at its best. */
  readonly scale: number;
  readonly noise: Noise;
  readonly logLikelihood: number;
}

/**
 * The most likely noise under a law: the scale of all in closed form, the ratio of blur to rates by parabolas whose bracket widens while an end wins (a
 * rate may begin decades away).
 *
 * @param pass - a look at all tracks without tangents
 * @param none - ratio of blur to rate that is as good as none
 */
export function fitNoise(
  pass: (noise: Noise) => Pass,
  from: Noise,
  { none, near, kinds }: { none: number; near: boolean; kinds: number },
): FittedNoise {
  let rates = from.rates;
  const look = (ratio: number): Look => {
    const own = { rates, blur: portableExp(ratio) * rates[0] };
    const { logLikelihood, count, chi } = pass(own);
    const scale = chi / count;
    return {
      ratio,
      scale: portableLog(scale),
      noise: { rates: rates.map((x) => x * scale), blur: own.blur * scale },
      logLikelihood: logLikelihood - 0.5 * count * (portableLog(scale) + 1 - scale),
    };
  };
  const lowest = portableLog(none);
  let at = look(Math.max(lowest, portableLog(from.blur / rates[0])));
  let width = WIDTH.first;
  let curvature = 0;
  let lean = 0;
  for (let n = 0; n < LOOKS; n++) {
    const left = look(Math.max(lowest, at.ratio - width));
    const right = look(at.ratio + width);
    const bend = left.logLikelihood - 2 * at.logLikelihood + right.logLikelihood;
    const end = left.logLikelihood > right.logLikelihood ? left : right;
    const inside = bend < 0 && at.logLikelihood >= end.logLikelihood;
    const before = at;
    if (inside) {
      const by = (0.5 * width * (left.logLikelihood - right.logLikelihood)) / bend;
      const next = look(Math.max(lowest, at.ratio + by));
      if (next.logLikelihood > at.logLikelihood) at = next;
      curvature = -bend / (width * width);
      lean = (right.scale - left.scale) / (right.ratio - left.ratio);
      if (Math.abs(at.ratio - before.ratio) < (near ? NEAR : RIGHT)) break;
      width = Math.max(WIDTH.least, width / 2);
    } else {
      if (!(end.logLikelihood > at.logLikelihood)) break;
      at = end;
      width = Math.min(WIDTH.most, width * WIDER);
    }
  }
  let noise = at.noise;
  let last: Pass | null = null;
  for (let n = 0; kinds > 1 && n < KIND_ROUNDS; n++) {
    last = pass(noise);
    const { chis, counts } = last;
    rates = noise.rates.map((x, k) => (counts[k] > 0 ? (x * chis[k]) / counts[k] : x));
    noise = { rates, blur: noise.blur };
  }
  const { counts } = last ?? pass(noise);
  const known = curvature > 0 && at.ratio > lowest + WIDTH.first;
  const edge = known || near ? null : edgeOf(look, at);
  const lost = known ? (lean * lean) / curvature : 0;
  const more = edge === null ? 0 : (at.scale - edge.scale) / 2;
  return {
    ...noise,
    logLikelihood: at.logLikelihood,
    rateDeviations: Array.from(counts, (n) => Math.sqrt(2 / Math.max(1, n) + lost + more * more)),
    blurDeviation: known
      ? Math.sqrt(((1 + lean) * (1 + lean)) / curvature + 2 / sum(counts))
      : null,
    most: edge === null ? noise.blur : edge.noise.blur,
  };
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** The blur that is two standard deviations more than none. */
function edgeOf(look: (ratio: number) => Look, at: Look): Look {
  let edge = at;
  for (let n = 0; n < LOOKS && edge.logLikelihood > at.logLikelihood - TWO_SIGMA; n++)
    edge = look(edge.ratio + 1);
  return edge;
}
