import type { Size } from "../trust/promise.ts";
import type { EntryCalls } from "./call.ts";
import { faultOf } from "./outcome.ts";
import type { Callable } from "./use.ts";
import { placeText, variationsOf, varied } from "./variations.ts";

/** One thing wrong in one call, and what is the matter with what came of it. */
export interface Attempt {
  readonly entry: string;
  readonly call: string;
  readonly wrong: string;
  readonly fault: string | null;
}

/** Gets one thing after another wrong in every call of an entry. @param size - `quick`: only likely mistakes, and slow calls as they are */
export async function* attempts(
  { entry, module, calls }: EntryCalls,
  size: Size,
): AsyncGenerator<Attempt> {
  for (const [name, given] of Object.entries(calls)) {
    const call = typeof given === "function" ? { args: given } : given;
    const { args, mayBe = () => false } = call;
    const f = callable(module[name] as Callable);
    // What it loads on demand is there then: inside a guarded call modules do not load.
    try {
      await f(...args());
    } catch {
      // What is the matter with it is said below.
    }
    const right = await faultOf(f, args(), mayBe);
    yield { entry, call: name, wrong: "nothing", fault: right };
    if (right !== null || (size === "quick" && call.slow === true)) continue;
    for (const variation of variationsOf(args(), {
      few: size === "quick",
      whole: call.whole === true,
    })) {
      if (call.callsLater === true && variation.isFunction) continue;
      const fault = await faultOf(f, varied(args(), variation), mayBe);
      const wrong = `${placeText(variation.place)} = ${variation.value[0]}`;
      yield { entry, call: name, wrong, fault };
    }
  }
}

/** A class is called by `new`. */
function callable(f: Callable): Callable {
  return /^class\b/.test(String(f))
    ? (...args) => new (f as unknown as new (...args: unknown[]) => unknown)(...args)
    : f;
}
