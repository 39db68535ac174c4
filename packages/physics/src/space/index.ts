export { NeighbourList, type NeighbourListOptions } from "../neighbours/list.ts";
export { cellInverse, cellVolume, openSpace, periodicSpace } from "./periodic.ts";
