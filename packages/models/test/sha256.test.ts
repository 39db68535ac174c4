import { createHash } from "node:crypto";
import { createRandom } from "@mclnn/datasets";
import { expect, it } from "vitest";
import { sha256 } from "../src/files/sha256.ts";

it("is SHA-256 of any number of bytes, wherever in memory they lie", () => {
  const random = createRandom(3);
  const all = Uint8Array.from({ length: 10_000 }, () => random.integer(256));
  for (const length of [...Array(200).keys(), 8191, 8192, 9990]) {
    const bytes = all.subarray(5, 5 + length);
    expect(sha256(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});
