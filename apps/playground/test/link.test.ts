import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_SCENE, FAULTS, type Scene } from "../src/scene/scene.ts";
import { decodeLink, encodeLink, type Linked } from "../src/session/link.ts";

const scenes: fc.Arbitrary<Scene> = fc.record({
  law: fc.constantFrom("bond", "spring", "formula:0.5*(r-1)^4 + a/r; a=0.1", "drawn:-2,0.5,0"),
  dots: fc.integer({ min: 2, max: 6 }),
  heavy: fc.boolean(),
  fault: fc.constantFrom(...FAULTS),
  noise: fc.constantFrom(0, 0.001, 0.01, 0.05),
  velocities: fc.boolean(),
  lost: fc.boolean(),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

const links: fc.Arbitrary<Linked> = scenes.chain((scene) => {
  const moving = scene.dots + (scene.fault === "hidden" ? 1 : 0);
  const numbers = fc
    .array(fc.integer({ min: -3000, max: 3000 }), { minLength: 2 * moving, maxLength: 2 * moving })
    .map((list) => Float64Array.from(list, (x) => x / 1000 + 0));
  return fc.record({
    scene: fc.constant(scene),
    throws: fc.array(
      fc.record({
        start: fc.oneof(
          fc.integer({ min: 0, max: 1e9 }),
          fc.record({ time: fc.constant(0), positions: numbers, velocities: numbers }),
        ),
        from: fc.integer({ min: 0, max: 500 }),
        records: fc.integer({ min: 1, max: 60 }),
      }),
      { maxLength: 5 },
    ),
    terms: fc.constantFrom([], ["drag"], ["drag", "field"]),
    hash: fc.constantFrom(null, "3f2a00ff"),
    quiz: fc.boolean(),
    hide: fc.constantFrom([], ["law", "share"]),
  });
});

describe("links", () => {
  it("say all that they are given, and nothing else", () => {
    fc.assert(
      fc.property(links, (link) => {
        const text = encodeLink(link);
        expect(text).toMatch(/^[!-~]*$/);
        expect(decodeLink(text)).toEqual(link);
      }),
      { numRuns: 100 },
    );
  });

  it("are short where nothing is unusual", () => {
    const throws = [1000, 1001, 1002].map((start) => ({ start, from: 0, records: 60 }));
    expect(
      encodeLink({
        scene: DEFAULT_SCENE,
        throws,
        terms: [],
        hash: "3f2a00ff",
        quiz: false,
        hide: [],
      }),
    ).toBe("1&throws=1000:0:60,1001:0:60,1002:0:60&sum=3f2a00ff");
  });

  it.each([
    ["2&law=bond", "version 1"],
    ["", "version 1"],
    ["1&n=4&thr", "one of law"],
    ["1&n=40", "a number from 2 to 6 for n"],
    ["1&n=2.5", "a whole number for n"],
    ["1&fault=magic", "one of none"],
    ["1&throws=3:0", "a number from 1 to 60 for throws"],
    ["1&throws=s0_0:0:9", "16 numbers of a start"],
    ["1&law=%E0%A4", "text as links have it"],
    ["1&noise=", "a number from 0 to 1 for noise"],
  ])("%j is refused: expected %s", (text, expected) => {
    expect(() => decodeLink(text)).toThrow(
      expect.objectContaining({ code: "bad-link", expected: expect.stringContaining(expected) }),
    );
  });
});
