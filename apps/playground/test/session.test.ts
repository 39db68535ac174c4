import { describe, expect, it, vi } from "vitest";
import { learn } from "../src/learner/learn.ts";
import { Learner } from "../src/learner/learner.ts";
import type { Answers, AskKind, Law } from "../src/learner/protocol.ts";
import { test as run } from "../src/learner/test.ts";
import { presets } from "../src/scene/laws.ts";
import { THROW_RECORDS, throwsOf } from "../src/scene/scene.ts";
import { decodeLink, encodeLink } from "../src/session/link.ts";
import { Session } from "../src/session/session.ts";

/** A learner in this thread, that takes no looks on the way. */
class Here extends Learner {
  override get busy(): boolean {
    return true;
  }
  override ask<K extends AskKind>(kind: K, ask: Answers[K]["ask"]): Promise<Answers[K]["answer"]> {
    const does = { learn, test: run } as unknown as Record<
      K,
      (ask: Answers[K]["ask"]) => Promise<Answers[K]["answer"]>
    >;
    return does[kind](ask);
  }
  override abandon(): void {}
  override warm(): void {}
}

/** One that has learned before it was asked. */
class Knowing extends Here {
  override ask<K extends AskKind>(): Promise<Answers[K]["answer"]> {
    return Promise.resolve({ hash: "3f2a00ff" } as Law as Answers[K]["answer"]);
  }
}

/** Lets time pass until the recording is over and its law is there. */
async function recorded(session: Session): Promise<void> {
  session.record();
  for (let frame = 0; frame < 4000 && session.recording.value; frame++) session.frame(0.02);
  expect(session.recording.value).toBe(false);
  await vi.waitUntil(() => !session.learning.value, { timeout: 20_000 });
}

const EXACT = { noise: 0, velocities: true };

describe("a recording", () => {
  it.each([
    ["exact, and so does its law", Here, EXACT],
    ["with noise and losses", Knowing, { lost: true, heavy: true, fault: "hidden" } as const],
  ])("comes again by its link, in the same bits: %s", async (_, Learns, change) => {
    const first = new Session(new Learns());
    await first.change({ ...change, seed: 7 });
    await recorded(first);
    const throws = first.throws.filter(({ seen }) => seen.observed.length > 0);
    const most = throwsOf(first.scene.value.dots);
    expect(throws.length).toBe(most);
    expect(first.records.value).toBeLessThanOrEqual(most * THROW_RECORDS);
    const link = encodeLink({
      scene: first.scene.value,
      throws: throws.map(({ plan }) => plan),
      ...{ terms: [], hash: first.law.value?.hash ?? null, quiz: false, hide: [] },
    });
    const second = new Session(new Learns());
    await second.follow(decodeLink(link));
    expect(second.throws.map(({ seen }) => seen)).toEqual(throws.map(({ seen }) => seen));
    expect(second.senders.value).toBe(first.law.value?.hash);
    expect(second.law.value?.hash).toBe(first.law.value?.hash);
    expect(second.separations.counts).toEqual(first.separations.counts);
  });

  it("begins at the next record where dots are already moving, and a start made by hand is kept", async () => {
    const session = new Session(new Here());
    session.throwFrom(session.unseenStart());
    session.playing.value = true;
    session.frame(0.083);
    session.record(1);
    session.frame(0.05);
    session.stop();
    const [{ plan, seen } = { plan: null, seen: null }] = session.throws;
    expect(plan).toMatchObject({ from: 2, records: 1 });
    expect(typeof plan?.start).toBe("object");
    expect(seen?.positions.length).toBe(8);
  });

  it("ends a throw where a dot leaves, and keeps it", async () => {
    const session = new Session(new Here());
    const start = session.unseenStart();
    start.velocities.set([40, 0], 0);
    session.throwFrom(start);
    session.record(1);
    for (let k = 0; k < 20; k++) session.frame(0.02);
    expect(session.left.value).toBe(true);
    expect(session.recording.value).toBe(false);
    expect(session.throws.length).toBeGreaterThan(0);
  });

  it("says how much is missing of too little", async () => {
    const session = new Session(new Here());
    session.record(1);
    session.frame(0.05);
    session.frame(0.05);
    session.recording.value = false;
    await session.learn();
    expect(session.tooLittle.value).toBe(true);
  });

  it("refuses a formula that cannot be read, and stays as it was", async () => {
    const session = new Session(new Here());
    await expect(session.change({ law: "formula:0.5*(r-1)^" })).rejects.toMatchObject({
      code: "bad-formula",
    });
    expect(session.scene.value.law).toBe("bond");
  });
});

describe("exact records", () => {
  const LAWS = [
    ...presets.map(({ name }) => name),
    "formula:0.5*(r-1)^2 + 0.1/r",
    "drawn:-2,-1.8,-0.8,0.5,0.9,0.6,0.3,0.2,0.1,0",
  ];
  it.each(LAWS)("of %s give the law, and the test keeps the momenta", async (law) => {
    const session = new Session(new Here());
    await session.change({ ...EXACT, law, dots: 3, seed: 3 });
    await recorded(session);
    const { pair } = session.preset.value;
    const found = session.law.value;
    expect(found?.findings.map(({ kind }) => kind) ?? []).not.toContain("drag");
    let [error, size] = [0, 0];
    found?.r.forEach((r, k) => {
      if (!found.seen.some(([from, to]) => r >= from && r <= to)) return;
      error += Math.abs((found.slope[k] as number) - pair.slope(r));
      size += Math.abs(pair.slope(r));
    });
    expect(error / size).toBeLessThan(0.02);
    const scene = session.scene.value;
    const start = session.unseenStart();
    const { momentum, angularMomentum } = await run({ scene, start, seconds: 3 });
    expect(Math.max(...momentum, ...angularMomentum)).toBeLessThan(1e-12);
  });
});
