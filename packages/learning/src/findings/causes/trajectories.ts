import type { Suspect } from "./cause.ts";

/** Numbers a trajectory has at least for each strength that is asked of it. */
const ENOUGH = 4;
/** What strengths of each trajectory leave of what strengths that are the same in all leave, at most. */
const AS_WELL = 0.5;

/** Pairs whose strengths differ from trajectory to trajectory: bonds that are drawn anew, strengths of the day. */
export const trajectories: Suspect = (moving, left) => {
  const { data, calm, asked } = moving;
  const { pairs, dimension, particles } = data;
  if (data.trajectories < 2) return null;
  const frames = calm.length / data.trajectories;
  if (frames * particles * dimension < ENOUGH * pairs) return null;
  const law = moving.regression(asked).solved();
  const own = Array.from({ length: data.trajectories }, (_, t) =>
    moving.regression(
      {
        size: pairs,
        fill: (frame, add) =>
          moving.eachPair(frame, (p, r, n) =>
            moving.addForce(add, p, n, p, moving.slope(law, p, r)),
          ),
      },
      t,
    ),
  ).filter(({ rows }) => rows > pairs);
  if (own.length < 2) return null;
  const differ = moving.unexplained(own);
  // Strengths that are the same in all trajectories, another on either side of a pair: other masses, another coupling.
  const same = moving.regression({
    size: 2 * pairs,
    fill: (frame, add) =>
      moving.eachPair(frame, (p, r, n) => {
        const slope = moving.slope(law, p, r);
        moving.addForce(
          (c, k, x) => add(c, c < data.pairI[p] + 3 && c >= data.pairI[p] ? k : k + 1, x),
          p,
          n,
          2 * p,
          slope,
        );
      }),
  });
  if (!(differ < AS_WELL * moving.unexplained(same))) return null;
  return {
    kind: "pairs-differ",
    text: "pairs are of other strengths in each trajectory: which particles act on each other, or how strongly, differs from one to the next",
    try: "Train on trajectories in which the same pairs act on each other in the same way.",
    lawless: true,
    explains: 1 - differ / left,
  };
};
