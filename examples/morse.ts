// A chemical bond that can break, as a potential of one's own:
//   pnpm cli compare --potential ./examples/morse.ts --initial ./examples/triangle.json
// In a project of your own, this is all that a potential needs: a name and an energy. The slope makes it faster; it is checked.

/** Depth of the well and its width, in units of the rest length. */
const depth = 1;
const width = 0.4;

const stretch = (r: number): number => Math.exp((1 - r) / width);

export default {
  name: "morse bond",
  energy: (r: number): number => depth * ((1 - stretch(r)) ** 2 - 1),
  slope: (r: number): number => (2 * depth * (1 - stretch(r)) * stretch(r)) / width,
};
