// What `pnpm check-browser` runs on built packages: cases that need nothing but their public surface, one or two of each kind.
import { hashOf } from "./bits-case.ts";
import { dataCases } from "./data-cases.ts";
import { numberCases } from "./number-cases.ts";
import { rolloutCases } from "./rollout-cases.ts";
import { trainingCases } from "./training-cases.ts";

const TRAININGS = ["MCLNN, linear spring", "MCLNN by Adam", "spline, gravity", "LNN"];

/** Hashes by name of the case. */
export async function publicHashes(): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  const trainings = trainingCases.filter(({ name }) =>
    TRAININGS.includes(name.replace("training: ", "")),
  );
  for (const { name, bits } of [...numberCases, ...rolloutCases, ...dataCases, ...trainings])
    hashes[name] = await hashOf(await bits());
  return hashes;
}
