// What every peer's program in JavaScript has in common: the run's folder, and the protocol.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

const [folder, name] = process.argv.slice(-2);
const problem = JSON.parse(readFileSync(path.join(folder, "problem.json"), "utf8"));

/** Sizes of the run. @type {Record<string, number>} */
export const sizes = problem.sizes;

/** An array of the folder: { values, shape }. */
export function array(key) {
  const { type, shape } = problem.arrays[key];
  const bytes = readFileSync(path.join(folder, `${key}.${type}`));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return { values: type === "f64" ? new Float64Array(buffer) : new Int32Array(buffer), shape };
}

/**
 * Separation vectors of all pairs are `q difference`, accelerations from pair forces `f scatter`, for rows q and f.
 *
 * @returns matrices as rows. [components x 3 pairs], [3 pairs x components]
 */
export function pairMatrices() {
  const { pairs, components } = sizes;
  const matrix = (rows, columns) => Array.from({ length: rows }, () => new Array(columns).fill(0));
  const difference = matrix(components, 3 * pairs);
  const scatter = matrix(3 * pairs, components);
  const of = (key) => array(key).values;
  const [i, j, scaleI, scaleJ] = ["pair-i", "pair-j", "scale-i", "scale-j"].map(of);
  for (let p = 0; p < pairs; p++)
    for (let k = 0; k < 3; k++) {
      difference[i[p] + k][3 * p + k] = 1;
      difference[j[p] + k][3 * p + k] = -1;
      scatter[3 * p + k][i[p] + k] = -scaleI[p];
      scatter[3 * p + k][j[p] + k] = scaleJ[p];
    }
  return { difference, scatter };
}

/** The pair network's weights [inputs x outputs] and biases, from the flat vector: w1, b1, w2, b2, w3. */
export function pairNetwork() {
  const flat = array("pair-weights").values;
  const width = 10;
  let at = 0;
  const take = (n) => {
    at += n;
    return Array.from(flat.subarray(at - n, at));
  };
  const w1 = [take(width)];
  const b1 = take(width);
  const rows = Array.from({ length: width }, () => take(width));
  const w2 = rows[0].map((_, k) => rows.map((row) => row[k]));
  const b2 = take(width);
  const w3 = take(width).map((w) => [w]);
  return { width, w1, b1, w2, b2, w3 };
}

/** The flat vector of loss and gradient from the parts' gradients, each [inputs x outputs] in C order. */
export function flatGradient(loss, [w1, b1, w2, b2, w3]) {
  const width = b1.length;
  const transposed = Array.from({ length: width * width }, (_, k) => {
    return w2[(k % width) * width + Math.floor(k / width)];
  });
  // No force depends on the last bias.
  return Float64Array.of(loss, ...w1, ...b1, ...transposed, ...b2, ...w3, 0);
}

/** Says hello, then answers lines `WORK TIMES`. A work does itself once and gives the numbers of its result. */
export function serve(versions, works) {
  console.log(JSON.stringify({ versions: { node: process.versions.node, ...versions } }));
  createInterface({ input: process.stdin }).on("line", async (line) => {
    const [work, times] = line.split(" ");
    try {
      const seconds = [];
      let result;
      for (let k = 0; k < Number(times); k++) {
        const began = process.cpuUsage();
        result = await works[work]();
        const { user, system } = process.cpuUsage(began);
        seconds.push((user + system) / 1e6);
      }
      const file = `${name}-${work}.f64`;
      writeFileSync(path.join(folder, file), new Uint8Array(result.buffer));
      console.log(JSON.stringify({ seconds, result: file }));
    } catch (error) {
      console.log(JSON.stringify({ error: String(error) }));
    }
  });
}
