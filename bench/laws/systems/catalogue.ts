import { MclnnError } from "@mclnn/physics";
import { chargeSystems } from "./charges.ts";
import type { LawSystem } from "./law-system.ts";
import { moleculeSystems } from "./molecules.ts";
import { paperSystems } from "./paper.ts";
import { shapeSystems } from "./shapes.ts";
import { twoSpecies } from "./species.ts";

/** The library, in the order of its tables. */
export const lawSystems: readonly LawSystem[] = [
  ...paperSystems,
  ...chargeSystems,
  ...moleculeSystems,
  ...shapeSystems,
  twoSpecies,
];

/** A system of the library. @throws MclnnError `unknown-system` with the names there are */
export function lawSystemByName(name: string): LawSystem {
  const found = lawSystems.find((system) => system.name === name);
  if (found === undefined)
    throw new MclnnError(`there is no system "${name}"`, {
      code: "unknown-system",
      argument: "systems",
      expected: `one of ${lawSystems.map((system) => system.name).join(", ")}`,
      got: name,
    });
  return found;
}
