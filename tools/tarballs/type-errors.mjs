import path from "node:path";

/**
 * Type errors of a program, and of our packages' own declarations, as a strict user of some TypeScript sees them.
 *
 * @param {typeof import("typescript")} ts
 * @param {string} file - TypeScript, or JavaScript that is checked
 * @returns {string[]}
 */
export function typeErrors(ts, file) {
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
    noEmit: true,
  });
  // What other packages and the language declare is not ours to mend.
  const ours = program
    .getSourceFiles()
    .filter(
      (each) =>
        !program.isSourceFileDefaultLibrary(each) &&
        !/node_modules\/(?!(.*\/)?@mclnn\/)/.test(each.fileName),
    );
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...ours.flatMap((each) => program.getSyntacticDiagnostics(each)),
    ...ours.flatMap((each) => program.getSemanticDiagnostics(each)),
  ].map((diagnostic) => {
    const source = path.basename(diagnostic.file?.fileName ?? "");
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
    return `TypeScript ${ts.version}: ${source}: ${message}`;
  });
}
