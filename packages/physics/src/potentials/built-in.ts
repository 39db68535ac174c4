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
  /** Parameters and their defaults. */
  readonly parameters: Readonly<Record<string, number>>;
  create(parameters?: Readonly<Record<string, number>>): PairPotential;
}

const FORMULAS: readonly (readonly [
  formula: string,
  create: (parameters?: Readonly<Record<string, number>>) => PairPotential,
])[] = [
  ["stiffness (r - restLength)^2 / 2", linearSpring],
  ["stiffness (r - restLength)^4 / 2", quarticSpring],
  ["-G m_i m_j / r", gravity],
  ["k q_i q_j / r", coulomb],
  ["4 epsilon ((sigma / r)^12 - (sigma / r)^6)", lennardJones],
  ["depth ((1 - exp((restLength - r) / width))^2 - 1)", morse],
  ["strength exp(-r / range) / r", yukawa],
  ["-strength / sqrt(r^2 + core^2)", softCore],
  ["strength r^exponent", powerLaw],
  ["-depth exp(-(r - centre)^2 / (2 width^2))", gaussianWell],
];

/** All potentials known by name. */
export const builtInPotentials: readonly BuiltInPotential[] = FORMULAS.map(([formula, create]) => {
  const { name, parameters = {} } = create();
  return { name, formula, parameters, create };
});

/**
 * Built-in potential from a specification such as `lennard-jones:epsilon=1,sigma=1`.
 *
 * @throws MclnnError `unknown-potential` or `unknown-parameter`, with the names there are
 */
export function builtInPotential(specification: string): PairPotential {
  const colon = specification.indexOf(":");
  const name = (colon < 0 ? specification : specification.slice(0, colon)).trim();
  const builtIn = builtInPotentials.find((b) => b.name === name);
  if (builtIn === undefined)
    throw new MclnnError(`there is no built-in potential "${name}"`, {
      code: "unknown-potential",
      argument: "potential",
      expected: `one of ${builtInPotentials.map((b) => b.name).join(", ")}`,
      got: name,
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
    if (text === "" || !Number.isFinite(value))
      throw new MclnnError(`parameter ${key} of ${name} is no number`, {
        code: "bad-parameter",
        argument: "potential",
        expected: "a finite number",
        got: text || "nothing",
      });
    parameters[key] = value;
  }
  return builtIn.create(parameters);
}
