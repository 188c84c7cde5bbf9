// What an empty map says, as long as it is empty.
export function showEmpty({ store, grid }) {
  const place = document.getElementById("map-empty");
  const draw = () => {
    const isEmpty = !store.shown.stages.length && !store.shown.lanes.length;
    if (place) place.hidden = !isEmpty;
    grid.sheet.parentElement.hidden = isEmpty;
  };
  store.addEventListener("shown", draw);
  draw();
}
