export { decodeModel } from "./files/decode-model.ts";
export { encodeModel } from "./files/encode-model.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
  type TensorFile,
} from "./files/safetensors.ts";
export { type LawGrid, type LawGridOptions, lawOnGrid } from "./laws/law-grid.ts";
export type { LawTable } from "./laws/law-table.ts";
export { createLnnModel } from "./laws/lnn.ts";
export { createMclnnModel } from "./laws/mclnn.ts";
export type {
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
export { fitPowerLaw, type PowerLaw } from "./laws/power-law.ts";
export { createSpeciesModel } from "./laws/species.ts";
export { createSplineModel } from "./laws/spline.ts";
export {
  EnergyNetwork,
  type LayoutSlice,
  networkLayout,
  networkSize,
} from "./networks/energy-network.ts";
export {
  PositionNetwork,
  positionNetworkLayout,
  positionNetworkSize,
} from "./networks/position-network.ts";
