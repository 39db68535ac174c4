import { createRandom } from "@mclnn/datasets";
import { MclnnError, type State } from "@mclnn/physics";

/** What a random start is drawn from. */
export interface StartRange {
  readonly spread: number;
  readonly apart: number;
  readonly speed: number;
  /** Rate at which all dots turn about the middle at first, so that those that attract each other do not meet there. Default 0. */
  readonly spin?: number;
}

/** Draws after which the dots are held to be too many for the disc. */
const MOST_DRAWS = 2000;

/**
 * A start of a throw: positions in a disc, none closer than `apart`, velocities normal; the centre of mass is at rest in the middle. The same
 * seed gives the same bits everywhere.
 *
 * @param masses - [N]
 * @returns a state in two dimensions
 * @throws MclnnError `too-crowded` where so many dots do not fit into the disc
 */
export function drawStart(
  masses: readonly number[],
  { spread, apart, speed, spin = 0 }: StartRange,
  seed: number,
): State {
  const random = createRandom(seed);
  const positions: number[] = [];
  for (let draw = 0; positions.length < 2 * masses.length; draw++) {
    if (draw > MOST_DRAWS)
      throw new MclnnError("the dots do not fit", {
        code: "too-crowded",
        argument: "dots",
        expected: `a distance of ${apart} between ${masses.length} dots`,
        got: `a disc of radius ${spread}`,
      });
    const [x, y] = [2 * random.uniform() - 1, 2 * random.uniform() - 1].map((u) => spread * u) as [
      number,
      number,
    ];
    if (x * x + y * y > spread * spread) continue;
    const free = positions.every((_, k) => {
      if (k % 2 === 1) return true;
      const dx = x - (positions[k] as number);
      const dy = y - (positions[k + 1] as number);
      return dx * dx + dy * dy >= apart * apart;
    });
    if (free) positions.push(x, y);
  }
  const velocities = positions.map((_, k) => {
    const turning = k % 2 === 0 ? -(positions[k + 1] as number) : (positions[k - 1] as number);
    return spin * turning + speed * random.normal();
  });
  return {
    time: 0,
    positions: centred(positions, masses),
    velocities: centred(velocities, masses),
  };
}

/** Vectors less their mean by mass. */
function centred(vectors: readonly number[], masses: readonly number[]): Float64Array {
  const mean = [0, 0];
  let total = 0;
  masses.forEach((mass, i) => {
    total += mass;
    for (let c = 0; c < 2; c++)
      mean[c] = (mean[c] as number) + mass * (vectors[2 * i + c] as number);
  });
  return Float64Array.from(vectors, (x, k) => x - (mean[k % 2] as number) / total);
}
