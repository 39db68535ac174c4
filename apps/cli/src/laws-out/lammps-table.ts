import { lammpsEnergy } from "../inputs/law-units.ts";
import {
  endsOf,
  exact,
  type LawEverywhere,
  lawsEverywhere,
  withoutCoupling,
} from "./everywhere.ts";
import type { LawFormat, LawToWrite } from "./format.ts";

/** Rows, with which forces of `pair_style table spline` agree with the law's to 4e-9. */
export const POINTS = 20_000;

/** The first row, over the nearest separation seen: LAMMPS stops where a pair is nearer than that. */
const FIRST = 1e-3;

/** LAMMPS' `pair_style table`: one section a pair of species. */
export const lammpsTable: LawFormat = {
  name: "LAMMPS table",
  option: "out",
  endings: [".table"],
  reads: ["units"],
  encode: lammpsTableText,
  remark: endsOf,
};

/** The file. @throws MclnnError `unwritable-format`, `bad-option` */
export function lammpsTableText(written: Pick<LawToWrite, "laws" | "options">): string {
  const { units, points = POINTS } = written.options;
  const laws = lawsEverywhere(written);
  withoutCoupling(laws, "LAMMPS table");
  const usage = laws.map(({ species: [a, b] = [0, 0], to }, k) => {
    return `#   pair_coeff ${a + 1} ${b + 1} FILE ${sectionName(laws[k] as LawEverywhere)} ${to}`;
  });
  return [
    `# UNITS: ${units ?? "lj"} CONTRIBUTOR: mclnn`,
    `# ${endsOf(written)}`,
    `#   pair_style table spline ${points}`,
    ...usage,
    "",
    ...laws.flatMap((law) => section(law, points, lammpsEnergy(units))),
  ].join("\n");
}

/** Name of a law's section. */
export const sectionName = ({ species }: Pick<LawEverywhere, "species">): string =>
  species === undefined ? "LAW" : species.join("-");

/** Rows on equal steps of r^2, as LAMMPS looks them up. FPRIME: without it a natural end spoils the force where it jumps. */
function section(everywhere: LawEverywhere, points: number, unit: number): readonly string[] {
  const { law, from, to } = everywhere;
  const first = FIRST * from;
  const [a, b] = [first * first, to * to];
  // At its end a law that is cut with a jump has the value from inside.
  const inside = everywhere.cut ? to * (1 - 1e-14) : to;
  const ends = [first, inside].map((r) => exact(-unit * law.curvature(r)));
  return [
    sectionName(everywhere),
    `N ${points} RSQ ${exact(first)} ${exact(to)} FPRIME ${ends.join(" ")}`,
    "",
    ...Array.from({ length: points }, (_, k) => {
      const r = k === points - 1 ? to : Math.sqrt(a + ((b - a) * k) / (points - 1));
      const at = Math.min(r, inside);
      return `${k + 1} ${exact(r)} ${exact(unit * law.energy(at))} ${exact(-unit * law.slope(at))}`;
    }),
    "",
    "",
  ];
}
