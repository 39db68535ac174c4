/** A table of tracks of four dots on springs, as a tracker writes it: frame, particle, x, y. */
export function tracksCsv() {
  const q = [0, 0.6, 0.7, -0.4, -0.8, -0.2, 0.1, -0.9];
  const v = [0.3, 0, -0.2, 0.3, 0.1, -0.3, -0.2, 0];
  const lines = ["frame,particle,x,y"];
  const dt = 0.002;
  for (let step = 0; step <= 2500; step++) {
    if (step % 25 === 0)
      for (let i = 0; i < 4; i++)
        lines.push(`${step / 25},${i},${q.slice(2 * i, 2 * i + 2).join(",")}`);
    for (let k = 0; k < 8; k++) v[k] = at(v, k) + dt * pull(q, k);
    for (let k = 0; k < 8; k++) q[k] = at(q, k) + dt * at(v, k);
  }
  return `${lines.join("\n")}\n`;
}

/** @param {readonly number[]} list @param {number} k */
const at = (list, k) => /** @type {number} */ (list[k]);

/** Acceleration of a component by springs of rest length 1. @param {readonly number[]} q @param {number} k */
function pull(q, k) {
  const i = k >> 1;
  let sum = 0;
  for (let j = 0; j < 4; j++) {
    if (j === i) continue;
    const d = [0, 1].map((c) => at(q, 2 * j + c) - at(q, 2 * i + c));
    const r = Math.hypot(...d);
    sum += ((r - 1) * at(d, k % 2)) / r;
  }
  return sum;
}
