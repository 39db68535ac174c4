/**
 * Seconds of processor time that this process has used so far, those of V8's compiler and collector threads included.
 *
 * For work on one thread this is what the clock on the wall would say on an idle machine; on a busy one, other programs' turns do not count.
 */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
