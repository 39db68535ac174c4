type Painter = (now: number) => void;
const painters = new Set<Painter>();

/** Draws with every frame. @returns what ends it */
export function onFrame(paint: Painter): () => void {
  painters.add(paint);
  return () => painters.delete(paint);
}

/** From here on time passes: first for the page, then everything is drawn. @param advance - told the seconds since the last frame */
export function runFrames(advance: (seconds: number) => void): void {
  let last = performance.now();
  const frame = (now: number): void => {
    advance(Math.max(0, now - last) / 1000);
    last = now;
    for (const paint of painters) paint(now);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
