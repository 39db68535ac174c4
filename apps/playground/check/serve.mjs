import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

const TYPES = /** @type {Record<string, string>} */ ({
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
});

/**
 * Serves a folder on this machine, and counts what is asked.
 *
 * @param {string} folder
 */
export async function serve(folder) {
  /** @type {string[]} */
  const asked = [];
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://127.0.0.1").pathname.slice(1) || "index.html";
    asked.push(name);
    try {
      const bytes = readFileSync(path.join(folder, name));
      response.setHeader("content-type", TYPES[path.extname(name)] ?? "application/octet-stream");
      response.end(bytes);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${port}/`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
