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
    heading: "Lagrangian L = T − V (reduced units)",
    error: "Error of L, |ΔL| (reduced units)",
  },
  {
    key: "hamiltonian",
    name: "energy",
    heading: "Energy H = T + V (reduced units)",
    error: "Error of H, |ΔH| (reduced units)",
  },
  {
    key: "linearMomentum",
    name: "linear momentum",
    heading: "Linear momentum |P| (reduced units)",
    error: "Error of P, |ΔP| (reduced units)",
  },
  {
    key: "angularMomentum",
    name: "angular momentum",
    heading: "Angular momentum |Lang| (reduced units)",
    error: "Error of Lang, |ΔLang| (reduced units)",
  },
];

/** Mean over particles of the distance to the true place. */
export const POSITION: Quantity = {
  key: "position",
  name: "position",
  heading: "Position",
  error: "Position error, mean over particles (reduced units)",
};

/** Axis title of time. */
export const TIME = "time (reduced units)";
