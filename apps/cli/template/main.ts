// Makes data with your potential, learns the law back from them, and shows how well: `npm start`.
import { mkdir, writeFile } from "node:fs/promises";
import {
  encodeTrajectorySet,
  generateTrajectories,
  perturbedStart,
  suggestTimeStep,
} from "@mclnn/datasets";
import { readStateFile } from "@mclnn/datasets/node";
import { rollout } from "@mclnn/integrators";
import { train } from "@mclnn/learning";
import { errorSeries, slopeError, summarise } from "@mclnn/metrics";
import { encodeModel } from "@mclnn/models";
import { createSystem, definePairPotential, pairwise } from "@mclnn/physics";
import { checkPairPotential } from "@mclnn/physics/potentials";
import { figureSvg, potentialFigure } from "@mclnn/report";
import own from "./potential.ts";

// 1. Particles, where they start, and the law they obey. A law without a slope gets one here.
const potential = definePairPotential(own);
const { state: start, ...particles } = await readStateFile("start.json");
const system = createSystem({ ...particles, potential: pairwise(potential) });
const { dt, reason } = suggestTimeStep(system, start);
console.log(`time step ${dt}: ${reason}`);

// 2. Data: 100 short trajectories, as an experiment would record them.
const data = generateTrajectories({ system, start, dt, trajectories: 100, records: 20 });

// 3. Learn the law from them. Where the particles went it is known, elsewhere it is not.
const { model, trainLoss, trainSeconds } = await train(data, { dt, until: 1e-12 });
const { ranges } = model.separations;
const [from, to] = [Math.min(...ranges.flat()), Math.max(...ranges.flat())];
checkPairPotential(potential, { from, to });
console.log(`learned in ${trainSeconds.toFixed(1)} s: loss ${trainLoss.toExponential(1)}`);
console.log(
  `largest error of V': ${slopeError(model.pair, potential, { ranges }).max.toExponential(1)}`,
);

// 4. Run both laws from a start that was not in the data.
const unseen = perturbedStart(system, start, 7);
const options = { dt, stride: 10, records: 300 };
const learned = createSystem({ ...particles, potential: model.potential });
const errors = errorSeries(
  system,
  rollout(learned, unseen, options),
  rollout(system, unseen, options),
);
for (const quantity of ["position", "hamiltonian", "linearMomentum", "angularMomentum"] as const)
  console.log(`largest error of ${quantity}: ${summarise(errors[quantity]).max?.toExponential(1)}`);

// 5. Keep the data, the model and a picture of both laws.
const separations = Array.from({ length: 200 }, (_, k) => from + ((to - from) * k) / 199);
const curve = (pair: typeof potential, offset: number) => ({
  energy: separations.map((r) => pair.energy(r) - offset),
  slope: separations.map((r) => pair.slope(r)),
});
const figure = await potentialFigure({
  separations,
  trainingRanges: ranges,
  truth: curve(potential, potential.energy(to)),
  models: { mclnn: curve(model.pair, model.pair.energy(to)) },
});
await mkdir("out", { recursive: true });
await writeFile("out/data.npz", encodeTrajectorySet(data));
await writeFile("out/law.safetensors", encodeModel(model));
await writeFile("out/law.svg", figureSvg(figure));
console.log("out/: data.npz, law.safetensors, law.svg");
