import { type Finding, NOT_REMADE } from "../findings/finding.ts";
import type { MotionCheck, MotionResult } from "../runs/train-options.ts";
import type { LearnedMotion } from "./learn-motion.ts";

/** The camera is slow for a wall that relaxes by more between two frames; beyond `blind` it shows nothing of it. */
const SLOW = { some: 1, blind: 3 };
/** A wall that frames follow well relaxes by so much. */
const WELL = 0.3;
/** Friction times the interval beyond which inertia is at the edge of what frames show. */
const EDGE = 4;
/** Distances that say that a law does not make its own data: one so large, or three so large. */
const ONE = 4;
const THREE = 3;

const number = (x: number): string => String(Number(x.toPrecision(2)));

/** What tracks cannot show, and where the law does not make them again. */
export function motionFindings(
  { fit, slowness }: LearnedMotion,
  result: Pick<MotionResult, "kind" | "friction" | "temperature" | "check" | "localisation">,
): Finding[] {
  const { look } = fit;
  const rate = number((look.interval * WELL) / Math.max(slowness, Number.MIN_VALUE));
  const out: Finding[] = [];
  if (slowness > SLOW.some)
    out.push({
      kind: "slow-camera",
      text:
        slowness > SLOW.blind
          ? `between two frames (${number(look.interval)}) particles at the wall relax ${number(slowness)} times: V' there cannot be read from these tracks`
          : `the camera is slow for the wall: what touches it relaxes ${number(slowness)} times between two frames, and error bars of V' there are too small`,
      ...{ sigmas: 0, share: null },
      try: `Film at intervals of ${rate} or less.`,
    });
  const damping = (result.friction?.value ?? 0) * look.interval;
  if (damping > EDGE)
    out.push({
      kind: "inertia-at-edge",
      text: `friction times the time between frames is about ${number(damping)}: inertia is at the edge of what this camera shows`,
      ...{ sigmas: 0, share: null },
      try: `Film at intervals of ${number((3 * look.interval) / damping)} or less, or take --motion overdamped.`,
    });
  return [...out, ...unmade(result.check)];
}

/** Where the law does not make its own data. */
function unmade(check: MotionCheck | null): Finding[] {
  if (check === null) return [];
  const { pairs, displacements, correlations } = check;
  const all = [...pairs, ...displacements, ...correlations].map(Math.abs);
  const worst = Math.max(...all);
  if (!(worst > ONE) && all.filter((z) => z > THREE).length < 3) return [];
  const [first] = displacements;
  const steps =
    Math.abs(first) >= THREE
      ? `steps ${number(Math.abs(first))} standard deviations too ${first > 0 ? "long" : "short"} for it`
      : `numbers of pairs or correlations of steps up to ${number(worst)} standard deviations off`;
  return [
    {
      kind: NOT_REMADE,
      text: `the law does not make its own data: ${steps}`,
      ...{ sigmas: worst, share: null },
      try: "Film faster; look for what acts beside pairs, or for particles that were not seen.",
    },
  ];
}
