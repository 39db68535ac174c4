import type { Random } from "@mclnn/datasets";

/** What JSON, headers and formulas are made of, and what attackers put into them. */
const PIECES = [
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"prototype"',
  "null",
  "true",
  "-0",
  "1e999",
  "-1",
  "1e-320",
  "9007199254740993",
  "0.1",
  '""',
  "[]",
  "[[]]",
  "{}",
  "[1,2]",
  "[1,2,3]",
  '{"a":1}',
  ",",
  ":",
  "{",
  "}",
  "[",
  "]",
  '"',
  "\\",
  "\\u0000",
  "\u0000",
  "\ufeff",
  "'",
  "(",
  ")",
  "'O'",
  "'|O'",
  "True",
  "18446744073709551616",
  "\u202e",
];

const TOKEN = /"(?:[^"\\]|\\.)*"|'[^']*'|-?\d[\d.eE+-]*|[A-Za-z_]+|[^\s]/g;

/** A text with some of its tokens replaced, left out, doubled, exchanged, or with others put between. */
export function mutatedText(text: string, random: Random): string {
  const tokens = text.match(TOKEN) ?? [];
  for (let k = random.integer(3); k >= 0; k--) {
    const at = random.integer(tokens.length + 1);
    const piece = PIECES[random.integer(PIECES.length)];
    const other = tokens[random.integer(Math.max(1, tokens.length))] ?? "";
    switch (random.integer(6)) {
      case 0:
        tokens.splice(at, 1);
        break;
      case 1:
        tokens.splice(at, 1, piece);
        break;
      case 2:
        tokens.splice(at, 0, piece);
        break;
      case 3:
        tokens.splice(at, 1, other);
        break;
      case 4:
        tokens.splice(at, 0, other);
        break;
      default:
        tokens.splice(at, 0, piece.repeat(1 + random.integer(200)));
    }
  }
  return tokens.join(random.integer(8) === 0 ? " " : "");
}
