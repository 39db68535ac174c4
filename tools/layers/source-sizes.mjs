import ts from "typescript";

/** Lines that a function, and a file, may have: what one still holds in the head. */
export const MOST_LINES = { function: 80, file: 400 };

/**
 * Functions and files that are longer than they may be. A class counts by its methods.
 *
 * @param {string} file
 * @param {string} text
 * @returns {{ line: number, name: string, lines: number, kind: "function" | "file" }[]} `name` is that of the function; of a file it is empty
 */
export function readLongSources(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineAt = (/** @type {number} */ at) => source.getLineAndCharacterOfPosition(at).line + 1;
  /** @type {ReturnType<typeof readLongSources>} */
  const found = [];
  const total = text.split("\n").length - 1;
  if (total > MOST_LINES.file) found.push({ line: 1, name: "", lines: total, kind: "file" });
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const line = lineAt(node.getStart());
      const lines = lineAt(node.end) - line + 1;
      if (lines > MOST_LINES.function)
        found.push({ line, name: nameOf(node), lines, kind: "function" });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What a function is called where it stands. @param {ts.SignatureDeclaration} node */
function nameOf(node) {
  if (ts.isConstructorDeclaration(node)) return "constructor";
  const { name, parent } = node;
  if (name !== undefined) return name.getText();
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent))
    return parent.name.getText();
  return "a function";
}
