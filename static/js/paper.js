// a[data-paper]: the map's page of sheets, which stands in for this page on paper. Ctrl-P prints it
// from a hidden frame; printing from the browser's menu puts the sheets into this page.
import { behaviour } from "touchline/behaviour";
import { fitSheets } from "touchline/sheets";

const mac = /Mac|iPhone|iPad/.test(navigator.platform);

function partOf(href) {
  const address = new URL(href, location.href);
  address.searchParams.set("part", "");
  return address.href;
}

function printFrame(href) {
  document.getElementById("paper-frame")?.remove();
  const frame = document.createElement("iframe");
  frame.id = "paper-frame";
  frame.hidden = true;
  frame.addEventListener("load", () => frame.contentWindow.print());
  frame.src = href;
  document.body.append(frame);
}

// The browser waits for nothing here, so the sheets are fetched while it is held up.
function putSheets(href) {
  const request = new XMLHttpRequest();
  request.open("GET", partOf(href), false);
  try {
    request.send();
  } catch {
    return;
  }
  if (request.status !== 200) return;
  const sheets = document.createElement("div");
  sheets.id = "paper";
  sheets.innerHTML = request.responseText;
  document.body.append(sheets);
  for (const found of sheets.querySelectorAll(".paper-sheets")) fitSheets(found);
}

behaviour("a[data-paper]", (link) => {
  const onKey = (event) => {
    if (event.key.toLowerCase() !== "p" || event.shiftKey || event.altKey) return;
    if (mac ? !event.metaKey : !event.ctrlKey) return;
    event.preventDefault();
    printFrame(link.href);
  };
  const before = () => putSheets(link.href);
  const after = () => document.getElementById("paper")?.remove();
  document.addEventListener("keydown", onKey);
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  return () => {
    document.removeEventListener("keydown", onKey);
    removeEventListener("beforeprint", before);
    removeEventListener("afterprint", after);
  };
});
