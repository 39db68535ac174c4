// A worker whose jobs are the ways a thread can end.
export default async function work({ job, port }) {
  if (job === "exits") process.exit(3);
  if (job === "throws outside its task") {
    setTimeout(() => {
      throw new Error("thrown from nowhere");
    }, 10);
    await new Promise(() => {});
  }
  if (job === "waits") await new Promise((resolve) => port.on("message", resolve));
  port.close();
  return { outcome: job };
}
