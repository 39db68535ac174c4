// A metric of one's own is a function of a trajectory. Here: the virial theorem, 2 <T> = <sum over pairs of r V'(r)> for bound motion.
import { experimentByName } from "@mclnn/datasets";
import { rollout } from "@mclnn/integrators";
import {
  createSystem,
  kineticEnergy,
  type ParticleSystem,
  pairwise,
  separations,
  stateAt,
  type Trajectory,
} from "@mclnn/physics";

const records = Number(process.argv[2] ?? 5000);

/** Mean of 2 T over mean of the virial, up to each record; tends to 1. */
function virialRatio(system: ParticleSystem, trajectory: Trajectory): Float64Array {
  const { pair } = system.potential;
  if (pair === undefined) throw new Error("the virial here is that of a pair potential");
  let twiceKinetic = 0;
  let virial = 0;
  return trajectory.times.map((_, record) => {
    const { positions, velocities } = stateAt(trajectory, record);
    twiceKinetic += 2 * kineticEnergy(system, velocities);
    for (const r of separations(positions, trajectory)) virial += r * pair.slope(r);
    return twiceKinetic / virial;
  });
}

for (const name of ["linear-spring", "quartic-spring"] as const) {
  const { masses, dimension, pair, testStart, dt, stride } = experimentByName(name);
  const system = createSystem({ masses, dimension, potential: pairwise(pair) });
  const run = rollout(system, testStart, { dt, stride, records });
  const ratio = virialRatio(system, run);
  const at = (share: number) => (ratio[Math.round((records - 1) * share)] as number).toFixed(4);
  console.log(
    `${name.padEnd(15)} 2<T>/<virial> after a tenth ${at(0.1)}, half ${at(0.5)}, all ${at(1)}`,
  );
}
