/**
 * What bodies make of forces whose masses have something added to them: the inverse of 1 + dM, body by body.
 *
 * @param blocks - dM, over masses, row by row; replaced. [N x 3 x 3]
 */
export function invertMasses(blocks: Float64Array): void {
  for (let o = 0; o < blocks.length; o += 9) {
    const x = 1 + blocks[o];
    const b = blocks[o + 1];
    const c = blocks[o + 2];
    const d = blocks[o + 3];
    const y = 1 + blocks[o + 4];
    const f = blocks[o + 5];
    const g = blocks[o + 6];
    const h = blocks[o + 7];
    const z = 1 + blocks[o + 8];
    const p = y * z - f * h;
    const q = f * g - d * z;
    const r = d * h - y * g;
    const one = 1 / (x * p + b * q + c * r);
    blocks[o] = one * p;
    blocks[o + 1] = one * (c * h - b * z);
    blocks[o + 2] = one * (b * f - c * y);
    blocks[o + 3] = one * q;
    blocks[o + 4] = one * (x * z - c * g);
    blocks[o + 5] = one * (c * d - x * f);
    blocks[o + 6] = one * r;
    blocks[o + 7] = one * (b * g - x * h);
    blocks[o + 8] = one * (x * y - b * d);
  }
}

/** Turns accelerations by masses alone into those of bodies that respond so. @param responses - [N x 3 x 3] @param vectors - [N x width] @param width - components a body, 2 or 3 */
export function respond(responses: Float64Array, vectors: Float64Array, width: number): void {
  for (let i = 0, o = 0; o < vectors.length; i += 9, o += width) {
    const x = vectors[o];
    const y = vectors[o + 1];
    const z = width === 3 ? vectors[o + 2] : 0;
    for (let a = 0; a < width; a++) {
      const row = i + 3 * a;
      vectors[o + a] = responses[row] * x + responses[row + 1] * y + responses[row + 2] * z;
    }
  }
}
