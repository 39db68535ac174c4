import type { Suspect } from "./cause.ts";

/** Velocities that positions explain but for this share follow from them. */
const FOLLOWS = 0.02;

/** Velocities that are a function of the positions: motion without inertia. */
export const firstOrder: Suspect = (moving, left) => {
  const model = {
    size: moving.hats.size,
    of: "velocities",
    fill: (frame, add) => moving.eachPair(frame, (p, r, n) => moving.addPair(add, p, r, n, 0)),
  } as const satisfies Parameters<typeof moving.regression>[0];
  const share = moving.unexplained(moving.regression(model), "velocities");
  if (!(share < FOLLOWS && share < left)) return null;
  return {
    kind: "first-order",
    text: `velocities follow from the positions (a law of pairs for the velocities leaves ${(100 * share).toPrecision(2)} % of them): motion without inertia, first order in time`,
    try: "Overdamped or first-order motion has no accelerations of its own: a law of forces is not what made it.",
    lawless: true,
    explains: 1 - share / left,
  };
};
