// Everything that must have the same bits everywhere, as a program that needs no Node: it is bundled for Node and for browsers alike.
import { useKernels, work } from "@mclnn/learning/parts";
import { hashOf } from "./bits-case.ts";
import { bitsCases } from "./cases.ts";

/** What came out in one place. */
export interface BitsRun {
  /** By name of the case; where it threw, what it threw. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Calls of WebAssembly kernels. */
  readonly kernelCalls: number;
  /** Functions of WebAssembly modules that were called, by name. */
  readonly called: readonly string[];
  readonly seconds: number;
}

export interface BitsOptions {
  /** WebAssembly where there is one, or plain TypeScript. */
  readonly kernels: boolean;
  /** Leave out those whose name begins so. */
  readonly without?: string;
}

const called = new Set<string>();
watchKernels();

/** Runs every case and hashes what it gives. */
export async function run({ kernels, without }: BitsOptions): Promise<BitsRun> {
  const before = work.kernelCalls;
  const began = performance.now();
  const hashes: Record<string, string> = {};
  called.clear();
  useKernels(kernels);
  for (const { name, bits } of bitsCases) {
    if (without !== undefined && name.startsWith(without)) continue;
    try {
      hashes[name] = await hashOf(await bits());
    } catch (error) {
      hashes[name] = String(error instanceof Error ? error.stack : error);
    }
  }
  useKernels(true);
  return {
    hashes,
    kernelCalls: work.kernelCalls - before,
    called: [...called].sort(),
    seconds: (performance.now() - began) / 1000,
  };
}

/** What is used of WebAssembly. */
interface Host {
  WebAssembly?: { Instance: new (module: object) => { readonly exports: object } };
}

/** Notes which exported functions are called. Modules are loaded when first needed: after this. */
function watchKernels(): void {
  const host = (globalThis as Host).WebAssembly;
  if (host === undefined) return;
  const Given = host.Instance;
  host.Instance = class {
    readonly exports: object;
    constructor(module: object) {
      this.exports = Object.fromEntries(
        Object.entries(new Given(module).exports).map(([name, value]) => [
          name,
          typeof value === "function" ? watched(name, value) : value,
        ]),
      );
    }
  };
}

function watched(name: string, f: CallableFunction): (...args: readonly unknown[]) => unknown {
  return (...args) => {
    called.add(name);
    return f(...args);
  };
}
