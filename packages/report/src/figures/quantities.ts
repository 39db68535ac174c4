import type { Observable } from "@mclnn/studies";

/** A quantity as axes name it. */
export interface Quantity {
  readonly key: Observable | "position";
  readonly name: string;
  /** With its symbol, as heading of a panel of values. */
  readonly heading: string;
  /** As heading of a panel of errors. */
  readonly error: string;
}

/** The observables of the paper's Fig. 2, in its order. */
export const OBSERVABLES: readonly (Quantity & { readonly key: Observable })[] = [
  {
    key: "lagrangian",
    name: "Lagrangian",
    heading: "Lagrangian ℒ = T − V",
    error: "Error of ℒ, |Δℒ|",
  },
  {
    key: "hamiltonian",
    name: "energy",
    heading: "Energy H = T + V",
    error: "Error of H, |ΔH|",
  },
  {
    key: "linearMomentum",
    name: "linear momentum",
    heading: "Linear momentum |P|",
    error: "Error of P, |ΔP|",
  },
  {
    key: "angularMomentum",
    name: "angular momentum",
    heading: "Angular momentum |L|",
    error: "Error of L, |ΔL|",
  },
];

/** Mean over particles of the distance to the true place. */
export const POSITION: Quantity = {
  key: "position",
  name: "position",
  heading: "Position",
  error: "Position error, mean over particles",
};

/** Axis title of time. */
export const TIME = "time (reduced units)";
