import { described } from "../arguments/described.ts";
import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import type { PairPotential } from "../pair-potential.ts";
import { coulomb } from "./coulomb.ts";
import { gaussianWell } from "./gaussian-well.ts";
import { gravity } from "./gravity.ts";
import { lennardJones } from "./lennard-jones.ts";
import { linearSpring } from "./linear-spring.ts";
import { morse } from "./morse.ts";
import { powerLaw } from "./power-law.ts";
import { quarticSpring } from "./quartic-spring.ts";
import { softCore } from "./soft-core.ts";
import { yukawa } from "./yukawa.ts";

/** A potential that can be asked for by name. */
export interface BuiltInPotential {
  readonly name: string;
  readonly formula: string;
  /** What it is, in a line. */
  readonly summary: string;
  /** Parameters and their defaults. */
  readonly parameters: Readonly<Record<string, number>>;
  create(parameters?: Readonly<Record<string, number>>): PairPotential;
}

const TABLE: readonly (readonly [
  formula: string,
  summary: string,
  create: (parameters?: Readonly<Record<string, number>>) => PairPotential,
])[] = [
  ["stiffness (r - restLength)^2 / 2", "pulls back in proportion to the stretch", linearSpring],
  [
    "stiffness (r - restLength)^4 / 2",
    "soft near its rest length, stiff away from it",
    quarticSpring,
  ],
  ["-G m_i m_j / r", "attraction of masses", gravity],
  ["k q_i q_j / r", "charges: like ones repel", coulomb],
  [
    "4 epsilon ((sigma / r)^12 - (sigma / r)^6)",
    "noble gas atoms: a hard core and a short attraction",
    lennardJones,
  ],
  ["depth ((1 - exp((restLength - r) / width))^2 - 1)", "chemical bond that can break", morse],
  ["strength exp(-r / range) / r", "screened charges: repulsion of a finite range", yukawa],
  ["-strength / sqrt(r^2 + core^2)", "gravity without its singularity (Plummer)", softCore],
  ["strength r^exponent", "any power of r", powerLaw],
  ["-depth exp(-(r - centre)^2 / (2 width^2))", "smooth well of a finite range", gaussianWell],
];

/** All potentials known by name. */
export const builtInPotentials: readonly BuiltInPotential[] = TABLE.map(
  ([formula, summary, create]) => {
    const { name, parameters = {} } = create();
    return { name, formula, summary, parameters, create };
  },
);

/**
 * Built-in potential from a specification such as `lennard-jones:epsilon=1,sigma=1`.
 *
 * @throws MclnnError `unknown-potential` or `unknown-parameter`, with the names there are; `bad-parameter` for a value that cannot be used
 */
export function builtInPotential(specification: string): PairPotential {
  checkArgument("potential", specification, "text");
  const colon = specification.indexOf(":");
  const name = (colon < 0 ? specification : specification.slice(0, colon)).trim();
  const builtIn = builtInPotentials.find((b) => b.name === name);
  if (builtIn === undefined)
    throw new MclnnError(`there is no built-in potential "${name}"`, {
      code: "unknown-potential",
      argument: "potential",
      expected: `one of ${builtInPotentials.map((b) => b.name).join(", ")}`,
      got: described(name),
    });
  const parameters: Record<string, number> = {};
  const assignments = colon < 0 ? "" : specification.slice(colon + 1);
  for (const assignment of assignments.split(",").filter((a) => a.trim() !== "")) {
    const [key = "", text = "", ...rest] = assignment.split("=").map((part) => part.trim());
    const value = Number(text);
    if (!Object.hasOwn(builtIn.parameters, key) || rest.length > 0)
      throw new MclnnError(`${name} has no parameter "${key}"`, {
        code: "unknown-parameter",
        argument: "potential",
        expected: `name=number for ${Object.keys(builtIn.parameters).join(", ")}`,
        got: assignment.trim(),
      });
    const again = Object.hasOwn(parameters, key);
    if (text === "" || !Number.isFinite(value) || again)
      throw new MclnnError(`parameter ${key} of ${name} cannot be used`, {
        code: "bad-parameter",
        argument: "potential",
        expected: again ? "each parameter once" : "a finite number",
        got: again ? `${key} again` : text || "nothing",
      });
    parameters[key] = value;
  }
  return builtIn.create(parameters);
}
