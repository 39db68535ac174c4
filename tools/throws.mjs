import path from "node:path";
import ts from "typescript";

/**
 * Something that is thrown, or that a promise is rejected with.
 *
 * @typedef {object} Throw
 * @property {string} file - from the root
 * @property {number} line
 * @property {string} text - what is thrown
 * @property {"typed" | "rethrown" | "other"} kind - an MclnnError; a value that was caught, as it came; anything else
 */

/**
 * Every throw of some source files, by the compiler's own types: what is an MclnnError is so whatever function makes it.
 *
 * @param {string} root
 * @param {readonly string[]} files
 * @param {(file: string) => string | undefined} [read] - the text of one of them, in place of what is on disk
 * @returns {Throw[]}
 */
export function findThrows(root, files, read) {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.base.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  /** @type {ts.CompilerOptions} */
  const settings = {
    ...options,
    composite: false,
    incremental: false,
    noEmit: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    types: read === undefined ? ["node"] : [],
    customConditions: ["@mclnn/source"],
  };
  const names = files.map((file) => path.resolve(root, file));
  const host = ts.createCompilerHost(settings);
  if (read !== undefined) {
    const { getSourceFile, fileExists } = host;
    host.fileExists = (name) => names.includes(name) || fileExists(name);
    host.getSourceFile = (name, version, ...rest) => {
      const text = names.includes(name) ? read(name) : undefined;
      return text === undefined
        ? getSourceFile(name, version, ...rest)
        : ts.createSourceFile(name, text, version, true);
    };
  }
  const program = ts.createProgram(names, settings, host);
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const source = program.getSourceFile(path.resolve(root, file));
    if (source === undefined) throw new Error(`${file} is not part of the program`);
    /** @type {Throw[]} */
    const found = [];
    /** @param {ts.Node} node */
    const visit = (node) => {
      const thrown = ts.isThrowStatement(node) ? node.expression : rejectedWith(node);
      if (thrown !== undefined)
        for (const expression of arms(thrown)) {
          const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
          const text = expression.getText(source).replace(/\s+/g, " ");
          found.push({ file, line: line + 1, text, kind: kindOf(expression, checker) });
        }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** What a promise is rejected with. @param {ts.Node} node @returns {ts.Expression | undefined} */
function rejectedWith(node) {
  if (!ts.isCallExpression(node)) return undefined;
  const { expression: callee } = node;
  const rejects =
    (ts.isIdentifier(callee) && callee.text === "reject") ||
    (ts.isPropertyAccessExpression(callee) && callee.name.text === "reject");
  return rejects ? node.arguments[0] : undefined;
}

/** Both arms of a choice. @param {ts.Expression} expression @returns {ts.Expression[]} */
function arms(expression) {
  const bare = ts.skipPartiallyEmittedExpressions(expression);
  if (ts.isParenthesizedExpression(bare) || ts.isAsExpression(bare)) return arms(bare.expression);
  if (ts.isConditionalExpression(bare)) return [...arms(bare.whenTrue), ...arms(bare.whenFalse)];
  return [bare];
}

/** @param {ts.Expression} expression @param {ts.TypeChecker} checker @returns {Throw["kind"]} */
function kindOf(expression, checker) {
  const type = checker.getTypeAtLocation(expression);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.every((part) => part.getSymbol()?.name === "MclnnError")) return "typed";
  const declared = checker.getSymbolAtLocation(expression)?.valueDeclaration;
  return declared !== undefined && isCaught(declared) ? "rethrown" : "other";
}

/** Whether a variable is that of a `catch`, or of the function that `.catch` calls. @param {ts.Declaration} declaration */
function isCaught(declaration) {
  if (ts.isVariableDeclaration(declaration)) return ts.isCatchClause(declaration.parent);
  if (!ts.isParameter(declaration)) return false;
  const call = declaration.parent.parent;
  return (
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === "catch"
  );
}

/** Throw statements of a file by its syntax alone, JavaScript or TypeScript. @param {string} name @param {string} text */
export function countThrows(name, text) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  let count = 0;
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isThrowStatement(node)) count++;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return count;
}
