import type { TrajectorySet } from "../trajectory-set.ts";
import { elementMass } from "./elements.ts";

/** Names of the species in their order, as the file that the set came from had them; numbers from 1 where it had none. */
export function kindNames({ species, provenance: { kinds } }: TrajectorySet): string[] {
  const count = species === undefined ? 1 : species.reduce((most, s) => Math.max(most, s + 1), 1);
  if (
    Array.isArray(kinds) &&
    kinds.length >= count &&
    kinds.every((name) => typeof name === "string" && /^[^\s"]+$/.test(name))
  )
    return kinds as string[];
  return Array.from({ length: count }, (_, k) => String(k + 1));
}

/** Whether all are elements: other programs take no other names for species. */
export const areElements = (names: readonly string[]): boolean =>
  names.every((name) => elementMass(name) !== undefined);
