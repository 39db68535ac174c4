import ts from "typescript";

/** Of `Math`: what is rounded exactly, or not at all, by every engine (ECMA-262, "Function Properties of the Math Object"), and constants. */
const EXACT = new Set(
  "abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2".split(
    " ",
  ),
);

/**
 * @typedef {object} InexactUse
 * @property {string} name - `Math.exp`, `**`, ...
 * @property {number} line - from 1
 */

/**
 * Every use of arithmetic whose last bits differ between engines, or between versions of one: `Math.exp` and its kin, and powers.
 *
 * `2 ** 40` is allowed: engines agree on whole powers of two, and `pnpm bits` has them all.
 *
 * @param {string} fileName
 * @param {string} text
 * @returns {InexactUse[]}
 */
export function readInexactArithmetic(fileName, text) {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  /** @type {InexactUse[]} */
  const uses = [];
  const report = (/** @type {ts.Node} */ node, /** @type {string} */ name) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    uses.push({ name, line: line + 1 });
  };

  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      const power = kind === ts.SyntaxKind.AsteriskAsteriskToken;
      if ((power && !isPowerOfTwo(node)) || kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken)
        report(node, "**");
    } else if (ts.isIdentifier(node)) {
      if (/^(Native)?Mathf?$/.test(node.text) && !isExactMember(node))
        report(node, memberName(node));
      // Fused multiply-add, where a machine has it.
      if (/^relaxed_/.test(node.text)) report(node, node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

/** @param {ts.BinaryExpression} node */
function isPowerOfTwo({ left, right }) {
  const exponent = ts.isPrefixUnaryExpression(right) ? right.operand : right;
  return (
    ts.isNumericLiteral(left) &&
    left.text === "2" &&
    ts.isNumericLiteral(exponent) &&
    /^\d+$/.test(exponent.text)
  );
}

/** `Math.sqrt`, or another's member of that name. @param {ts.Identifier} node */
function isExactMember({ parent, text }) {
  if (!ts.isPropertyAccessExpression(parent)) return false;
  if (parent.name.text === text) return true;
  return text === "Math" && EXACT.has(parent.name.text);
}

/** @param {ts.Identifier} node */
function memberName({ parent, text }) {
  return ts.isPropertyAccessExpression(parent) ? `${text}.${parent.name.text}` : text;
}
