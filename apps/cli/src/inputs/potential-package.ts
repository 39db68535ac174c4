import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { MclnnError, type PairPotential } from "@mclnn/physics";
import { badModule } from "./own-module.ts";
import { type PotentialParameters, potentialOf } from "./potential-module.ts";

/** npm packages that are potentials say so by their names. */
export const PACKAGE_NAME: RegExp = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?mclnn-potential-[a-z0-9._~-]+$/;

/**
 * The potential that an installed npm package exports: looked for from the current folder upwards, then beside the program itself.
 *
 * @throws MclnnError `package-not-installed` with the line that installs it; `bad-module`
 */
export async function loadPackage(
  name: string,
  parameters: PotentialParameters | null,
  option: string,
): Promise<PairPotential> {
  const { createJiti } = await import("jiti");
  const here = join(process.cwd(), "potential.js");
  const resolved = [here, fileURLToPath(import.meta.url)]
    .map((from) => createJiti(from, { fsCache: false }).esmResolve(name, { try: true }))
    .find((found) => found !== undefined);
  if (resolved === undefined)
    throw new MclnnError(`the package ${name} is not installed`, {
      code: "package-not-installed",
      argument: option,
      expected: "an npm package that is installed where this command runs",
      got: `no ${name} in node_modules of ${process.cwd()} or above it`,
      mend: `Install it with \`npm install ${name}\`.`,
    });
  const path = resolved.startsWith("file:") ? fileURLToPath(resolved) : resolved;
  return potentialOf(path, parameters, badModule(name, option));
}
