// A row out of sight costs nothing until it is scrolled to, and then all at once. When nobody waits,
// such rows are laid out one by one: scrolling finds them ready, and as high as they will be.
export function layOutAhead({ grid }) {
  let isAtWork = false;
  const next = () => {
    const row = grid.body.querySelector(":scope > .ed-row:not([data-ready])");
    isAtWork = Boolean(row);
    if (!row) return;
    row.dataset.ready = "";
    requestAnimationFrame(() => whenIdle(next)); // one in a frame
  };
  const begin = () => {
    if (isAtWork) return;
    isAtWork = true;
    whenIdle(next);
  };
  grid.sheet.addEventListener("drawn", begin);
  begin();
}

const whenIdle = window.requestIdleCallback ?? ((does) => setTimeout(does, 50));
