import type { DocumentTable } from "../../data/document.ts";
import { formatNumber } from "../../data/number-text.ts";
import { theoryJob } from "../studies/jobs.ts";
import type { Identity } from "../studies/theory.ts";
import type { Part } from "./part.ts";

const IDENTITIES: readonly (readonly [Identity, string])[] = [
  ["translation", "Lemma 1: L(q + a, v) = L(q, v)"],
  ["rotation", "Lemma 2: L(Rq, Rv) = L(q, v), rotations"],
  ["reflection", "the same, reflections"],
  ["permutation", "the same, particles in another order"],
  ["velocityHessian", "A.3: ∂²L/∂v∂v = m I"],
  ["mixedDerivative", "A.3: ∂²L/∂v∂q = 0"],
  ["acceleration", "A.3, Eq. 3: Euler-Lagrange acceleration = −∇V / m"],
  ["totalForce", "A.4: sum of forces = 0"],
  ["totalTorque", "A.5: sum of torques = 0"],
];

/** The lemmas, measured. */
export const theoryPart: Part = {
  name: "theory",
  title: "The theory, measured",
  paper:
    "Theorem 1: MCLNN's Lagrangian does not change under translations (Lemma 1) and rotations (Lemma 2), so linear and angular momentum are conserved (A.4, A.5); A.3 derives the acceleration from the Euler-Lagrange equation. Lemma 2 rotates the positions only: the motion is the same only if the velocities turn with them, so here they do.",
  jobs: (settings) => [theoryJob(settings)],
  present(results, settings) {
    const { cases, mclnn, lnn, lnnSmallest } = results.of(theoryJob(settings));
    const table: DocumentTable = {
      caption: `Largest violation over ${cases} random networks and states, 2 to 10 particles, two and three dimensions`,
      columns: [
        { title: "identity" },
        { title: "MCLNN, absolute", align: "right" },
        { title: "MCLNN, roundoffs", align: "right" },
        { title: "LNN, absolute", align: "right" },
        { title: "LNN, roundoffs", align: "right" },
        { title: "LNN, least of all cases", align: "right" },
      ],
      rows: IDENTITIES.map(([identity, title]) => [
        title,
        formatNumber(mclnn[identity].absolute),
        formatNumber(mclnn[identity].roundoffs),
        formatNumber(lnn[identity].absolute),
        formatNumber(lnn[identity].roundoffs),
        formatNumber(lnnSmallest[identity].roundoffs),
      ]),
    };
    const most = Math.max(...IDENTITIES.map(([identity]) => mclnn[identity].roundoffs));
    const broken = (
      ["translation", "rotation", "reflection", "permutation", "totalForce", "totalTorque"] as const
    ).map((identity) => lnnSmallest[identity].roundoffs);
    return {
      found: [
        `On networks with random weights, which nobody trained, every identity holds for MCLNN to ${formatNumber(most)} roundoffs or better. One roundoff is 2^-53 of the quantities that go in: for energies T + |V| + sum |F| |q|, for sums of forces sum |F|, for derivatives, which are differences of L, T + |V| over the steps.`,
        `The baseline has A.3 too: that is what its kinetic energy gives it. The symmetries it has not: the least violation found in any case is ${formatNumber(Math.min(...broken))} roundoffs.`,
      ],
      blocks: [{ kind: "table", table }],
      data: [
        {
          name: "theory",
          columns: {
            identity: IDENTITIES.map(([, title]) => title),
            "MCLNN, absolute": IDENTITIES.map(([identity]) => mclnn[identity].absolute),
            "MCLNN, roundoffs": IDENTITIES.map(([identity]) => mclnn[identity].roundoffs),
            "LNN, absolute": IDENTITIES.map(([identity]) => lnn[identity].absolute),
            "LNN, roundoffs": IDENTITIES.map(([identity]) => lnn[identity].roundoffs),
            "LNN, least roundoffs": IDENTITIES.map(([identity]) => lnnSmallest[identity].roundoffs),
          },
        },
      ],
      numbers: { cases, mclnn, lnn, lnnSmallest },
    };
  },
};
