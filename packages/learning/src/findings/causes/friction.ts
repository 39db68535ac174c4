import type { Suspect } from "./cause.ts";

/** Forces along differences of velocities: friction between particles, or alignment. */
export const friction: Suspect = (moving, left) => {
  const { pairI, pairJ } = moving.data;
  const { asked, hats } = moving;
  const regression = moving.regression({
    size: asked.size + hats.size,
    fill: (frame, add) => {
      asked.fill(frame, add);
      const { velocities: v } = frame;
      moving.eachPair(frame, (p, r) => {
        const between = [0, 1, 2].map((c) => v[pairJ[p] + c] - v[pairI[p] + c]);
        moving.addPair(add, p, r, between, asked.size);
      });
    },
  });
  return {
    kind: "pair-friction",
    text: "forces go with differences of velocities: friction between particles, or alignment",
    try: "A law of separations alone cannot hold it: energy is lost while momentum is kept.",
    lawless: true,
    explains: 1 - moving.unexplained(regression) / left,
  };
};
