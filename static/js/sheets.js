// Sheets of paper (.paper-sheets): one that is a little too high for its page is written smaller, so
// that it stays one page; one that is much too high goes on upon the next. On the screen all are
// made as small as the window is. Imports nothing: pages without an import map load it as well.
const SMALLEST = 0.75;
const TRIES = 6;
// What a page's margins leave of its height, in widths of the page (css/print.css).
const ROOM = 262 / 420;

export function fitSheets(sheets) {
  const hidden = sheets.closest("#paper");
  if (hidden) hidden.dataset.measured = "";
  for (const sheet of sheets.children) fit(sheet, sheet.querySelector(".poster"));
  if (hidden) delete hidden.dataset.measured;
}

function fit(sheet, table) {
  if (!table) return;
  const fits = (size) => {
    table.style.setProperty("--fit", size);
    return table.getBoundingClientRect().height <= ROOM * sheet.getBoundingClientRect().width;
  };
  if (fits(1)) return;
  let low = SMALLEST;
  if (!fits(low)) return table.style.removeProperty("--fit");
  let high = 1;
  for (let i = 0; i < TRIES; i += 1) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  fits(low);
}

function fitAll() {
  for (const sheets of document.querySelectorAll(".paper-sheets")) fitSheets(sheets);
}

function preview() {
  const sheets = document.querySelector(".paper-page .paper-sheets");
  if (!sheets) return;
  sheets.style.setProperty("--preview", 1);
  const width = sheets.querySelector(".paper-sheet").getBoundingClientRect().width;
  const room = sheets.parentElement.clientWidth - 2 * parseFloat(getComputedStyle(sheets).paddingLeft);
  sheets.style.setProperty("--preview", Math.min(1, room / width));
}

if (document.querySelector(".paper-sheets")) {
  preview();
  fitAll();
  addEventListener("resize", preview);
  addEventListener("load", fitAll); // pictures have come
  addEventListener("beforeprint", fitAll);
}
document.querySelector("[data-print]")?.addEventListener("click", () => print());
