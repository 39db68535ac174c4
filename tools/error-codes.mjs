import ts from "typescript";

/** What `checkArgument` gives where it is not told a code. */
const GENERAL = ["bad-argument", "bad-option"];

/**
 * Error codes that a source file can give, found in every object with `code` and `expected`: literals, both arms of a choice, and,
 * where a local function passes its parameter `code` on, the literals it is called with; and the codes of `checkArgument`, its own or those
 * it is told.
 *
 * @param {string} fileName
 * @param {string} text
 * @returns {{ codes: Set<string>, computed: string[], unnamed: string[], count: number }} `computed`: expressions whose codes are not to be seen from
 * the syntax; `unnamed`: refusals of input that do not say of which argument; `count`: errors with a code, an expectation and what came instead
 */
export function errorCodes(fileName, text) {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  /** @type {Set<string>} */
  const codes = new Set();
  /** @type {string[]} */
  const computed = [];
  /** @type {string[]} */
  const unnamed = [];
  let count = 0;
  /** Names of functions with a parameter `code`, and its place. @type {Map<string, number>} */
  const passers = new Map();

  /** @param {ts.Node} node @param {(node: ts.Node) => void} look */
  const walk = (node, look) => {
    look(node);
    ts.forEachChild(node, (child) => walk(child, look));
  };

  /** @param {ts.Expression} expression @returns {void} */
  const read = (expression) => {
    if (ts.isStringLiteralLike(expression)) codes.add(expression.text);
    else if (ts.isConditionalExpression(expression)) {
      read(expression.whenTrue);
      read(expression.whenFalse);
    } else if (isFallback(expression)) {
      read(expression.left);
      read(expression.right);
    } else if (!(ts.isIdentifier(expression) && expression.text === "code")) {
      computed.push(expression.getText(source));
    }
  };

  walk(source, (node) => {
    if (ts.isObjectLiteralExpression(node)) {
      const named = (/** @type {string} */ name) =>
        node.properties.find((property) => property.name?.getText(source) === name);
      const code = named("code");
      if (code !== undefined && ts.isPropertyAssignment(code) && named("expected") !== undefined) {
        read(code.initializer);
        if (named("got") !== undefined) count++;
        const failed = named("kind")?.getText(source).includes("failure") ?? false;
        if (named("argument") === undefined && !failed)
          unnamed.push(code.initializer.getText(source));
      }
    } else if (ts.isFunctionDeclaration(node) || ts.isArrowFunction(node)) {
      const place = node.parameters.findIndex(({ name }) => name.getText(source) === "code");
      const name = ts.isVariableDeclaration(node.parent) ? node.parent.name : node.name;
      if (place >= 0 && name !== undefined) passers.set(name.getText(source), place);
    }
  });
  walk(source, (node) => {
    if (!ts.isCallExpression(node)) return;
    if (node.expression.getText(source) === "checkArgument") {
      const [, , , hints] = node.arguments;
      const code =
        hints !== undefined && ts.isObjectLiteralExpression(hints)
          ? hints.properties.find((property) => property.name?.getText(source) === "code")
          : undefined;
      if (code !== undefined && ts.isPropertyAssignment(code)) read(code.initializer);
      else for (const general of GENERAL) codes.add(general);
    }
    const place = passers.get(node.expression.getText(source));
    const argument = place === undefined ? undefined : node.arguments[place];
    if (argument !== undefined) read(argument);
  });
  return { codes, computed, unnamed, count };
}

/** @param {ts.Expression} expression @returns {expression is ts.BinaryExpression} */
function isFallback(expression) {
  return (
    ts.isBinaryExpression(expression) &&
    expression.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
  );
}
