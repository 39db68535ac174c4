/** Sections that are too long for the repository. */
const LEFT_OUT = ["Systems, data and starts"];

/**
 * A reproduction's Markdown with some of its figures only, and without long tables.
 *
 * @param {string} markdown - as `mclnn reproduce` writes it
 * @param {readonly string[]} figures - names of those to keep
 */
export function smallMarkdown(markdown, figures) {
  const [head = "", ...sections] = markdown.split(/^(?=## )/m);
  const kept = sections.filter(
    (section) => !LEFT_OUT.includes(/^## (.*)/.exec(section)?.[1] ?? ""),
  );
  const small = [head, ...kept].map((section) => {
    const blocks = section.trimEnd().split("\n\n");
    return blocks
      .filter((block, k) => keeps(block, figures) && keeps(blocks[k + 1] ?? "", figures))
      .join("\n\n");
  });
  return `<!-- Written by \`pnpm reproduction\`; do not edit. -->\n\n${small.join("\n\n")}\n`;
}

/** False for the picture of a figure that is left out, and by that for the description before it. @param {string} block @param {readonly string[]} figures */
function keeps(block, figures) {
  const name = /^!\[.*\]\(figures\/(.*)\.svg\)$/.exec(block)?.[1];
  return name === undefined || figures.includes(name);
}
