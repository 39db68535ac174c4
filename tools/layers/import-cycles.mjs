/**
 * A shortest cycle through every node that lies on one, leaving out nodes that an earlier cycle names; each is a path that
 * ends where it began.
 *
 * @param {ReadonlyMap<string, readonly string[]>} graph - node to the nodes it points at
 * @returns {string[][]}
 */
export function importCycles(graph) {
  /** @type {string[][]} */
  const cycles = [];
  /** @type {Set<string>} */
  const done = new Set();
  for (const start of [...graph.keys()].sort()) {
    if (done.has(start)) continue;
    const path = shortestWayBack(graph, start);
    if (path === null) continue;
    cycles.push(path);
    for (const node of path) done.add(node);
  }
  return cycles;
}

/** Breadth-first from `start` back to `start`. */
function shortestWayBack(
  /** @type {ReadonlyMap<string, readonly string[]>} */ graph,
  /** @type {string} */ start,
) {
  /** @type {Map<string, string>} */
  const cameFrom = new Map();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) {
        const path = [start];
        for (let at = node; at !== start; at = /** @type {string} */ (cameFrom.get(at)))
          path.push(at);
        path.push(start);
        return path.reverse();
      }
      if (!cameFrom.has(next)) {
        cameFrom.set(next, node);
        queue.push(next);
      }
    }
  }
  return null;
}
