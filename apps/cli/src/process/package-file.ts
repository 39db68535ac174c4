/** A file of this package by its path from the package's root; this module lies two folders below it among the sources, and one in the bundle. */
export function packageFile(path: string): URL {
  return new URL(`${import.meta.url.endsWith(".ts") ? "../../" : "../"}${path}`, import.meta.url);
}
