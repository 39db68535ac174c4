import type { Page } from "../session/page.ts";
import { short } from "./words.ts";

/** What a test shows in numbers: energies, momenta, and how far the runs are apart. */
export function Meters({ page }: { page: Page }) {
  const test = page.test.value;
  if (test === null) return null;
  const frame = Math.round(page.testTime.value / test.spacing);
  const energy = (values: Float64Array | null): string => {
    if (values === null) return "not kept";
    return short((values[frame] as number) - (values[0] as number));
  };
  const rows: readonly (readonly [string, string])[] = [
    ["time", (frame * test.spacing).toFixed(1)],
    ["energy gained, true law", energy(test.energy.truth)],
    ["energy gained, learned law", energy(test.energy.learned)],
    ["momentum gained", short(test.momentum[frame] as number)],
    ["angular momentum gained", short(test.angularMomentum[frame] as number)],
    ["distance of the runs", short(test.distance[frame] as number)],
  ];
  return (
    <dl class="meters">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
