import type { Measured, MotionResult, TrainResult } from "@mclnn/learning";
import { formatCount, formatNumber } from "@mclnn/studies/text";
import type { Fact } from "../../terminal/fact.ts";

const withBar = ({ value, sd }: Measured): string =>
  sd === null ? formatNumber(value) : `${formatNumber(value)} ± ${formatNumber(sd, 2)}`;

/** Rows of the table on what noise does, and what programs read of it. */
export function motionFacts({ motion }: Pick<TrainResult, "motion">): Fact[] {
  if (motion === undefined) return [["motion", null, { motion: "newtonian", diffusion: null }]];
  const { kind, diffusion, friction, temperature, localisation, check } = motion;
  return [
    ["motion", wordsFor(motion), { motion: kind, diffusion, friction, temperature }],
    ...(diffusion ?? []).map((each): Fact => {
      const of = (diffusion ?? []).length > 1 ? ` of species ${each.species}` : "";
      return [`diffusion D${of}`, withBar(each)];
    }),
    ["friction gamma", friction && withBar(friction)],
    [
      "temperature kT",
      temperature &&
        `${withBar(temperature)} by the noise, ${formatNumber(temperature.ofVelocities)} by the velocities`,
    ],
    [
      "localisation error",
      localisation.sd === null
        ? `below ${formatNumber(localisation.most)}`
        : withBar({ value: localisation.value, sd: localisation.sd }),
      { localisation },
    ],
    ["the law's own tracks", check === null ? null : checkText(check), { check }],
  ];
}

/** What was recognised, in words. */
function wordsFor({ kind, inertia, steps }: MotionResult): string {
  const evidence = inertia === null ? "" : `evidence ${formatNumber(Math.abs(inertia), 2)} `;
  const of = `${formatCount(steps)} steps`;
  return kind === "overdamped"
    ? `Brownian, without inertia (${evidence === "" ? "" : `${evidence}against inertia, `}${of}); forces in kT a length`
    : `Langevin: inertia, friction and noise (${evidence === "" ? "" : `${evidence}for inertia, `}${of})`;
}

function checkText({
  pairs,
  displacements,
  correlations,
}: NonNullable<MotionResult["check"]>): string {
  const worst = (all: readonly number[]): string =>
    formatNumber(
      all.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0),
      2,
    );
  return `pairs at most ${worst(pairs)}, displacements ${worst(displacements)}, steps' correlations ${worst(correlations)} sd from the data's`;
}
