import {
  blanesMoan4,
  forestRuth,
  positionVerlet,
  type SplittingStage,
  symplecticEuler,
  velocityVerlet,
} from "@mclnn/integrators";
import { describe, expect, it } from "vitest";
import { createSchedule, type Schedule } from "../src/records/schedule.ts";

/** What is done, one after another, with neighbouring kicks and drifts added up and nothing done by halves. */
type Deed = readonly ["kick" | "drift" | "record", number];

/** The deeds of a method over the records, stage by stage. */
function deedsOf(
  times: readonly number[],
  stages: readonly SplittingStage[],
  substeps: number | readonly number[],
): Deed[] {
  const deeds: Deed[] = [];
  const add = (kind: Deed[0], value: number): void => {
    const last = deeds.at(-1);
    if (last?.[0] === kind && kind !== "record") deeds[deeds.length - 1] = [kind, last[1] + value];
    else deeds.push([kind, value]);
  };
  times.slice(1).forEach((time, k) => {
    const steps = typeof substeps === "number" ? substeps : (substeps[k] as number);
    for (let s = 0; s < steps; s++)
      for (const [kind, weight] of stages)
        add(kind, (weight * (time - (times[k] as number))) / steps);
    // A record does not part a kick from the kick after it, since positions stay.
    const kick = deeds.at(-1)?.[0] === "kick" ? deeds.pop() : undefined;
    add("record", k + 1);
    if (kick !== undefined) add(...kick);
  });
  return deeds.at(-1)?.[0] === "kick" ? deeds.slice(0, -1) : deeds;
}

/** What a schedule has done, in the same words. */
function deedsIn({ events, drift, kick, record }: Schedule): Deed[] {
  const deeds: Deed[] = [];
  for (let e = 0; e < events; e++) {
    if (drift[e] !== 0) deeds.push(["drift", drift[e] as number]);
    if ((record[e] as number) > 0) deeds.push(["record", record[e] as number]);
    if (kick[e] !== 0) deeds.push(["kick", kick[e] as number]);
  }
  return deeds;
}

const EVEN = [0, 0.1, 0.2, 0.3];
const UNEVEN = [0.5, 0.6, 0.9, 1.1];

describe.each([velocityVerlet, positionVerlet, symplecticEuler, forestRuth, blanesMoan4] as const)(
  "schedule of $name",
  ({ stages }) => {
    it.each([
      ["one step a record", EVEN, 1],
      ["five", EVEN, 5],
      ["three, at uneven times that do not begin at 0", UNEVEN, 3],
      ["as many as each interval asks for", UNEVEN, [1, 3, 2]],
    ] as const)("%s: the deeds of the method, to 1e-15", (_, times, substeps) => {
      const schedule = createSchedule(Float64Array.from(times), stages, substeps);
      const [expected, found] = [deedsOf(times, stages, substeps), deedsIn(schedule)];
      expect(found.map(([kind]) => kind)).toEqual(expected.map(([kind]) => kind));
      found.forEach(([kind, value], k) => {
        expect([kind, Math.abs(value - (expected[k]?.[1] as number)) < 1e-15]).toEqual([
          kind,
          true,
        ]);
      });
      const { events, drift, kick, record, time, kickIndex, kicks } = schedule;
      expect([drift, kick, record, time, kickIndex].map(({ length }) => length)).toEqual(
        Array(5).fill(events),
      );
      expect(record[0]).toBe(0);
      // Kicks are counted, and an event without one has the number of the next.
      expect(kicks).toBe(kick.filter((w) => w !== 0).length);
      kickIndex.forEach((index, e) => {
        expect(index).toBe(kick.subarray(0, e).filter((w) => w !== 0).length);
      });
      let now = times[0] as number;
      time.forEach((t, e) => {
        now += drift[e] as number;
        expect(Math.abs(t - now)).toBeLessThan(1e-14);
        if ((record[e] as number) > 0) expect(t).toBe(times[record[e] as number]);
      });
    });

    it("with a length of a step that is known, it is that in every bit", () => {
      const known = createSchedule(Float64Array.of(0, 0.3, 0.6), stages, 3, 0.1);
      const weights = stages.filter(([kind]) => kind === "drift").map(([, weight]) => weight * 0.1);
      expect(weights).toContain(known.drift.find((h) => h !== 0));
      expect(deedsIn(known)).toHaveLength(deedsOf([0, 0.3, 0.6], stages, 3).length);
    });
  },
);

describe("a schedule is uniform", () => {
  const of = (
    stages: readonly SplittingStage[],
    times: readonly number[],
    substeps: number | number[],
  ) => createSchedule(Float64Array.from(times), stages, substeps, 0.125).uniform;
  it("where velocity Verlet takes as many equal steps from each record to the next", () => {
    expect(of(velocityVerlet.stages, [0, 0.125, 0.25], 1)).toEqual({ stride: 1, dt: 0.125 });
    expect(of(velocityVerlet.stages, [0, 0.5, 1], 4)).toEqual({ stride: 4, dt: 0.125 });
    expect(of(velocityVerlet.stages, [0, 0.5], 4)).toEqual({ stride: 4, dt: 0.125 });
  });

  it("and not by other methods, with steps that differ, or with more of them here than there", () => {
    for (const { stages } of [positionVerlet, symplecticEuler, forestRuth, blanesMoan4])
      expect(of(stages, [0, 0.25, 0.5], 2)).toBe(null);
    // A kick that is not half at the start, or none at the end of all.
    const kickThenDrift: SplittingStage[] = [
      ["kick", 1],
      ["drift", 1],
    ];
    expect(of(kickThenDrift, [0, 0.25, 0.5], 2)).toBe(null);
    // Kicks alone that look like it.
    const evenKicks: SplittingStage[] = [
      ["kick", 0.25],
      ["drift", 0.5],
      ["kick", 0.5],
      ["drift", 0.75],
      ["kick", 0.25],
    ];
    expect(of(evenKicks, [0, 0.125, 0.25], 1)).toBe(null);
    const uneven = createSchedule(Float64Array.of(0, 0.25, 1), velocityVerlet.stages, 2);
    expect(uneven.uniform).toBe(null);
    expect(of(velocityVerlet.stages, [0, 0.25, 0.625], [2, 3])).toBe(null);
  });
});
