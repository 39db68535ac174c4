import { BaseSequencer } from "vitest/node";

/** What takes longest begins first, so that no core waits for it at the end. A clean checkout knows no durations, and vitest would go by sizes of files. */
const LONGEST = [
  "tools/test/examples.test.ts",
  "learning/test/imperfect-data.test.ts",
  "learning/test/learned-terms.test.ts",
  "bench/findings/findings.test.ts",
];

export default class LongestFirst extends BaseSequencer {
  /** @override @param {import("vitest/node").TestSpecification[]} files */
  async sort(files) {
    const rank = (/** @type {import("vitest/node").TestSpecification} */ { moduleId }) => {
      const k = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return k < 0 ? LONGEST.length : k;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
