export { decodeModel } from "./files/decode-model.ts";
export { encodeModel } from "./files/encode-model.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
  type TensorFile,
} from "./files/safetensors.ts";
export { continuedLaw } from "./laws/continued-law.ts";
export { type LawGrid, type LawGridOptions, lawOnGrid } from "./laws/law-grid.ts";
export type { LawTable, SmoothLaw } from "./laws/law-table.ts";
export { createLnnModel } from "./laws/lnn.ts";
export { createMclnnModel } from "./laws/mclnn.ts";
export type {
  LawBond,
  LawTerm,
  LnnModel,
  MclnnModel,
  Model,
  ModelByKind,
  ModelKind,
  SeparationRecord,
  SpeciesModel,
  SplineModel,
  TrainingRecord,
} from "./laws/model.ts";
export { type Motion, motionOf } from "./laws/motion.ts";
export { fitPowerLaw, type PowerLaw } from "./laws/power-law.ts";
export { createSpeciesModel } from "./laws/species.ts";
export { createSplineModel } from "./laws/spline.ts";
export { EnergyNetwork } from "./networks/energy-network.ts";
export { type EnergyLayer, ForwardEnergyNetwork } from "./networks/forward-energy-network.ts";
export { ForwardPositionNetwork, type PositionLayer } from "./networks/forward-position-network.ts";
export {
  type LayoutSlice,
  networkLayout,
  networkSize,
  positionNetworkLayout,
  positionNetworkSize,
} from "./networks/layout.ts";
export { PositionNetwork } from "./networks/position-network.ts";
