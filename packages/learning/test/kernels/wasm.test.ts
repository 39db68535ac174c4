import { afterEach, describe, expect, it, vi } from "vitest";
import { denseBytes } from "../../src/wasm/bytes/dense.ts";
import { networkBytes } from "../../src/wasm/bytes/network.ts";
import { pairBytes } from "../../src/wasm/bytes/pair.ts";
import { positionsBytes } from "../../src/wasm/bytes/positions.ts";
import { instantiate } from "../../src/wasm/wasm.ts";

const MODULES = { denseBytes, networkBytes, pairBytes, positionsBytes };

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("loading a kernel module", () => {
  it.each(Object.entries(MODULES))(
    "%s: an instance here; none where WebAssembly, or its SIMD, is missing",
    (_, bytes) => {
      expect(instantiate<{ base(): number }>(bytes)?.base()).toBeGreaterThanOrEqual(0);
      vi.stubGlobal("WebAssembly", undefined);
      expect(instantiate(bytes)).toBeNull();
      // What a host without SIMD says of these bytes.
      vi.stubGlobal("WebAssembly", { validate: () => false });
      expect(instantiate(bytes)).toBeNull();
    },
  );
});
