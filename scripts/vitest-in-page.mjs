// Stands for vitest in a page: the tests are the same, what runs and judges them is this.

/** @typedef {{ name: string, run: () => unknown, after: readonly (() => unknown)[] }} Test */

/** @type {Test[]} */
const tests = [];
/** Where we are: names of the blocks around, and what runs after each test in them. */
let block = { name: "", after: /** @type {(() => unknown)[]} */ ([]) };

/** @param {string} name @param {() => void} body */
export function describe(name, body) {
  const around = block;
  block = { name: `${around.name}${name} > `, after: [...around.after] };
  body();
  block = around;
}

/** @param {string} name @param {() => unknown} run */
export function it(name, run) {
  tests.push({ name: block.name + name, run, after: block.after });
}

describe.each = each(describe);
it.each = each(it);
/** @param {boolean} wanted */
it.runIf = (wanted) => (wanted ? it : () => {});

/** @param {() => unknown} work */
export function afterEach(work) {
  block.after.push(work);
}

/** One block or test a row; `%s` in its name are the row's first members. @param {(name: string, body: any) => void} make */
function each(make) {
  return (/** @type {readonly unknown[]} */ rows) =>
    (/** @type {string} */ name, /** @type {(...row: unknown[]) => unknown} */ body) => {
      for (const row of rows) {
        const values = Array.isArray(row) ? row : [row];
        let k = 0;
        make(
          name.replace(/%s/g, () => String(values[k++])),
          () => body(...values),
        );
      }
    };
}

/**
 * Runs the tests that were declared, in order.
 *
 * @param {(result: { name: string, error: string | null }) => Promise<unknown>} tell
 * @param {(test: { name: string }) => boolean} wanted
 */
export async function runTests(tell, wanted) {
  for (const { name, run, after } of tests.filter(wanted)) {
    let error = null;
    try {
      await run();
    } catch (reason) {
      error = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
    }
    for (const work of after) await work();
    await tell({ name, error });
  }
}

/** @type {Record<string, (got: any, ...expected: any[]) => boolean>} */
const MATCHERS = {
  toBe: (got, expected) => Object.is(got, expected),
  toEqual: (got, expected) => same(got, expected),
  toBeLessThan: (got, bound) => got < bound,
  toBeGreaterThan: (got, bound) => got > bound,
  toBeCloseTo: (got, expected, digits = 2) => Math.abs(got - expected) < 0.5 * 10 ** -digits,
  toBeUndefined: (got) => got === undefined,
  toContain: (got, part) => got.includes(part),
  toMatch: (got, pattern) => new RegExp(pattern).test(got),
  toHaveProperty: (got, key) => Object.hasOwn(got, key),
  toMatchObject: (got, expected) =>
    Object.entries(expected).every(([key, value]) => same(got[key], value)),
};

/** @param {any} got */
export function expect(got) {
  const judged = judge(got);
  return {
    ...judged,
    toThrow(/** @type {RegExp} */ pattern) {
      try {
        got();
      } catch (error) {
        return judge(error).message?.(pattern);
      }
      throw new Error("nothing was thrown");
    },
    get resolves() {
      return later(Promise.resolve(got));
    },
    get rejects() {
      return later(
        Promise.resolve(got).then(
          () => {
            throw new Error("nothing was rejected");
          },
          (error) => error,
        ),
      );
    },
  };
}

/** @param {any} got @returns {Record<string, (...expected: any[]) => void>} */
function judge(got) {
  const check = (/** @type {string} */ name, /** @type {any[]} */ expected) => {
    if (MATCHERS[name]?.(got, ...expected) !== true)
      throw new Error(`expected ${show(got)} ${name} ${expected.map(show).join(", ")}`);
  };
  return {
    ...Object.fromEntries(
      Object.keys(MATCHERS).map((name) => [
        name,
        (/** @type {any[]} */ ...expected) => check(name, expected),
      ]),
    ),
    message(pattern) {
      if (pattern !== undefined && !pattern.test(String(got?.message)))
        throw new Error(`expected a message like ${pattern}, got ${show(got?.message)}`);
    },
  };
}

/** @param {Promise<any>} promise @returns {any} */
function later(promise) {
  const names = [...Object.keys(MATCHERS), "toThrow"];
  return Object.fromEntries(
    names.map((name) => [
      name,
      async (/** @type {any[]} */ ...expected) => {
        const judged = judge(await promise);
        return (name === "toThrow" ? judged.message : judged[name])?.(...expected);
      },
    ]),
  );
}

/** @param {any} a @param {any} b @returns {boolean} */
function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  return (
    a.constructor === b.constructor &&
    keys.length === Object.keys(b).filter((key) => b[key] !== undefined).length &&
    keys.every((key) => same(a[key], b[key]))
  );
}

/** @param {unknown} value */
function show(value) {
  if (value instanceof Error) return String(value);
  return typeof value === "object" ? JSON.stringify(value)?.slice(0, 200) : String(value);
}
