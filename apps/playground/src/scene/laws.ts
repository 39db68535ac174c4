import {
  lennardJones,
  linearSpring,
  morse,
  type PairPotential,
  quarticSpring,
  softCore,
  yukawa,
} from "@mclnn/physics";

/** A law that the page offers by name, with starts and a view in which dots stay and tell it apart. */
export interface Preset {
  readonly name: string;
  readonly label: string;
  /** V as people write it. */
  readonly formula: string;
  readonly pair: PairPotential;
  /** Radius of the disc that starts lie in, closest pair of a start, and root mean square of a start's velocity components. */
  readonly spread: number;
  readonly apart: number;
  readonly speed: number;
  readonly spin?: number;
  /** Half the height of the stage. */
  readonly reach: number;
  /** The plot's separations from 0, and V' from minus to plus this. */
  readonly plot: { readonly r: number; readonly slope: number };
}

export const presets: readonly Preset[] = [
  {
    name: "bond",
    label: "Bond that can break",
    formula: "(1 - exp((1 - r)/0.6))^2 - 1",
    pair: morse({ depth: 1, width: 0.6, restLength: 1 }),
    ...{ spread: 0.9, apart: 0.7, speed: 0.3, reach: 1.5 },
    plot: { r: 3, slope: 2 },
  },
  {
    name: "spring",
    label: "Spring",
    formula: "(r - 1)^2/2",
    pair: linearSpring({ stiffness: 1, restLength: 1 }),
    ...{ spread: 0.9, apart: 0.7, speed: 0.3, reach: 1.5 },
    plot: { r: 3, slope: 2 },
  },
  {
    name: "stiff-bond",
    label: "Stiff bond",
    formula: "(r - 1)^4/2",
    pair: quarticSpring({ stiffness: 1, restLength: 1 }),
    ...{ spread: 0.9, apart: 0.7, speed: 0.3, reach: 1.5 },
    plot: { r: 3, slope: 2 },
  },
  {
    name: "gravity",
    label: "Gravity, softened",
    formula: "-1/sqrt(r^2 + 1)",
    pair: softCore({ strength: 1, core: 1 }),
    ...{ spread: 1.3, apart: 0.8, speed: 0.15, spin: 0.7, reach: 2 },
    plot: { r: 3, slope: 0.6 },
  },
  {
    name: "atoms",
    label: "Atoms",
    formula: "0.48*((0.8/r)^12 - (0.8/r)^6)",
    pair: lennardJones({ epsilon: 0.12, sigma: 0.8 }),
    ...{ spread: 1.15, apart: 0.84, speed: 0.15, reach: 1.9 },
    plot: { r: 3, slope: 0.6 },
  },
  {
    name: "charges",
    label: "Charges that repel",
    formula: "exp(-r)/r",
    pair: yukawa({ strength: 1, range: 1 }),
    ...{ spread: 1.4, apart: 0.7, speed: 0.4, reach: 2.8 },
    plot: { r: 4, slope: 2 },
  },
];
