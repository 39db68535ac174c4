import ts from "typescript";
import { PLATFORM_GLOBALS } from "./layer-table.mjs";

/**
 * @typedef {object} SourceImport
 * @property {string | null} specifier - null where it is computed: `import(path)`
 * @property {number} line - from 1
 */

/**
 * @typedef {object} GlobalUse
 * @property {string} name
 * @property {number} line
 */

/**
 * Every import of a source file: static, dynamic, type-only, `export ... from`, `import("x").T`, and `/// <reference types>`.
 * Also every use of a global that only one platform has.
 *
 * @param {string} fileName
 * @param {string} text
 * @returns {{ imports: SourceImport[], platformGlobals: GlobalUse[] }}
 */
export function readSourceImports(fileName, text) {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  /** @type {SourceImport[]} */
  const imports = [];
  /** @type {GlobalUse[]} */
  const candidates = [];
  /** Names that the file binds itself, so that `const location = ...` is not the browser's. @type {Set<string>} */
  const bound = new Set();

  const lineAt = (/** @type {number} */ position) =>
    source.getLineAndCharacterOfPosition(position).line + 1;
  const add = (/** @type {ts.Node} */ node, /** @type {ts.Node | undefined} */ specifier) => {
    const literal = specifier !== undefined && ts.isStringLiteralLike(specifier);
    imports.push({
      specifier: literal ? specifier.text : null,
      line: lineAt(node.getStart(source)),
    });
  };

  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node, node.moduleSpecifier);
    } else if (
      ts.isImportEqualsDeclaration(node) &&
      ts.isExternalModuleReference(node.moduleReference)
    ) {
      add(node, node.moduleReference.expression);
    } else if (ts.isImportTypeNode(node)) {
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0]);
    } else if (ts.isIdentifier(node)) {
      if (bindsName(node)) bound.add(node.text);
      else if (PLATFORM_GLOBALS.has(node.text) && !isMemberName(node)) {
        candidates.push({ name: node.text, line: lineAt(node.getStart(source)) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const reference of source.typeReferenceDirectives) {
    imports.push({ specifier: reference.fileName, line: lineAt(reference.pos) });
  }
  return { imports, platformGlobals: candidates.filter(({ name }) => !bound.has(name)) };
}

/** Whether the identifier is where a variable, parameter, function, class or import gets its name; `declare` binds nothing. */
function bindsName(/** @type {ts.Identifier} */ node) {
  const { parent } = node;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent))
    return true;
  const declares =
    (ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isBindingElement(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isFunctionExpression(parent) ||
      ts.isClassDeclaration(parent)) &&
    parent.name === node;
  return declares && !isAmbient(parent);
}

function isAmbient(/** @type {ts.Node} */ declaration) {
  /** @type {ts.Node | undefined} */
  let node = declaration;
  for (; node !== undefined; node = node.parent) {
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    if (modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword)) return true;
  }
  return false;
}

/** `x.process`, `{ process: 1 }`, `interface { process: ... }`: a member's name, not the global. */
function isMemberName(/** @type {ts.Identifier} */ node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) {
    const onGlobalThis =
      ts.isIdentifier(parent.expression) && parent.expression.text === "globalThis";
    return parent.name === node && !onGlobalThis;
  }
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return true;
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isGetAccessorDeclaration(parent) ||
      ts.isSetAccessorDeclaration(parent)) &&
    parent.name === node
  );
}
