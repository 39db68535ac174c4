import { described } from "../arguments/described.ts";
import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import type { PairPotential } from "../pair-potential.ts";
import { exponential, logarithm } from "../portable/exponential.ts";
import { hyperbolic, hyperbolicTangent } from "../portable/hyperbolic.ts";
import { power } from "../portable/power.ts";
import { arcTangent, sineAndCosine, tangent } from "../portable/trigonometric.ts";

const MAX_LENGTH = 1000;
const MAX_DEPTH = 50;
const MAX_NODES = 500;

/** Writes value, d/dr and d2/dr2 of a result to places o, o + 1 and o + 2, from those of its operands at a and b. */
type Operation = (jets: Float64Array, o: number, a: number, b: number) => void;

/** f(x) by the chain rule. @param a - where x is @param f - f, f' and f'' of x */
function chain(
  jets: Float64Array,
  o: number,
  a: number,
  f: number,
  first: number,
  second: number,
): void {
  const x1 = jets[a + 1];
  jets[o] = f;
  jets[o + 1] = first * x1;
  jets[o + 2] = second * x1 * x1 + first * jets[a + 2];
}

// Numbers stay within one function each, or in the array: where V8 passes them between functions it allocates.
const add: Operation = (jets, o, a, b) => {
  jets[o] = jets[a] + jets[b];
  jets[o + 1] = jets[a + 1] + jets[b + 1];
  jets[o + 2] = jets[a + 2] + jets[b + 2];
};
const subtract: Operation = (jets, o, a, b) => {
  jets[o] = jets[a] - jets[b];
  jets[o + 1] = jets[a + 1] - jets[b + 1];
  jets[o + 2] = jets[a + 2] - jets[b + 2];
};
const multiply: Operation = (jets, o, a, b) => {
  const x = jets[a];
  const y = jets[b];
  const x1 = jets[a + 1];
  const y1 = jets[b + 1];
  jets[o] = x * y;
  jets[o + 1] = x1 * y + x * y1;
  jets[o + 2] = jets[a + 2] * y + 2 * x1 * y1 + x * jets[b + 2];
};
const reciprocal: Operation = (jets, o, a) => {
  const f = 1 / jets[a];
  chain(jets, o, a, f, -f * f, 2 * f * f * f);
};
const FUNCTIONS = {
  sqrt(jets, o, a) {
    const x = jets[a];
    const s = Math.sqrt(x);
    chain(jets, o, a, s, 0.5 / s, -0.25 / (s * x));
  },
  exp(jets, o, a) {
    exponential(jets, o, a);
    const e = jets[o];
    chain(jets, o, a, e, e, e);
  },
  log(jets, o, a) {
    const x = jets[a];
    logarithm(jets, o, a);
    chain(jets, o, a, jets[o], 1 / x, -1 / (x * x));
  },
  sin(jets, o, a) {
    sineAndCosine(jets, o, a);
    const s = jets[o];
    chain(jets, o, a, s, jets[o + 1], -s);
  },
  cos(jets, o, a) {
    sineAndCosine(jets, o, a);
    const c = jets[o + 1];
    chain(jets, o, a, c, -jets[o], -c);
  },
  tan(jets, o, a) {
    tangent(jets, o, a);
    const t = jets[o];
    const first = 1 + t * t;
    chain(jets, o, a, t, first, 2 * t * first);
  },
  sinh(jets, o, a) {
    hyperbolic(jets, o, a);
    const s = jets[o];
    chain(jets, o, a, s, jets[o + 1], s);
  },
  cosh(jets, o, a) {
    hyperbolic(jets, o, a);
    const c = jets[o + 1];
    chain(jets, o, a, c, jets[o], c);
  },
  tanh(jets, o, a) {
    hyperbolicTangent(jets, o, a);
    const t = jets[o];
    const first = 1 - t * t;
    chain(jets, o, a, t, first, -2 * t * first);
  },
  atan(jets, o, a) {
    const x = jets[a];
    const first = 1 / (1 + x * x);
    arcTangent(jets, o, a);
    chain(jets, o, a, jets[o], first, -2 * x * first * first);
  },
  abs(jets, o, a) {
    const x = jets[a];
    chain(jets, o, a, Math.abs(x), Math.sign(x), 0);
  },
} satisfies Readonly<Record<string, Operation>>;

/** x^n, with the two places before o for what it needs; where n varies with r, exp(n log x). */
const raise: Operation = (jets, o, a, b) => {
  if (jets[b + 1] !== 0 || jets[b + 2] !== 0) {
    FUNCTIONS.log(jets, o - 6, a);
    multiply(jets, o - 3, b, o - 6);
    FUNCTIONS.exp(jets, o, o - 3);
    return;
  }
  const n = jets[b];
  jets[o - 6] = jets[a];
  for (let k = 0; k < 3; k++) {
    jets[o - 5] = n - k;
    power(jets, o - 3 + k, o - 6);
  }
  const first = n === 0 ? 0 : n * jets[o - 2];
  const second = n === 0 || n === 1 ? 0 : n * (n - 1) * jets[o - 1];
  chain(jets, o, a, jets[o - 3], first, second);
};

const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

const WORD = /^[A-Za-z_]\w*/;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;
const SIGNED_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Pair potential from a formula in r: `"0.5*(r-1)^4"`, or with parameters `"4*eps*((s/r)^12 - (s/r)^6); eps=1; s=1"`.
 *
 * The grammar is closed: numbers, r, named parameters, pi, e, + - * / ^, parentheses and
 * sqrt exp log sin cos tan sinh cosh tanh atan abs. `-r^2` is -(r^2), `r^2^3` is r^(2^3); spaces mean nothing. V' and V'' are exact
 * (second-order jets). The text becomes a list of operations, never code; evaluation allocates nothing.
 *
 * @param text - at most 1000 characters, 50 levels of nesting and 500 operations, of which a number is one, a quotient two, a power three
 * @throws MclnnError `bad-formula` with the column, what was expected there, and the names there are
 */
export function parseFormula(text: string, options: { name?: string } = {}): PairPotential {
  checkArgument("options", options, { name: "text?" });
  const { name } = options;
  if (typeof text !== "string" || text.length > MAX_LENGTH)
    throw new MclnnError("the formula is too long", {
      code: "bad-formula",
      argument: "potential",
      expected: `a text of at most ${MAX_LENGTH} characters`,
      got: typeof text === "string" ? `${text.length} characters` : described(text),
    });
  const body = text.split(";", 1)[0] as string;
  const parameters = parseParameters(text, body.length);
  const evaluate = compile(body, parameters);
  return {
    name: name ?? text.trim(),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: { ...parameters } }),
    energy: (r) => evaluate(r)[0],
    slope: (r) => evaluate(r)[1],
    curvature: (r) => evaluate(r)[2],
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
      // Names of what every object has could be taken for that further on.
      const taken =
        key in Object.prototype ||
        [{ r: 0 }, FUNCTIONS, CONSTANTS, out].some((names) => Object.hasOwn(names, key));
      if (equals < 0 || WORD.exec(key)?.[0] !== key || taken)
        throw formulaError(text, column, "name=number with a name of its own", assignment.trim());
      const value = SIGNED_NUMBER.test(number) ? Number(number) : Number.NaN;
      if (!Number.isFinite(value))
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

/** An operation in its place; those after it may use its result. */
interface Step {
  readonly operation: Operation;
  readonly o: number;
  readonly a: number;
  readonly b: number;
}

/** A text and how far it is read. */
interface Reader {
  at: number;
  readonly fail: (expected: string, got: string) => never;
  /** The symbol that is next, for messages. */
  readonly here: () => string;
  /** Goes past blanks, and past the symbol if it is next. */
  readonly take: (symbol: string) => boolean;
}

function readerOf(text: string): Reader {
  const reader: Reader = {
    at: 0,
    fail(expected, got) {
      throw formulaError(text, reader.at + 1, expected, got);
    },
    here() {
      const symbol = text.codePointAt(reader.at);
      return symbol === undefined ? "the end" : `"${String.fromCodePoint(symbol)}"`;
    },
    take(symbol) {
      while (text[reader.at] === " " || text[reader.at] === "\t") reader.at++;
      const found = text[reader.at] === symbol;
      if (found) reader.at++;
      return found;
    },
  };
  return reader;
}

/** Operations in their order, each after its operands. */
interface Program {
  /** Three places in one array, for a value, d/dr and d2/dr2, known by the index of the first. */
  readonly place: () => number;
  readonly constant: (value: number) => number;
  readonly apply: (operation: Operation, a: number, b?: number) => number;
  /** Where r is. */
  readonly r: number;
  /** The function of r whose result is at a place. */
  readonly evaluate: (result: number) => (r: number) => Float64Array;
}

function programOf({ fail }: Reader): Program {
  const jets = new Float64Array(3 * MAX_NODES);
  const steps: Step[] = [];
  let used = 0;
  const place = (): number => {
    if (used === jets.length) fail(`at most ${MAX_NODES} operations`, "more");
    used += 3;
    return used - 3;
  };
  const r = place();
  jets[r + 1] = 1;
  return {
    place,
    r,
    constant(value) {
      const o = place();
      jets[o] = value;
      return o;
    },
    apply(operation, a, b = a) {
      const o = place();
      steps.push({ operation, o, a, b });
      return o;
    },
    evaluate(result) {
      const out = jets.subarray(result, result + 3);
      return (at) => {
        jets[r] = at;
        for (const { operation, o, a, b } of steps) operation(jets, o, a, b);
        return out;
      };
    },
  };
}

/** Recursive descent: a sum of products of powers of atoms. */
function compile(
  text: string,
  parameters: Readonly<Record<string, number>>,
): (r: number) => Float64Array {
  const reader = readerOf(text);
  const { fail, here, take } = reader;
  const { place, constant, apply, r, evaluate } = programOf(reader);
  const zero = constant(0);
  let depth = 0;

  const sum = (): number => {
    let left = product();
    for (;;) {
      if (take("+")) left = apply(add, left, product());
      else if (take("-")) left = apply(subtract, left, product());
      else return left;
    }
  };
  const product = (): number => {
    let left = signed();
    for (;;) {
      if (take("*")) {
        if (text[reader.at] === "*") fail("^ for a power", "**");
        left = apply(multiply, left, signed());
      } else if (take("/")) left = apply(multiply, left, apply(reciprocal, signed()));
      else return left;
    }
  };
  /** Signs bind looser than powers. */
  const signed = (): number => {
    if (++depth > MAX_DEPTH) fail(`at most ${MAX_DEPTH} nested levels`, "more");
    const o = take("-") ? apply(subtract, zero, signed()) : take("+") ? signed() : powered();
    depth--;
    return o;
  };
  /** Powers group to the right. */
  const powered = (): number => {
    const base = atom();
    if (!take("^")) return base;
    const exponent = signed();
    place();
    place();
    return apply(raise, base, exponent);
  };
  const inParentheses = (): number => {
    const o = sum();
    if (!take(")")) fail("a closing parenthesis", here());
    return o;
  };
  const atom = (): number => {
    if (take("(")) return inParentheses();
    const rest = text.slice(reader.at);
    const number = NUMBER.exec(rest)?.[0];
    if (number !== undefined) {
      if (!Number.isFinite(Number(number))) fail("a number below 1.8e308", number);
      reader.at += number.length;
      return constant(Number(number));
    }
    const word = WORD.exec(rest)?.[0] ?? fail("a number, r, a parameter or a function", here());
    const value = Object.hasOwn(CONSTANTS, word) ? CONSTANTS[word] : parameters[word];
    const f = Object.hasOwn(FUNCTIONS, word)
      ? FUNCTIONS[word as keyof typeof FUNCTIONS]
      : undefined;
    if (word !== "r" && value === undefined && f === undefined)
      fail(
        `one of ${["r", ...[parameters, CONSTANTS, FUNCTIONS].flatMap(Object.keys)].join(", ")}`,
        word,
      );
    reader.at += word.length;
    if (f !== undefined) {
      if (!take("(")) fail(`( after ${word}`, here());
      return apply(f, inParentheses());
    }
    return value === undefined ? r : constant(value);
  };

  const result = sum();
  if (reader.at < text.length) fail("an operator or the end", here());
  return evaluate(result);
}
