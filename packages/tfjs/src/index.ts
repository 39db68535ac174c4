export { type TfjsBackend, type TfjsBackendName, tfjsBackend } from "./backend.ts";
export { type DenseNetwork, denseNetwork, squareplus } from "./dense-network.ts";
export type { TfjsTrainOptions, TfjsTrainResult } from "./descent.ts";
export type { TfjsEnergy } from "./energy-function.ts";
export { installHigherOrderGradients } from "./higher-order-gradients.ts";
export {
  lagrangianNetwork,
  type TfjsLagrangian,
  type TfjsLagrangianOptions,
  tfjsLagrangian,
} from "./lagrangian.ts";
export type { TfjsLagrangianEnergy } from "./lagrangian-function.ts";
export { LagrangianAccelerationLoss, LagrangianRolloutLoss } from "./lagrangian-losses.ts";
export { fromLayersModel, layersModelFiles, toLayersModel } from "./layers-model.ts";
export { TfjsRolloutLoss } from "./pair-losses.ts";
export { type TfjsPairOptions, tfjsPairPotential } from "./pair-potential.ts";
export { type SeparableLagrangian, separableLagrangian } from "./separable-lagrangian.ts";
export { type TfjsLagrangianTrainOptions, trainTfjsLagrangian } from "./train-lagrangian.ts";
export {
  type TfjsNetwork,
  type TfjsNetworkModule,
  type TfjsNetworkOptions,
  type TfjsNetworkResult,
  trainTfjsNetwork,
} from "./train-network.ts";
export { trainTfjsPair } from "./train-pair.ts";
export type {
  PairValues,
  TfjsPairPotential,
  TfjsPairTrainOptions,
  TfjsPairTrainResult,
} from "./trainable-pair.ts";
