/**
 * @typedef {object} CodeBlock
 * @property {string} language
 * @property {string} code
 * @property {number} line - of the opening fence, from 1
 */

/**
 * The fenced code blocks of a Markdown text, in order.
 *
 * @param {string} markdown
 * @returns {CodeBlock[]}
 */
export function codeBlocks(markdown) {
  /** @type {CodeBlock[]} */
  const blocks = [];
  const lines = markdown.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const fence = /^(```+)(\w*)/.exec(lines[i] ?? "");
    if (fence === null) continue;
    const closing = lines.indexOf(/** @type {string} */ (fence[1]), i + 1);
    if (closing < 0) throw new Error(`line ${i + 1}: the code block has no end`);
    blocks.push({
      language: fence[2] ?? "",
      code: `${lines.slice(i + 1, closing).join("\n")}\n`,
      line: i + 1,
    });
    i = closing;
  }
  return blocks;
}

/**
 * The first block in JavaScript or TypeScript: a README's first example.
 *
 * @param {string} markdown
 */
export function firstExample(markdown) {
  return codeBlocks(markdown).find(({ language }) =>
    /^(js|mjs|javascript|ts|typescript)$/.test(language),
  );
}
