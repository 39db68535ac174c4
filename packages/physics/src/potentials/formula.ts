import { MclnnError } from "../errors.ts";
import type { PairPotential } from "../pair-potential.ts";

const MAX_LENGTH = 1000;
const MAX_DEPTH = 50;
const MAX_NODES = 500;

/** f, f' and f'' of x; those to the right may use what those to the left gave. */
type Differentiable = readonly [
  f: (x: number) => number,
  first: (x: number, f: number) => number,
  second: (x: number, f: number, first: number) => number,
];

const FUNCTIONS: Readonly<Record<string, Differentiable>> = {
  sqrt: [Math.sqrt, (_, s) => 0.5 / s, (x, s) => -0.25 / (s * x)],
  exp: [Math.exp, (_, e) => e, (_, e) => e],
  log: [Math.log, (x) => 1 / x, (x) => -1 / (x * x)],
  sin: [Math.sin, Math.cos, (_, s) => -s],
  cos: [Math.cos, (x) => -Math.sin(x), (_, c) => -c],
  tan: [Math.tan, (_, t) => 1 + t * t, (_, t, d) => 2 * t * d],
  sinh: [Math.sinh, Math.cosh, (_, s) => s],
  cosh: [Math.cosh, Math.sinh, (_, c) => c],
  tanh: [Math.tanh, (_, t) => 1 - t * t, (_, t, d) => -2 * t * d],
  atan: [Math.atan, (x) => 1 / (1 + x * x), (x, _, d) => -2 * x * d * d],
  abs: [Math.abs, Math.sign, () => 0],
};

const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

const WORD = /^[A-Za-z_]\w*/;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

/**
 * Pair potential from a formula in r: `"0.5*(r-1)^4"`, or with parameters `"4*eps*((s/r)^12 - (s/r)^6); eps=1; s=1"`.
 *
 * The grammar is closed: numbers, r, named parameters, pi, e, + - * / ^, parentheses and
 * sqrt exp log sin cos tan sinh cosh tanh atan abs. `-r^2` is -(r^2), `r^2^3` is r^(2^3); spaces mean nothing. V' and V'' are exact
 * (second-order jets). The text becomes a list of closures, never code; evaluation allocates nothing.
 *
 * @param text - at most 1000 characters, 50 levels of nesting, 500 operations
 * @throws MclnnError `bad-formula` with the column, what was expected there, and the names there are
 */
export function parseFormula(text: string, { name }: { name?: string } = {}): PairPotential {
  if (typeof text !== "string" || text.length > MAX_LENGTH)
    throw new MclnnError("the formula is too long", {
      code: "bad-formula",
      argument: "potential",
      expected: `a text of at most ${MAX_LENGTH} characters`,
      got: typeof text === "string" ? `${text.length} characters` : typeof text,
    });
  const body = text.split(";", 1)[0] as string;
  const parameters = parseParameters(text, body.length);
  const evaluate = compile(body, parameters);
  return {
    name: name ?? text.trim(),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: { ...parameters } }),
    energy: (r) => evaluate(r)[0] as number,
    slope: (r) => evaluate(r)[1] as number,
    curvature: (r) => evaluate(r)[2] as number,
  };
}

function parseParameters(text: string, start: number): Record<string, number> {
  const out: Record<string, number> = Object.create(null);
  let column = start + 2;
  for (const assignment of text.slice(start + 1).split(";")) {
    if (assignment.trim() !== "") {
      const equals = assignment.indexOf("=");
      const key = assignment.slice(0, equals).trim();
      const number = assignment.slice(equals + 1).trim();
      const taken = [{ r: 0 }, FUNCTIONS, CONSTANTS, out].some((names) =>
        Object.hasOwn(names, key),
      );
      if (equals < 0 || WORD.exec(key)?.[0] !== key || taken)
        throw formulaError(text, column, "name=number with a name of its own", assignment.trim());
      const value = Number(number);
      if (number === "" || !Number.isFinite(value))
        throw formulaError(text, column, `a number for ${key}`, number || "nothing");
      out[key] = value;
    }
    column += assignment.length + 1;
  }
  return out;
}

function formulaError(text: string, column: number, expected: string, got: string): MclnnError {
  return new MclnnError(`the formula "${text.trim()}" cannot be read at column ${column}`, {
    code: "bad-formula",
    argument: "potential",
    expected,
    got,
    mend: 'Example: "4*eps*((s/r)^12-(s/r)^6); eps=1; s=1".',
  });
}

/**
 * Recursive descent: a sum of products of powers of atoms.
 *
 * Each operation gets three places in one array, for its value, d/dr and d2/dr2, and an entry in the list of those to be done, after
 * its operands. A place is known by its index.
 */
function compile(
  text: string,
  parameters: Readonly<Record<string, number>>,
): (r: number) => Float64Array {
  const jets = new Float64Array(3 * MAX_NODES);
  const program: (() => void)[] = [];
  let used = 0;
  let at = 0;
  let depth = 0;

  const fail = (expected: string, got: string): never => {
    throw formulaError(text, at + 1, expected, got);
  };
  const here = (): string => (text[at] === undefined ? "the end" : `"${text[at]}"`);
  const take = (symbol: string): boolean => {
    while (text[at] === " " || text[at] === "\t") at++;
    const found = text[at] === symbol;
    if (found) at++;
    return found;
  };
  const place = (): number => {
    if (used === jets.length) fail(`at most ${MAX_NODES} operations`, "more");
    used += 3;
    return used - 3;
  };
  const set = (o: number, value: number, first: number, second: number): void => {
    jets[o] = value;
    jets[o + 1] = first;
    jets[o + 2] = second;
  };
  /** f of what is at place a, by the chain rule. */
  const chain = (o: number, a: number, f: number, first: number, second: number): void => {
    const a1 = jets[a + 1] as number;
    set(o, f, first * a1, second * a1 * a1 + first * (jets[a + 2] as number));
  };
  const constant = (value: number): number => {
    const o = place();
    set(o, value, 0, 0);
    return o;
  };
  const apply = ([f, f1, f2]: Differentiable, a: number): number => {
    const o = place();
    program.push(() => {
      const x = jets[a] as number;
      const value = f(x);
      const first = f1(x, value);
      chain(o, a, value, first, f2(x, value, first));
    });
    return o;
  };
  const linear = (a: number, sign: number, b: number): number => {
    const o = place();
    program.push(() => {
      for (let k = 0; k < 3; k++)
        jets[o + k] = (jets[a + k] as number) + sign * (jets[b + k] as number);
    });
    return o;
  };
  const times = (a: number, b: number): number => {
    const o = place();
    program.push(() => {
      const [x, y] = [jets[a] as number, jets[b] as number];
      const [x1, y1] = [jets[a + 1] as number, jets[b + 1] as number];
      const [x2, y2] = [jets[a + 2] as number, jets[b + 2] as number];
      set(o, x * y, x1 * y + x * y1, x2 * y + 2 * x1 * y1 + x * y2);
    });
    return o;
  };
  const RECIPROCAL: Differentiable = [(x) => 1 / x, (_, f) => -f * f, (_, f) => 2 * f * f * f];
  const raise = (a: number, n: number): number => {
    // b^n = exp(n log b) where the exponent varies with r.
    const start = program.length;
    const varying = apply(
      FUNCTIONS.exp as Differentiable,
      times(n, apply(FUNCTIONS.log as Differentiable, a)),
    );
    const steps = program.splice(start);
    program.push(() => {
      if (jets[n + 1] !== 0 || jets[n + 2] !== 0) for (const step of steps) step();
      else {
        const [x, e] = [jets[a] as number, jets[n] as number];
        const first = e === 0 ? 0 : e * power(x, e - 1);
        const second = e === 0 || e === 1 ? 0 : e * (e - 1) * power(x, e - 2);
        chain(varying, a, power(x, e), first, second);
      }
    });
    return varying;
  };

  const sum = (): number => {
    let left = product();
    for (;;) {
      if (take("+")) left = linear(left, 1, product());
      else if (take("-")) left = linear(left, -1, product());
      else return left;
    }
  };
  const product = (): number => {
    let left = signed();
    for (;;) {
      if (take("*")) {
        if (text[at] === "*") fail("^ for a power", "**");
        left = times(left, signed());
      } else if (take("/")) left = times(left, apply(RECIPROCAL, signed()));
      else return left;
    }
  };
  /** Signs bind looser than powers. */
  const signed = (): number => {
    if (++depth > MAX_DEPTH) fail(`at most ${MAX_DEPTH} nested levels`, "more");
    const o = take("-") ? linear(ZERO, -1, signed()) : take("+") ? signed() : powered();
    depth--;
    return o;
  };
  /** Powers group to the right. */
  const powered = (): number => {
    const base = atom();
    return take("^") ? raise(base, signed()) : base;
  };
  const inParentheses = (): number => {
    const o = sum();
    if (!take(")")) fail("a closing parenthesis", here());
    return o;
  };
  const atom = (): number => {
    if (take("(")) return inParentheses();
    const rest = text.slice(at);
    const number = NUMBER.exec(rest)?.[0];
    if (number !== undefined) {
      at += number.length;
      return constant(Number(number));
    }
    const word = WORD.exec(rest)?.[0] ?? fail("a number, r, a parameter or a function", here());
    const value = Object.hasOwn(CONSTANTS, word) ? CONSTANTS[word] : parameters[word];
    const f = Object.hasOwn(FUNCTIONS, word) ? FUNCTIONS[word] : undefined;
    if (word !== "r" && value === undefined && f === undefined)
      fail(
        `one of ${["r", ...[parameters, CONSTANTS, FUNCTIONS].flatMap(Object.keys)].join(", ")}`,
        word,
      );
    at += word.length;
    if (f !== undefined) {
      if (!take("(")) fail(`( after ${word}`, here());
      return apply(f, inParentheses());
    }
    return value === undefined ? R : constant(value);
  };

  const R = place();
  const ZERO = constant(0);
  const result = sum();
  if (at < text.length) fail("an operator or the end", here());
  const out = jets.subarray(result, result + 3);
  return (r) => {
    set(R, r, 1, 0);
    for (const step of program) step();
    return out;
  };
}

/** x^n: by repeated products for whole n, which is exact in the derivatives and needs no logarithm of a negative base. */
function power(x: number, n: number): number {
  if (!Number.isInteger(n) || Math.abs(n) > 1024) return x ** n;
  let out = 1;
  let base = x;
  for (let k = Math.abs(n); k > 0; k = k >> 1) {
    if (k & 1) out *= base;
    base *= base;
  }
  return n < 0 ? 1 / out : out;
}
