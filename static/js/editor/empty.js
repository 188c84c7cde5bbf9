// What a map without stages says, as long as it has none.
export function showEmpty({ store, grid }) {
  const place = document.getElementById("map-empty");
  const draw = () => {
    const { stages, lanes } = store.shown;
    place.hidden = stages.length > 0;
    grid.sheet.parentElement.hidden = !stages.length && !lanes.length;
  };
  store.addEventListener("shown", draw);
  draw();
}
