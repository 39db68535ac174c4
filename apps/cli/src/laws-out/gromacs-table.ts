import { nanometreScale } from "../inputs/law-units.ts";
import {
  endsOf,
  exact,
  type LawEverywhere,
  lawsEverywhere,
  withoutCoupling,
} from "./everywhere.ts";
import type { LawFormat } from "./format.ts";

/** Rows below the cut. */
const POINTS = 5000;

/** Beyond the cut, in nanometres, GROMACS asks for rows too: its `table-extension`. */
const EXTENSION = 1;

/** GROMACS' user table, r f -f' g -g' h -h' on equal steps: the law is h, with C12 = 1; f and g are 0. */
export const gromacsTable: LawFormat = {
  name: "GROMACS table",
  option: "out",
  endings: [".xvg"],
  one: true,
  reads: ["units"],
  encode(written) {
    const { units, points = POINTS } = written.options;
    const laws = lawsEverywhere(written);
    withoutCoupling(laws, "GROMACS table");
    const { law, to } = laws[0] as LawEverywhere;
    const { energy, length } = nanometreScale(units);
    const step = to / (points - 1);
    // As many rows again at most: a law of short reach asks for a shorter extension.
    const beyond = Math.min(points, Math.ceil(EXTENSION / (step * length)));
    const rows = Array.from({ length: points + beyond }, (_, k) => {
      const r = k === points - 1 ? to : k * step;
      const [v, f] =
        k < points ? [energy * law.energy(r), (-energy / length) * law.slope(r)] : [0, 0];
      return [r * length, 0, 0, 0, 0, v, f].map(exact).join(" ");
    });
    return [
      `# ${endsOf(written)}`,
      "# GROMACS to 2019: vdwtype = user, C6 = 0, C12 = 1, " +
        `table-extension = ${(beyond * step * length).toPrecision(4)}`,
      ...rows,
      "",
    ].join("\n");
  },
  remark: endsOf,
};
