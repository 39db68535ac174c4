import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname } from "node:path";
import { MclnnError } from "@mclnn/physics";
import { packageFile } from "../../process/package-file.ts";

/** Where the built page lies in this package (`bundle.mjs`). */
const PAGE = packageFile("dist/playground/");
const HOST = "127.0.0.1";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
};
const BYTES = "application/octet-stream";
/** Who may load what: the page itself says more (its own policy). */
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** A page on this machine. */
export interface Served {
  readonly server: Server;
  /** `http://127.0.0.1:8000/` */
  readonly address: string;
}

/**
 * Serves the page, and one file beside it, to this machine alone.
 *
 * @param file - path of what the page fetches as `file`; null: nothing
 * @param port - 0: any that is free
 * @throws MclnnError `page-not-built`, `port-taken`
 */
export async function servePage(file: string | null, port: number): Promise<Served> {
  const pages = await pagesOf();
  const server = createServer((request, response) => {
    answer(request, response, { pages, file, server });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(error, port)));
    server.listen(port, HOST, resolve);
  });
  return { server, address: `http://${HOST}:${portOf(server)}/` };
}

/** The files of the page by their paths. */
async function pagesOf(): Promise<ReadonlyMap<string, Buffer>> {
  const pages = new Map<string, Buffer>();
  try {
    const entries = await readdir(PAGE, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((each) => each.isFile())) {
      const folder = entry.parentPath.slice(entry.parentPath.indexOf("playground") + 10);
      const name = `${folder.replaceAll("\\", "/")}/${entry.name}`.replace(/^\/+/, "");
      pages.set(name, await readFile(new URL(name, PAGE)));
    }
  } catch (error) {
    throw new MclnnError("the page is not there", {
      code: "page-not-built",
      argument: "playground",
      expected: "the built page in this package",
      got: "nothing",
      mend: "In a clone, build it first: npx -y pnpm@12 build",
      cause: error,
    });
  }
  return pages;
}

/** What is served: the page's files by their paths, and the path of the file beside it. */
interface Contents {
  readonly pages: ReadonlyMap<string, Buffer>;
  readonly file: string | null;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { pages, file, server }: Contents & { readonly server: Server },
): void {
  const name = new URL(request.url ?? "/", `http://${HOST}`).pathname.slice(1) || "index.html";
  const page = pages.get(name);
  const refused = refusal(request, portOf(server));
  if (refused !== null) response.writeHead(refused, HEADERS).end();
  else if (name === "file" && file !== null) {
    response.writeHead(200, { ...HEADERS, "content-type": BYTES });
    createReadStream(file)
      .on("error", () => response.destroy())
      .pipe(response);
  } else if (page === undefined) response.writeHead(404, HEADERS).end();
  else
    response
      .writeHead(200, { ...HEADERS, "content-type": TYPES[extname(name)] ?? BYTES })
      .end(page);
}

/** The status of a request that is not answered; null for one that is. */
function refusal({ method, headers }: IncomingMessage, port: number): 403 | 405 | null {
  // Another name for this machine is a page elsewhere that would read what is here.
  if (![`${HOST}:${port}`, `localhost:${port}`].includes(headers.host ?? "")) return 403;
  return method === "GET" || method === "HEAD" ? null : 405;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function portError(error: NodeJS.ErrnoException, port: number): MclnnError {
  return new MclnnError(`port ${port} cannot be used`, {
    code: "port-taken",
    argument: "--port",
    expected: "a port that is free and allowed",
    got: error.code === "EADDRINUSE" ? "one that is in use" : (error.code ?? error.message),
    mend: "Leave --port out: any free one is then taken.",
    cause: error,
  });
}
