export { type BaoabOptions, baoab } from "./baoab.ts";
export { blanesMoan4 } from "./blanes-moan-4.ts";
export { integratorByName, integrators } from "./catalogue.ts";
export { createRun, type Run } from "./create-run.ts";
export { type DormandPrinceOptions, dormandPrince, dormandPrince54 } from "./dormand-prince.ts";
export { type EulerMaruyamaOptions, eulerMaruyama } from "./euler-maruyama.ts";
export { forestRuth } from "./forest-ruth.ts";
export type { Integrator, Step } from "./integrator.ts";
export type { NormalSource } from "./noise.ts";
export { pefrl } from "./pefrl.ts";
export { positionVerlet } from "./position-verlet.ts";
export {
  type RolloutIteratorOptions,
  type RolloutOptions,
  rollout,
  rolloutIterator,
} from "./rollout.ts";
export type { RunOptions } from "./run.ts";
export { rungeKutta4 } from "./runge-kutta-4.ts";
export {
  palindrome,
  type Splitting,
  type SplittingIntegrator,
  type SplittingStage,
  splitting,
} from "./splitting.ts";
export { symplecticEuler } from "./symplectic-euler.ts";
export { velocityVerlet } from "./velocity-verlet.ts";
export { yoshida6 } from "./yoshida-6.ts";
