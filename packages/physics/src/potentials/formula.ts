import { MclnnError } from "../errors.ts";
import type { PairPotential } from "../pair-potential.ts";

/** Value, first and second derivative in r. */
type Jet = readonly [value: number, first: number, second: number];
type Node = (r: number) => Jet;

const MAX_LENGTH = 1000;
const MAX_DEPTH = 50;
const MAX_NODES = 500;

/** f, f', f'' of each function of one argument. */
const FUNCTIONS: Readonly<Record<string, (x: number) => Jet>> = {
  sqrt: (x) => {
    const s = Math.sqrt(x);
    return [s, 0.5 / s, -0.25 / (s * x)];
  },
  exp: (x) => {
    const e = Math.exp(x);
    return [e, e, e];
  },
  log: (x) => [Math.log(x), 1 / x, -1 / (x * x)],
  sin: (x) => [Math.sin(x), Math.cos(x), -Math.sin(x)],
  cos: (x) => [Math.cos(x), -Math.sin(x), -Math.cos(x)],
  tan: (x) => {
    const t = Math.tan(x);
    const d = 1 + t * t;
    return [t, d, 2 * t * d];
  },
  sinh: (x) => [Math.sinh(x), Math.cosh(x), Math.sinh(x)],
  cosh: (x) => [Math.cosh(x), Math.sinh(x), Math.cosh(x)],
  tanh: (x) => {
    const t = Math.tanh(x);
    const d = 1 - t * t;
    return [t, d, -2 * t * d];
  },
  atan: (x) => {
    const d = 1 / (1 + x * x);
    return [Math.atan(x), d, -2 * x * d * d];
  },
  abs: (x) => [Math.abs(x), Math.sign(x), 0],
};

const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

/** f(g) by the chain rule. */
const chain = ([f, f1, f2]: Jet, [, g1, g2]: Jet): Jet => [f, f1 * g1, f2 * g1 * g1 + f1 * g2];
const plus = (a: Jet, b: Jet): Jet => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const minus = (a: Jet, b: Jet): Jet => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const times = (a: Jet, b: Jet): Jet => [
  a[0] * b[0],
  a[1] * b[0] + a[0] * b[1],
  a[2] * b[0] + 2 * a[1] * b[1] + a[0] * b[2],
];
const reciprocal = (a: Jet): Jet => {
  const x = 1 / a[0];
  return chain([x, -x * x, 2 * x * x * x], a);
};

/** x^n by repeated products: exact derivatives, and no logarithm of a negative base. */
function wholePower(x: number, n: number): number {
  let out = 1;
  let base = x;
  for (let k = Math.abs(n); k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) out *= base;
    base *= base;
  }
  return n < 0 ? 1 / out : out;
}

function power(a: Jet, exponent: number): Jet {
  const p = Number.isInteger(exponent) && Math.abs(exponent) <= 1024 ? wholePower : Math.pow;
  const x = a[0];
  const first = exponent === 0 ? 0 : exponent * p(x, exponent - 1);
  const second =
    exponent === 0 || exponent === 1 ? 0 : exponent * (exponent - 1) * p(x, exponent - 2);
  return chain([p(x, exponent), first, second], a);
}

/**
 * Pair potential from a formula in r: `"0.5*(r-1)^4"`, or with parameters `"4*eps*((s/r)^12 - (s/r)^6); eps=1; s=1"`.
 *
 * The grammar is closed: numbers, r, named parameters, pi, e, + - * / ^, parentheses and
 * sqrt exp log sin cos tan sinh cosh tanh atan abs. The text is compiled to closures, never to code. V' and V'' are exact (second-order jets).
 *
 * @throws MclnnError `bad-formula` with the column
 */
export function parseFormula(text: string, { name }: { name?: string } = {}): PairPotential {
  if (typeof text !== "string" || text.length > MAX_LENGTH)
    throw new MclnnError("the formula is too long", {
      code: "bad-formula",
      argument: "potential",
      expected: `a text of at most ${MAX_LENGTH} characters`,
      got: typeof text === "string" ? `${text.length} characters` : typeof text,
    });
  const [body = "", ...assignments] = text.split(";");
  const parameters = parseParameters(body.length, assignments, text);
  const parser = new FormulaParser(body, parameters);
  const node = parser.parse();
  return {
    name: name ?? text.trim(),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: { ...parameters } }),
    energy: (r) => node(r)[0],
    slope: (r) => node(r)[1],
    curvature: (r) => node(r)[2],
  };
}

const NAME = /^[A-Za-z_][A-Za-z_0-9]*$/;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

function parseParameters(
  start: number,
  assignments: readonly string[],
  text: string,
): Record<string, number> {
  const out: Record<string, number> = Object.create(null);
  let column = start + 2;
  for (const assignment of assignments) {
    if (assignment.trim() !== "") {
      const equals = assignment.indexOf("=");
      const key = assignment.slice(0, equals).trim();
      const number = assignment.slice(equals + 1).trim();
      const reserved =
        key === "r" || Object.hasOwn(FUNCTIONS, key) || Object.hasOwn(CONSTANTS, key);
      if (equals < 0 || !NAME.test(key) || reserved || Object.hasOwn(out, key))
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

/** Recursive descent: sum of products of powers of atoms. */
class FormulaParser {
  private readonly text: string;
  private readonly parameters: Readonly<Record<string, number>>;
  private at = 0;
  private nodes = 0;
  private depth = 0;

  constructor(text: string, parameters: Readonly<Record<string, number>>) {
    this.text = text;
    this.parameters = parameters;
  }

  parse(): Node {
    const node = this.sum();
    this.skipSpace();
    if (this.at < this.text.length) throw this.error("an operator or the end", this.here());
    return node;
  }

  private sum(): Node {
    if (++this.depth > MAX_DEPTH) throw this.error(`at most ${MAX_DEPTH} nested levels`, "more");
    let left = this.product();
    for (;;) {
      if (this.take("+")) {
        const [a, b] = [left, this.product()];
        left = this.node((r) => plus(a(r), b(r)));
      } else if (this.take("-")) {
        const [a, b] = [left, this.product()];
        left = this.node((r) => minus(a(r), b(r)));
      } else {
        this.depth--;
        return left;
      }
    }
  }

  private product(): Node {
    let left = this.signed();
    for (;;) {
      if (this.take("*")) {
        if (this.text[this.at] === "*") throw this.error("^ for a power", "**");
        const [a, b] = [left, this.signed()];
        left = this.node((r) => times(a(r), b(r)));
      } else if (this.take("/")) {
        const [a, b] = [left, this.signed()];
        left = this.node((r) => times(a(r), reciprocal(b(r))));
      } else return left;
    }
  }

  /** Signs bind looser than powers: -r^2 is -(r^2). */
  private signed(): Node {
    if (++this.depth > MAX_DEPTH) throw this.error(`at most ${MAX_DEPTH} nested levels`, "more");
    let node: Node;
    if (this.take("-")) {
      const a = this.signed();
      node = this.node((r) => minus([0, 0, 0], a(r)));
    } else if (this.take("+")) node = this.signed();
    else node = this.powered();
    this.depth--;
    return node;
  }

  /** Powers group to the right: r^2^3 is r^(2^3). */
  private powered(): Node {
    const base = this.atom();
    if (!this.take("^")) return base;
    const exponent = this.signed();
    return this.node((r) => {
      const n = exponent(r);
      if (n[1] === 0 && n[2] === 0) return power(base(r), n[0]);
      const b = base(r);
      // b^n = exp(n log b) where the exponent varies with r.
      const product = times(n, chain((FUNCTIONS.log as (x: number) => Jet)(b[0]), b));
      return chain((FUNCTIONS.exp as (x: number) => Jet)(product[0]), product);
    });
  }

  private atom(): Node {
    this.skipSpace();
    if (this.take("(")) {
      const inner = this.sum();
      if (!this.take(")")) throw this.error("a closing parenthesis", this.here());
      return inner;
    }
    const rest = this.text.slice(this.at);
    const number = NUMBER.exec(rest)?.[0];
    if (number !== undefined) {
      this.at += number.length;
      const jet: Jet = [Number(number), 0, 0];
      return this.node(() => jet);
    }
    const word = /^[A-Za-z_][A-Za-z_0-9]*/.exec(rest)?.[0];
    if (word === undefined) throw this.error("a number, r, a parameter or a function", this.here());
    if (word === "r") {
      this.at += 1;
      return this.node((r) => [r, 1, 0]);
    }
    if (Object.hasOwn(FUNCTIONS, word)) {
      const f = FUNCTIONS[word] as (x: number) => Jet;
      this.at += word.length;
      if (!this.take("(")) throw this.error(`( after ${word}`, this.here());
      const argument = this.sum();
      if (!this.take(")")) throw this.error("a closing parenthesis", this.here());
      return this.node((r) => {
        const a = argument(r);
        return chain(f(a[0]), a);
      });
    }
    const value = Object.hasOwn(CONSTANTS, word) ? CONSTANTS[word] : this.parameters[word];
    if (value === undefined)
      throw this.error(
        `one of r, ${[...Object.keys(this.parameters), ...Object.keys(CONSTANTS), ...Object.keys(FUNCTIONS)].join(", ")}`,
        word,
      );
    this.at += word.length;
    const jet: Jet = [value, 0, 0];
    return this.node(() => jet);
  }

  private node(f: Node): Node {
    if (++this.nodes > MAX_NODES) throw this.error(`at most ${MAX_NODES} operations`, "more");
    return f;
  }

  private take(symbol: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== symbol) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    while (this.text[this.at] === " " || this.text[this.at] === "\t") this.at++;
  }

  private here(): string {
    return this.text[this.at] === undefined ? "the end" : `"${this.text[this.at]}"`;
  }

  private error(expected: string, got: string): MclnnError {
    return formulaError(this.text, this.at + 1, expected, got);
  }
}
