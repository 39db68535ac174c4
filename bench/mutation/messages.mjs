// @ts-check
// Wording is not behaviour: what only words an error is left as it is, but for what programs test. Stryker asks for every piece of syntax.

/** Calls that make an error, and what they are given. */
const WORDING = /^(MclnnError|Error|\w*[eE]rror|refus\w*|bad\w*|notFinite|stopped|fail\w*)$/;

/** Properties of an error that programs test; `argument` names what the caller passed, in the caller's words. */
const TESTED = /^(code|kind)$/;
const CHOSEN = /^(code|kind|argument)$/;

/** @typedef {{ type: string, name?: string, callee?: Node, property?: Node, key?: Node }} Node */
/** @typedef {{ node: Node, parentPath: Path | null, isStringLiteral(): boolean, isTemplateLiteral(): boolean }} Path */

/** @param {Node | undefined} node */
function calledName(node) {
  if (node?.type === "MemberExpression") return node.property?.name ?? "";
  return node?.name ?? "";
}

/** @param {Path} path */
function isWording(path) {
  const kept = path.isStringLiteral() || path.isTemplateLiteral() ? TESTED : CHOSEN;
  // The call itself, and the record it is given, are not.
  let depth = path.node.type === "ObjectExpression" ? 0 : 1;
  for (let at = path.parentPath; at !== null; at = at.parentPath, depth++) {
    const { node } = at;
    if (node.type === "ObjectProperty" && kept.test(node.key?.name ?? "")) return false;
    if (node.type === "NewExpression" || node.type === "CallExpression")
      if (WORDING.test(calledName(node.callee))) return depth > 0;
    if (/Function|Statement|Declaration|Program/.test(node.type)) return false;
  }
  return false;
}

export const strykerPlugins = [
  {
    kind: "Ignore",
    name: "messages",
    value: {
      /** @param {Path} path */
      shouldIgnore: (path) => (isWording(path) ? "the wording of an error" : undefined),
    },
  },
];
