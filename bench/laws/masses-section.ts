import { formatNumber } from "@mclnn/report";
import { mean } from "./averages.ts";
import { MASS_TRAJECTORIES, MASSES, type MassOutcome, type MassResult } from "./masses.ts";
import { table } from "./table.ts";

/** How well hidden masses are found, beside what the data allow. */
export function massesSection(results: readonly MassResult[]): string[] {
  const first = results[0]?.task;
  if (first === undefined) return [];
  const settings = [
    ...new Map(
      results.map(({ task }) => [`${task.spacing} ${task.velocities}`, task] as const),
    ).values(),
  ];
  const failed = results.filter((result) => result.failed !== undefined);
  return [
    "## Hidden masses",
    "",
    `Gravity between masses ${MASSES.join(", ")}, of which only the first is told; ${MASS_TRAJECTORIES} trajectories of 20 records, noise ${formatNumber(first.noise)} on positions whose first mean`,
    "separations are 1 to 4, and on velocities, where given, by their root mean square. _Bound_ (Cramer-Rao): the relative standard deviation that no",
    "unbiased estimate can be below, _were the law known_; here it is learned with the masses. _Error bar_: as told. _Error_: root mean square over the",
    "draws. What one asks for (1e-2, say) can only be had where the bound allows it. Made by `pnpm laws --masses`.",
    "",
    ...table(
      ["records apart", "velocities", "mass", "draws", "bound", "error bar", "error"],
      settings.flatMap(({ spacing, velocities }) => {
        const own = results.filter(
          ({ task }) => task.spacing === spacing && task.velocities === velocities,
        );
        return MASSES.slice(1).map((mass, k) => {
          const outcomes = own.flatMap(({ masses }) => masses?.[k] ?? []);
          const errors = outcomes.flatMap(({ error }) => error ?? []);
          const missing = outcomes.length - errors.length;
          const average = (of: (outcome: MassOutcome) => number): string =>
            formatNumber(mean(outcomes.map(of)) ?? Number.NaN, 2);
          return [
            String(spacing),
            velocities,
            String(mass),
            String(own.length),
            average(({ bound }) => bound),
            average(({ deviation }) => deviation),
            errors.length === 0
              ? "not determined"
              : `${formatNumber(Math.sqrt(mean(errors.map((e) => e * e)) ?? Number.NaN), 2)}${missing > 0 ? `, ${missing} times not determined` : ""}`,
          ];
        });
      }),
      3,
    ),
    ...failed.map(({ failed: why }) => `* ${why?.replaceAll("\n", " ")}`),
    ...(failed.length === 0 ? [] : [""]),
  ];
}
