// The page of sheets: its button prints it.
document.querySelector("[data-print]")?.addEventListener("click", () => print());
