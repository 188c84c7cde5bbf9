// Turns CSS colours and tokens ("var(--pain-5)") into rgba() that any drawing library reads.
const probe = document.createElement("span");
probe.hidden = true;
const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
brush.canvas.width = brush.canvas.height = 1;

export function colour(value) {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = "";
  probe.style.color = value;
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = getComputedStyle(probe).color;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
  return alpha === 255 ? `rgb(${red}, ${green}, ${blue})`
    : `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
}

// A copy of a JSON value in which every token is a plain colour.
export function resolveTokens(value) {
  if (typeof value === "string") return value.replace(/var\(--[\w-]+\)/g, colour);
  if (Array.isArray(value)) return value.map(resolveTokens);
  if (value && typeof value === "object" && !ArrayBuffer.isView(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolveTokens(each)]));
  }
  return value;
}
