import { isMclnnError } from "@mclnn/physics";
import { expect, test } from "vitest";
import { renderPng } from "../src/node/index.ts";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40">';

/** Width and height from the header of a PNG. */
function size(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

test.each([
  [undefined, 240, 80],
  [1, 120, 40],
  [3, 360, 120],
])("scale %s gives %d x %d pixels of a PNG", async (scale, width, height) => {
  const png = await renderPng(`${SVG}</svg>`, scale === undefined ? {} : { scale });
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  expect(size(png)).toEqual([width, height]);
});

test("text is drawn: a picture with letters is not the empty one, and different letters differ", async () => {
  const pictures = await Promise.all(
    ["", "10⁻⁸", "ΔL", "|P|"].map((text) =>
      renderPng(`${SVG}<text x="5" y="20">${text}</text></svg>`),
    ),
  );
  const distinct = new Set(pictures.map((png) => Buffer.from(png).toString("base64")));
  expect(distinct.size).toBe(4);
});

test("the ground is white, or transparent when asked for", async () => {
  const white = await renderPng(`${SVG}</svg>`);
  const clear = await renderPng(`${SVG}</svg>`, { background: "transparent" });
  expect(Buffer.from(white).equals(Buffer.from(clear))).toBe(false);
});

test.each([0, -1, Number.NaN, 21])("scale %d is refused", async (scale) => {
  const error: unknown = await renderPng(`${SVG}</svg>`, { scale }).catch(
    (caught: unknown) => caught,
  );
  expect(isMclnnError(error) && [error.code, error.argument]).toEqual(["bad-option", "scale"]);
});

test("what is not SVG is refused with a reason", async () => {
  const error: unknown = await renderPng("<svg").catch((caught: unknown) => caught);
  expect(isMclnnError(error) && error.code).toBe("bad-svg");
});
