import { existsSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { servePage } from "../src/commands/playground/serve.ts";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();
const built = existsSync(path.join(import.meta.dirname, "../dist/playground/index.html"));

/** Asks a server by the host's name that is told. */
function ask(
  address: string,
  name: string,
  host?: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    request(new URL(name, address), { headers }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on("error", reject)
      .end();
  });
}

// The page is built by `pnpm build`, as the tarball is: without it there is nothing to serve.
describe.skipIf(!built)("mclnn playground", () => {
  let served: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    writeFileSync(at("tracks.csv"), "frame,particle,x,y\n");
    served = await servePage(at("tracks.csv"), 0);
  });
  afterAll(() => {
    served.server.close();
  });

  it("serves the page, and the file beside it, to this machine alone", async () => {
    const page = await ask(served.address, "");
    expect(page.status).toBe(200);
    expect(page.body).toContain("<h1>Learn the law from motion</h1>");
    expect(await ask(served.address, "file")).toEqual({
      status: 200,
      body: "frame,particle,x,y\n",
    });
    expect((await ask(served.address, "file", "evil.example")).status).toBe(403);
    expect((await ask(served.address, "%2e%2e/package.json")).status).toBe(404);
  });

  it("refuses a port in use", async () => {
    const { port } = new URL(served.address);
    await expect(servePage(null, Number(port))).rejects.toMatchObject({ code: "port-taken" });
  });
});

it("refuses a file that is not there, and one that is a folder", async () => {
  for (const [name, got] of [
    ["missing.csv", "no such file"],
    ["", "a folder"],
  ] as const) {
    const { code, stdout } = await runCli(["playground", at(name), "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ argument: "file", got });
  }
});
