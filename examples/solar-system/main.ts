// Gravity from where the Sun and the planets were in 20 years, by the command line: the law with the masses given, then the masses as well.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "@mclnn/cli";
import { encodeTrajectorySet } from "@mclnn/datasets";
import type { FittedMass } from "@mclnn/learning";
import type { PowerLaw } from "@mclnn/models";
import { GAUSS, NAMES, solarSystem } from "./ephemeris.ts";
import { writePage } from "./page.ts";

// 40 trajectories of half a year each; fewer make it faster.
const trajectories = Number(process.argv[2] ?? 40);
const folder = process.argv[3] ?? mkdtempSync(join(tmpdir(), "mclnn-solar-system-"));
mkdirSync(folder, { recursive: true });
const at = (name: string): string => join(folder, name);

const set = solarSystem({ years: trajectories / 2, trajectories, records: 10 });
writeFileSync(at("planets.npz"), encodeTrajectorySet(set));
// What is to be found is not in the file: all masses but the Sun's are one.
const masses = set.masses.map(() => 1);
writeFileSync(at("masses-hidden.npz"), encodeTrajectorySet({ ...set, masses }));
console.log(`${NAMES.join(", ")}: ${set.trajectories} trajectories of ${set.records} records`);

/** Runs the program as `pnpm cli` does, and reads what it prints with --json. */
async function cli<T>(...args: string[]): Promise<T> {
  console.log(`mclnn ${args.join(" ").replaceAll(folder, ".")}`);
  let printed = "";
  const stream = (write: (text: string) => void) => ({ isTTY: false, columns: 80, write });
  // Threads of their own cannot read TypeScript on Node 20.
  const code = await main([...args, "--threads", "1", "--json"], {
    stdout: stream((text) => {
      printed += text;
    }),
    stderr: stream(() => {}),
    env: process.env,
  });
  if (code !== 0) throw new Error(`mclnn ${args[0]} ended with ${code}: ${printed}`);
  return JSON.parse(printed) as T;
}

interface Trained {
  readonly trainSeconds: number;
  readonly integrator: string;
  readonly substeps: number;
  readonly noise: number | null;
  readonly findings: readonly { readonly text: string }[];
  readonly masses: readonly FittedMass[] | null;
}

const about = ["--model", "spline", "--coupling", "mass-product", "--force"];
const law = at("law.safetensors");
const given = await cli<Trained>(...["train", "--data", at("planets.npz"), ...about, "--out", law]);
const { powerLaw } = await cli<{ powerLaw: PowerLaw }>("law", "--model", law, "--power-law");
await cli("law", "--model", law, "--points", "3000", "--out", at("law.json"), "--force");
const hidden = await cli<Trained>(
  ...["train", "--data", at("masses-hidden.npz"), ...about, "--fit-masses"],
  ...["--out", at("law-and-masses.safetensors")],
);
const { exponent, exponentDeviation, coefficient, coefficientDeviation } = powerLaw;
console.log(
  `learned in ${given.trainSeconds.toFixed(1)} s with ${given.integrator}, ${given.substeps} steps a record; ` +
    `positions agree to ${given.noise?.toExponential(1)} AU`,
);
console.log(`exponent ${exponent.toFixed(6)} +- ${exponentDeviation.toFixed(6)} (gravity: -2)`);
console.log(
  `constant / G ${(coefficient / GAUSS).toFixed(6)} +- ${(coefficientDeviation / GAUSS).toFixed(6)}`,
);
for (const { particle, mass, deviation, determined } of hidden.masses ?? [])
  if (particle > 0)
    console.log(
      `mass of ${NAMES[particle]}: ` +
        (determined
          ? `${mass.toExponential(3)} +- ${(mass * deviation).toExponential(1)} (known: ${set.masses[particle]?.toExponential(3)})`
          : "not determined"),
    );
for (const { text } of [...given.findings, ...hidden.findings]) console.log(`finding: ${text}`);
await writePage(at("index.html"), {
  set,
  law: JSON.parse(readFileSync(at("law.json"), "utf8")),
  powerLaw,
  masses: hidden.masses ?? [],
  seconds: [given.trainSeconds, hidden.trainSeconds],
});
console.log(`page: ${at("index.html")}`);
