import { writeFileSync } from "node:fs";
import type { TrajectorySet } from "@mclnn/datasets";
import type { FittedMass } from "@mclnn/learning";
import type { PowerLaw } from "@mclnn/models";
import { documentPage, type PlotSeries, plotFigure } from "@mclnn/report";
import { GAUSS, NAMES } from "./ephemeris.ts";

interface PageParts {
  readonly set: TrajectorySet;
  /** Columns of `mclnn law --out law.json`. */
  readonly law: Readonly<Record<"r" | "slope" | "slopeSd" | "dataShare", readonly number[]>>;
  readonly powerLaw: PowerLaw;
  readonly masses: readonly FittedMass[];
  /** Of the training with masses given, and with them hidden. */
  readonly seconds: readonly [number, number];
}

/** One page: the planets' paths, the law with its band, the masses beside the known ones. */
export async function writePage(path: string, parts: PageParts): Promise<void> {
  const { set, law, powerLaw, masses, seconds } = parts;
  const { exponent, exponentDeviation, coefficient, coefficientDeviation } = powerLaw;
  const number = (value: number, digits = 4): string => value.toExponential(digits - 1);
  writeFileSync(
    path,
    documentPage({
      title: "The law of gravity from where the planets were",
      introduction: [
        `Positions and velocities of the Sun and eight planets (the Earth with the Moon) from astronomy-engine, ${set.trajectories} trajectories of ${set.records} records. No formula was given: V'(r) is a spline that was fitted to rollouts. Astronomical units, days, solar masses.`,
        "Positions are seen from the centre of mass, which was taken with the known masses. So that it does not give small masses away, noise of 15 km was added to them: Mercury moves the Sun by 10 km.",
      ],
      sections: [
        {
          title: "Planets",
          blocks: [{ kind: "figure", figure: await paths(set) }],
        },
        {
          title: "Law",
          blocks: [
            {
              kind: "facts",
              rows: [
                [
                  "Exponent of V'",
                  `${exponent.toFixed(6)} ± ${exponentDeviation.toFixed(6)} (gravity: -2)`,
                ],
                [
                  "Constant over G",
                  `${(coefficient / GAUSS).toFixed(6)} ± ${(coefficientDeviation / GAUSS).toFixed(6)}`,
                ],
                [
                  "Time to learn it",
                  `${seconds[0].toFixed(1)} s; with the masses hidden ${seconds[1].toFixed(1)} s`,
                ],
              ],
            },
            { kind: "figure", figure: await lawFigure(law) },
          ],
        },
        {
          title: "Masses",
          blocks: [
            {
              kind: "text",
              text: "All masses but the Sun's hidden, and found together with the law. One standard deviation, from the scatter between trajectories; a mass that the data do not fix is no number: outer planets hardly turn within half a year, and what astronomy-engine leaves out of the motion of the planets (it is good to a minute of arc) lasts longer than a record.",
            },
            { kind: "figure", figure: await massFigure(set, masses) },
            {
              kind: "table",
              table: {
                caption: "Masses in solar masses",
                columns: [
                  { title: "body" },
                  { title: "found", align: "right" },
                  { title: "±", align: "right" },
                  { title: "known", align: "right" },
                ],
                rows: masses.map(({ particle, mass, deviation, determined }) => [
                  NAMES[particle] as string,
                  particle === 0 ? "given" : determined ? number(mass) : "not determined",
                  particle > 0 && determined ? number(mass * deviation, 2) : "",
                  number(set.masses[particle] as number),
                ]),
              },
            },
          ],
        },
        {
          title: "Make it again",
          blocks: [
            {
              kind: "code",
              text: "npx -y pnpm@12 example examples/solar-system/main.ts 40 out/planets",
            },
          ],
        },
      ],
      footer: "Made by examples/solar-system.",
    }),
  );
}

function paths({ trajectories, records, particles, positions }: TrajectorySet) {
  const way = (body: number, axis: number): Float64Array =>
    Float64Array.from(
      { length: trajectories * records },
      (_, k) => positions[(k * particles + body) * 3 + axis] as number,
    );
  const series = (bodies: readonly number[]): PlotSeries[] =>
    bodies.map((body) => ({
      label: NAMES[body] as string,
      ...(body === 0 ? { look: "reference" } : {}),
      x: way(body, 0),
      y: way(body, 1),
      kind: "points",
    }));
  return plotFigure({
    name: "planets",
    title: "What was recorded",
    description: "Every record of the data in the x-y plane, inner planets left, outer ones right.",
    panels: [
      { heading: "y (AU)", x: { label: "x (AU)" }, series: series([0, 1, 2, 3, 4]), square: true },
      { heading: "y (AU)", x: { label: "x (AU)" }, series: series([5, 6, 7, 8]), square: true },
    ],
  });
}

/** Masses over the known ones, those that the data fix, with bars of one standard deviation. */
function massFigure(set: TrajectorySet, masses: readonly FittedMass[]) {
  const found = masses
    .filter(({ particle, determined }) => particle > 0 && determined)
    .map(({ particle, mass, deviation }) => ({
      particle,
      ratio: mass / (set.masses[particle] as number),
      bar: (deviation * mass) / (set.masses[particle] as number),
    }));
  const bodies = found.map(({ particle }) => `${particle} ${NAMES[particle]}`).join(", ");
  return plotFigure({
    name: "masses",
    title: "Masses found, over the known ones",
    description: `Found over known mass with one standard deviation: ${bodies}.`,
    columns: 1,
    panels: [
      {
        heading: "found / known",
        x: {
          label: bodies,
          domain: [0.5, NAMES.length - 0.5],
          at: found.map(({ particle }) => particle),
        },
        levels: [1],
        series: [
          ...found.map(
            ({ particle, ratio, bar }): PlotSeries => ({
              label: "one standard deviation",
              look: "reference",
              x: [particle, particle],
              y: [ratio - bar, ratio + bar],
            }),
          ),
          {
            label: "found",
            look: "mclnn",
            kind: "points",
            x: found.map(({ particle }) => particle),
            y: found.map(({ ratio }) => ratio),
          },
        ],
      },
    ],
  });
}

function lawFigure({ r, slope, slopeSd, dataShare }: PageParts["law"]) {
  const ratio = r.map((x, k) => ((slope[k] as number) * x * x) / GAUSS - 1);
  const wide = r.map((x, k) => (2 * (slopeSd[k] as number) * x * x) / GAUSS);
  const seen = r.map((_, k) => (dataShare[k] as number) > 0);
  const shades: [number, number][] = [];
  seen.forEach((is, k) => {
    if (!is) return;
    if (seen[k - 1] === true) (shades.at(-1) as [number, number])[1] = r[k] as number;
    else shades.push([r[k] as number, r[k] as number]);
  });
  return plotFigure({
    name: "law",
    title: "The learned law",
    description:
      "V' against r with Newton's r^-2, and what is left of it: V' times r^2 over G, less one. The band is two standard deviations.",
    note: "Shaded: separations in the data. Where none are, the band is wide.",
    panels: [
      {
        heading: "V' (AU/day^2 per solar mass)",
        x: { label: "r (AU)", log: true, domain: [r[0] as number, r.at(-1) as number] },
        y: { log: true },
        series: [
          { label: "learned", look: "spline", x: r, y: slope },
          {
            label: "G / r^2",
            look: "reference",
            dashed: true,
            x: r,
            y: r.map((x) => GAUSS / (x * x)),
          },
        ],
        shades,
      },
      {
        heading: "V' r^2 / G - 1",
        x: { label: "r (AU)", log: true, domain: [r[0] as number, r.at(-1) as number] },
        y: { domain: [-2e-3, 2e-3] },
        series: [
          {
            label: "learned",
            look: "spline",
            x: r,
            y: ratio,
            band: [
              ratio.map((y, k) => y - (wide[k] as number)),
              ratio.map((y, k) => y + (wide[k] as number)),
            ],
          },
        ],
        shades,
        levels: [0],
      },
    ],
    shade: "separations in the data",
  });
}
