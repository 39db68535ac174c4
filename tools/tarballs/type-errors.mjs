import path from "node:path";

/**
 * Type errors of a program, and of our packages' own declarations, as a strict user of some TypeScript sees them.
 *
 * @param {typeof import("typescript")} ts
 * @param {string} file - TypeScript, or JavaScript that is checked
 * @param {{ outDir?: string }} [options] - where to write the JavaScript, if at all
 * @returns {string[]}
 */
export function typeErrors(ts, file, { outDir } = {}) {
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2022.d.ts"],
    strict: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    allowJs: true,
    checkJs: true,
    types: ["node"],
    typeRoots: [path.join(path.dirname(file), "node_modules/@types")],
    ...(outDir === undefined ? { noEmit: true } : { outDir }),
  });
  const errors = ts.getPreEmitDiagnostics(program).flatMap((diagnostic) => {
    const source = diagnostic.file?.fileName ?? "";
    // What other packages declare is not ours to mend.
    if (/node_modules\/(?!(.*\/)?@mclnn\/)/.test(source)) return [];
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
    return [`TypeScript ${ts.version}: ${path.basename(source)}: ${message}`];
  });
  if (outDir !== undefined && errors.length === 0) program.emit();
  return errors;
}
