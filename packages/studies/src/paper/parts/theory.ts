import { formatNumber } from "../../data/number-text.ts";
import { SYMMETRIES } from "../claims/conservation.ts";
import { theoryJob } from "../studies/jobs.ts";
import type { Identity } from "../studies/theory.ts";
import type { Part } from "./part.ts";
import { studyData, studyTable } from "./spec.ts";

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
    const rows = IDENTITIES.map(([identity, title]) => ({
      title,
      ours: mclnn[identity],
      theirs: lnn[identity],
      least: lnnSmallest[identity].roundoffs,
    }));
    const table = studyTable(
      `Largest violation over ${cases} random networks and states, 2 to 10 particles, two and three dimensions`,
      rows,
      [
        ["identity", ({ title }) => title],
        ["MCLNN, absolute", ({ ours }) => formatNumber(ours.absolute), "right"],
        ["MCLNN, roundoffs", ({ ours }) => formatNumber(ours.roundoffs), "right"],
        ["LNN, absolute", ({ theirs }) => formatNumber(theirs.absolute), "right"],
        ["LNN, roundoffs", ({ theirs }) => formatNumber(theirs.roundoffs), "right"],
        ["LNN, least of all cases", ({ least }) => formatNumber(least), "right"],
      ],
    );
    const most = Math.max(...rows.map(({ ours }) => ours.roundoffs));
    const broken = SYMMETRIES.map((identity) => lnnSmallest[identity].roundoffs);
    return {
      found: [
        `On networks with random weights, which nobody trained, every identity holds for MCLNN to ${formatNumber(most)} roundoffs or better. One roundoff is 2^-53 of the quantities that go in: for energies T + |V| + sum |F| |q|, for sums of forces sum |F|, for derivatives, which are differences of L, T + |V| over the steps.`,
        `The baseline has A.3 too: that is what its kinetic energy gives it. The symmetries it has not: the least violation found in any case is ${formatNumber(Math.min(...broken))} roundoffs.`,
      ],
      blocks: [{ kind: "table", table }],
      data: [
        studyData("theory", rows, {
          identity: ({ title }) => title,
          "MCLNN, absolute": ({ ours }) => ours.absolute,
          "MCLNN, roundoffs": ({ ours }) => ours.roundoffs,
          "LNN, absolute": ({ theirs }) => theirs.absolute,
          "LNN, roundoffs": ({ theirs }) => theirs.roundoffs,
          "LNN, least roundoffs": ({ least }) => least,
        }),
      ],
      numbers: { cases, mclnn, lnn, lnnSmallest },
    };
  },
};
