export { renderPdf } from "./pdf.ts";
export { type PngOptions, renderPng } from "./png.ts";
