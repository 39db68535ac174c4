export { type PngOptions, renderPng } from "./png.ts";
