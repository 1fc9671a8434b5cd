// Live updates keep no session alive. Whoever reads and moves on the page without asking for anything else is at work all
// the same: that is said to the server, at most once a minute, and only while it is true.

const EVERY = 60_000;

export function attend(): void {
  let last = Date.now();
  const say = () => {
    if (Date.now() - last < EVERY) return;
    last = Date.now();
    void fetch('/console/here').catch(() => undefined);
  };
  for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchmove']) addEventListener(kind, say, { passive: true, capture: true });
}
