/** A piece of LaTeX, and how tightly it holds together: sums, products, powers, atoms. */
interface Piece {
  readonly tex: string;
  readonly level: 0 | 1 | 2 | 3;
}

const GREEK = [
  "alpha",
  "beta",
  "gamma",
  "kappa",
  "lambda",
  "mu",
  "omega",
  "pi",
  "rho",
  "sigma",
  "tau",
];
const FUNCTIONS: Readonly<Record<string, string>> = { log: "\\ln", atan: "\\arctan" };
const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|([-+*/^()]))/y;

/** A formula of `parseFormula`'s grammar, without its parameters, as LaTeX of mathematics. @param text - one that `parseFormula` takes */
export function latexOf(text: string): string {
  const tokens = tokensOf(text);
  let at = 0;
  const take = (symbol: string): boolean => {
    const found = tokens[at] === symbol;
    if (found) at++;
    return found;
  };
  const sum = (): Piece => {
    let left = product();
    for (;;) {
      const sign = take("+") ? "+" : take("-") ? "-" : null;
      if (sign === null) return left;
      left = { tex: `${left.tex} ${sign} ${within(product(), 1)}`, level: 0 };
    }
  };
  const product = (): Piece => {
    // -a / b is -(a / b), and reads better.
    if (take("-")) return { tex: `-${within(product(), 1)}`, level: 0 };
    let left = signed();
    for (;;) {
      if (take("*")) {
        const right = within(signed(), 1);
        const dot = /^\d/.test(right) ? " \\cdot " : " \\, ";
        left = { tex: `${within(left, 1)}${dot}${right}`, level: 1 };
      } else if (take("/")) left = { tex: `\\frac{${left.tex}}{${signed().tex}}`, level: 2 };
      else return left;
    }
  };
  const signed = (): Piece => {
    if (take("-")) return { tex: `-${within(signed(), 1)}`, level: 0 };
    return take("+") ? signed() : powered();
  };
  const powered = (): Piece => {
    const base = atom();
    return take("^") ? { tex: `${within(base, 3)}^{${signed().tex}}`, level: 2 } : base;
  };
  const atom = (): Piece => {
    const token = tokens[at++];
    if (token === "(") {
      const inside = sum();
      at++;
      return inside;
    }
    if (!/^[A-Za-z_]/.test(token)) return { tex: numberOf(token), level: 3 };
    if (!take("(")) return { tex: nameOf(token), level: 3 };
    const { tex } = sum();
    at++;
    if (token === "sqrt") return { tex: `\\sqrt{${tex}}`, level: 3 };
    if (token === "abs") return { tex: `\\left|${tex}\\right|`, level: 3 };
    return { tex: `${FUNCTIONS[token] ?? `\\${token}`}\\left(${tex}\\right)`, level: 2 };
  };
  return sum().tex;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text))
    tokens.push(found[0].trim());
  return tokens;
}

const within = ({ tex, level }: Piece, least: number): string =>
  level < least ? `\\left(${tex}\\right)` : tex;

/** A constant's name: eps is a letter, r0 has an index. */
export function nameOf(name: string): string {
  const [, word = name, index = ""] = /^([A-Za-z]+?)(\d*)$/.exec(name) ?? [];
  const letter =
    word === "eps"
      ? "\\varepsilon"
      : GREEK.includes(word)
        ? `\\${word}`
        : word.length === 1
          ? word
          : `\\mathrm{${word}}`;
  return index === "" ? letter : `${letter}_{${index}}`;
}

function numberOf(token: string): string {
  const [digits, power] = token.toLowerCase().split("e");
  return power === undefined ? digits : `${digits} \\cdot 10^{${Number(power)}}`;
}
