const FUNCTIONS = [
  "sqrt",
  "exp",
  "log",
  "sin",
  "cos",
  "tan",
  "sinh",
  "cosh",
  "tanh",
  "atan",
  "abs",
];
const TOKEN =
  /[ \t]*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z_]\w*)|(?<operator>[-+*/^])|(?<open>\()|(?<close>\)))/y;
const PARAMETER = /^\s*([A-Za-z_]\w*)\s*=\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/;

/**
 * Whether a text belongs to the language of formulas in r, told by another method than the parser's: one pass over tokens with a stack of
 * parentheses, no tree. Says nothing about limits of size.
 */
export function isFormula(text: string): boolean {
  const [body = "", ...assignments] = text.split(";");
  const names = new Set<string>();
  for (const assignment of assignments) {
    if (assignment.trim() === "") continue;
    const [, name, value] = PARAMETER.exec(assignment) ?? [];
    if (name === undefined || !Number.isFinite(Number(value))) return false;
    if (["r", "pi", "e", ...FUNCTIONS].includes(name) || names.has(name)) return false;
    if (name in Object.prototype) return false;
    names.add(name);
  }
  let open = 0;
  let wanted: "operand" | "operator" | "(" = "operand";
  let at = 0;
  const end = body.replace(/[ \t]+$/, "").length;
  while (at < end) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(body);
    if (match === null) return false;
    at = TOKEN.lastIndex;
    const { number, word, operator, open: opening, close } = match.groups ?? {};
    if (wanted === "(") {
      if (opening === undefined) return false;
      open++;
      wanted = "operand";
    } else if (wanted === "operand") {
      if (number !== undefined) {
        if (!Number.isFinite(Number(number))) return false;
        wanted = "operator";
      } else if (word !== undefined) {
        if (FUNCTIONS.includes(word)) wanted = "(";
        else if (["r", "pi", "e"].includes(word) || names.has(word)) wanted = "operator";
        else return false;
      } else if (opening !== undefined) open++;
      else if (operator !== "+" && operator !== "-") return false;
    } else if (operator !== undefined) wanted = "operand";
    else if (close !== undefined && open > 0) open--;
    else return false;
  }
  return wanted === "operator" && open === 0;
}
