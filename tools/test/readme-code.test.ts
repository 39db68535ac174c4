import { expect, it } from "vitest";
import { codeBlocks, firstExample } from "../readme-code.mjs";

const readme =
  "# a\n```sh\nnpm i\n```\n\ntext\n```js\nconst a = 1;\n\nconst b = 2;\n```\n```ts\nc\n```\n";

it("finds every block with its language, text and line", () => {
  expect(codeBlocks(readme)).toEqual([
    { language: "sh", code: "npm i\n", line: 2 },
    { language: "js", code: "const a = 1;\n\nconst b = 2;\n", line: 7 },
    { language: "ts", code: "c\n", line: 12 },
  ]);
});

it("takes the first block of JavaScript or TypeScript as the first example", () => {
  expect(firstExample(readme)?.line).toBe(7);
  expect(firstExample("```sh\nls\n```")).toBeUndefined();
});

it("does not close a long fence with a short one", () => {
  expect(codeBlocks("````md\n```js\na\n```\n````\n")).toEqual([
    { language: "md", code: "```js\na\n```\n", line: 1 },
  ]);
});

it("refuses a block without an end", () => {
  expect(() => codeBlocks("a\n```js\nb")).toThrow("line 2: the code block has no end");
});
