// Only physics and integrators: two bodies on an ellipse, and what each method keeps of the energy.
import { integratorByName, rollout } from "@mclnn/integrators";
import { createState, createSystem, gravity, hamiltonian, pairwise, stateAt } from "@mclnn/physics";

const orbits = Number(process.argv[2] ?? 100);
const eccentricity = 0.5;
const stepsAnOrbit = 200;

// Reduced mass 1/2, semi-major axis 1, start at the closest point: the period is 2 pi / sqrt(2).
const system = createSystem({ masses: [1, 1], dimension: 2, potential: pairwise(gravity()) });
const closest = 1 - eccentricity;
const speed = Math.sqrt((2 * (1 + eccentricity)) / closest);
const start = createState(
  {
    positions: [
      [-closest / 2, 0],
      [closest / 2, 0],
    ],
    velocities: [
      [0, -speed / 2],
      [0, speed / 2],
    ],
  },
  { dimension: 2 },
);
const dt = (2 * Math.PI) / Math.sqrt(2) / stepsAnOrbit;
const energy = hamiltonian(system, start);

for (const name of ["symplectic-euler", "velocity-verlet", "pefrl", "runge-kutta-4"]) {
  const integrator = integratorByName(name);
  const run = rollout(system, start, { dt, stride: stepsAnOrbit, records: orbits + 1, integrator });
  const end = hamiltonian(system, stateAt(run, orbits));
  const change = Math.abs(end / energy - 1).toExponential(1);
  console.log(
    `${name.padEnd(16)} order ${integrator.order}  energy after ${orbits} orbits off by ${change}`,
  );
}
