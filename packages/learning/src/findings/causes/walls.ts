import type { Suspect } from "./cause.ts";

/** Next to a wall: the outer share of what an axis spans. */
const OUTER = 0.12;
/** A push is one that stands so far out of the usual ones. */
const PUSH = 6;

/** Sudden pushes inward at the ends of what particles span: walls that they bounce off. */
export const walls: Suspect = (moving) => {
  const { dimension, components, units } = moving.data;
  const length = units?.length ?? 1;
  const { frames } = moving.motion;
  const { asked } = moving;
  const law = moving.regression(asked).solved();
  const rest = frames.map((frame) => {
    const out = frame.accelerations.slice();
    asked.fill(frame, (component, column, value) => {
      out[component] -= law[column] * value;
    });
    return out;
  });
  const sizes = Float64Array.from(rest.flatMap((row) => Array.from(row, Math.abs))).sort();
  const usual = sizes[Math.floor(sizes.length / 2)];
  const ends = Array.from({ length: dimension }, (_, axis) => {
    const all = frames.flatMap(({ positions }) =>
      Array.from(positions).filter((_, c) => c % 3 === axis),
    );
    return [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))] as const;
  });
  let [pushed, all] = [0, 0];
  const found = new Set<string>();
  rest.forEach((row, k) => {
    for (let c = 0; c < components; c++) {
      const axis = c % 3;
      if (axis >= dimension) continue;
      all += row[c] * row[c];
      const [from, to] = ends[axis];
      const x = (frames[k].positions[c] - from) / (to - from);
      const inward = (x < OUTER && row[c] > 0) || (x > 1 - OUTER && row[c] < 0);
      if (!inward || Math.abs(row[c]) < PUSH * usual) continue;
      pushed += row[c] * row[c];
      found.add(`${"xyz"[axis]} = ${(length * (x < 0.5 ? from : to)).toPrecision(3)}`);
    }
  });
  return {
    kind: "walls",
    text: `particles are pushed back at ${[...found].join(", ")}: walls that they bounce off`,
    try: "Cut trajectories where particles touch a wall, or leave those particles out.",
    lawless: false,
    explains: all > 0 ? pushed / all : 0,
  };
};
