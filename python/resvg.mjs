// resvg as the program calls it (@resvg/resvg-js), by WebAssembly: fonts are told as bytes there, and the module is loaded by hand.
import { readFileSync } from "node:fs";
import { initWasm, Resvg as WasmResvg } from "@resvg/resvg-wasm";

await initWasm(readFileSync(new URL("./resvg.wasm", import.meta.url)));

export class Resvg extends WasmResvg {
  /** @param {string} svg @param {{ font: { fontFiles: string[], loadSystemFonts?: boolean } }} options - as @resvg/resvg-js takes them */
  constructor(svg, { font: { fontFiles, loadSystemFonts: _, ...font }, ...options }) {
    super(svg, {
      ...options,
      font: { ...font, fontBuffers: fontFiles.map((file) => readFileSync(file)) },
    });
  }
}
