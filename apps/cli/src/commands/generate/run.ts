import * as datasets from "@mclnn/datasets";
import { formatCount } from "@mclnn/studies/text";
import { checkWhereItWent } from "../../inputs/guarded-potential.ts";
import { namedIntegrator } from "../../inputs/integrator.ts";
import { noisyMethod } from "../../inputs/motion.ts";
import { resolveSystem } from "../../inputs/system.ts";
import { badOption, conflictingOptions } from "../../options/errors.ts";
import { given } from "../../options/given.ts";
import { exactlyOne } from "../../options/required.ts";
import { checkNpzSize } from "../../outputs/npz-size.ts";
import { claimTrajectories } from "../../outputs/trajectory-output.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import { softwareVersions } from "../../process/software.ts";
import type { Session } from "../../session/session.ts";
import type { GenerateOptions } from "./declare.ts";

/** Makes trajectories, and writes them. */
export async function generate(options: GenerateOptions, { terminal }: Session): Promise<ExitCode> {
  const { system, potential, initial, start, noise, dropVelocities } = options;
  exactlyOne({ "--system": system, "--potential": potential });
  const { velocityNoise, missing, missingRecords, shortest } = options;
  if (dropVelocities === true && velocityNoise > 0)
    throw conflictingOptions("--velocity-noise", "--drop-velocities or --velocity-noise", "both", {
      what: "velocities are both dropped and noisy",
    });
  const { trajectories, records, dt, stride, scheme, seed, skip } = options;
  if (shortest !== undefined && shortest > records)
    throw badOption(
      "--shortest",
      `a whole number from 2 to ${records}, the records of a trajectory`,
      String(shortest),
    );
  const out = await claimTrajectories(options.out, { force: options.force });
  const integrator =
    noisyMethod(options, datasets.createRandom(seed).split()) ??
    (options.integrator === undefined ? undefined : namedIntegrator(options.integrator));
  if (velocityNoise > 0 && integrator?.motion === "overdamped")
    throw conflictingOptions("--velocity-noise", "--motion langevin or newtonian", "overdamped", {
      what: "motion without inertia has no velocities",
    });
  const named = await resolveSystem(
    { system, potential, initial, start, remark: (text) => terminal.remark(text) },
    "train",
  );
  const { masses, dimension: components } = named.system;
  checkNpzSize(
    { trajectories, records, particles: masses.length, dimension: components },
    trajectories === 1 ? "--records" : "--trajectories",
  );
  const clean = datasets.generateTrajectories({
    system: named.system,
    start: named.start,
    trajectories,
    records,
    dt,
    stride,
    scheme,
    noise: 0,
    seed,
    skip,
    ...given({ integrator }),
  });
  const { particles, dimension } = clean;
  if (named.own?.remark !== undefined) terminal.remark(named.own.remark);
  if (named.own !== undefined)
    for (const text of checkWhereItWent(named.own.pair, clean.positions, { particles, dimension }))
      terminal.remark(text);
  const noisy = noise > 0 ? datasets.addPositionNoise(clean, { sigma: noise, seed }) : clean;
  const measured =
    dropVelocities === true && noisy.velocities !== undefined
      ? datasets.dropVelocities(noisy)
      : velocityNoise > 0
        ? datasets.addVelocityNoise(noisy, { sigma: velocityNoise, seed })
        : noisy;
  const ended =
    shortest === undefined ? measured : datasets.shortenTrajectories(measured, { shortest, seed });
  const sparse =
    missingRecords > 0
      ? datasets.dropObservations(ended, { share: missingRecords, seed, whole: true })
      : ended;
  const set = missing > 0 ? datasets.dropObservations(sparse, { share: missing, seed }) : sparse;
  const versions = softwareVersions();
  await out.write(
    { ...set, provenance: { ...set.provenance, ...named.provenance, software: versions } },
    terminal,
  );
  terminal.print(
    `${formatCount(trajectories)} trajectories of ${formatCount(records)} records, ${particles} bodies in ${dimension} dimensions: ${out.path}`,
  );
  terminal.printJson({ data: out.path, trajectories, records, particles, dimension });
  return DONE;
}
