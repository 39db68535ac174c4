import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { parseFormula } from "@mclnn/physics/potentials";
import type { Block } from "./block.ts";
import { scopesOf, TOGETHER } from "./scope.ts";
import type { Target } from "./target.ts";

/** Relative difference from which a slope is not the energy's. */
const APART = 1e-8;
const POINTS = 7;

/**
 * Refuses blocks whose slopes are not those of their energies, or no numbers.
 *
 * @throws MclnnError `bad-block` with the block, where and by what factor; `bad-argument`
 */
export function checkBlocks(
  blocks: readonly Block[],
  target: Pick<Target, "from" | "to" | "middle">,
): void {
  blocks.forEach((block, index) => {
    const argument = `blocks[${index}]`;
    checkArgument(argument, block, {
      name: "text",
      constants: "list",
      energies: "list",
      slopes: "list",
    });
    checkBlock(block, argument, target);
  });
}

function checkBlock(
  { name, constants, energies, slopes }: Block,
  argument: string,
  target: Pick<Target, "from" | "to" | "middle">,
): void {
  const refuse = (place: string, expected: string, got: string): never => {
    throw new MclnnError(`the block ${name} cannot be used`, {
      code: "bad-block",
      argument: `${argument}.${place}`,
      expected,
      got,
    });
  };
  if (energies.length !== slopes.length || energies.length === 0)
    refuse(
      "slopes",
      "one slope for each energy, one or more",
      `${slopes.length} of ${energies.length}`,
    );
  const { from, to, middle } = target;
  const scopes = scopesOf(target as Target);
  const starts = constants.map(({ kind, starts: own }) => {
    const values = own ?? scopes[kind].starts(TOGETHER);
    return values[Math.floor(values.length / 2)];
  });
  const numbers = [...constants.map(({ name: of }, k) => `${of}=${starts[k]}`), `m=${middle}`];
  energies.forEach((energy, k) => {
    const pair = parseFormula([energy, ...numbers].join("; "));
    for (let q = 0; q < POINTS; q++) {
      const r = from + ((to - from) * (q + 0.5)) / POINTS;
      const got = slopes[k](r, starts, middle);
      const expected = pair.slope(r);
      if (!Number.isFinite(got))
        refuse(`slopes[${k}]`, `a number at r = ${r}, ${numbers.join(", ")}`, String(got));
      if (Math.abs(got - expected) > APART * (Math.abs(expected) + Math.abs(got)))
        refuse(
          `slopes[${k}]`,
          `the slope of ${energy}, ${expected} at r = ${r}`,
          `${got}, ${got / expected} times that`,
        );
    }
  });
}
