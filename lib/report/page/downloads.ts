import type { Colours } from "./colours.ts";
import { el } from "./element.ts";
import { mapImage } from "./map-image.ts";
import type { Model, PageStation, Selection } from "./model.ts";
import { tableCsv } from "./table-csv.ts";

/** A button that saves the map as an image. */
export function imageButton(model: Model, selection: Selection, colours: () => Colours): HTMLElement {
  const onclick = async () => {
    const map = document.querySelector<HTMLCanvasElement>("canvas.map")!;
    const image = await mapImage(model, selection, map, colours());
    if (image !== null) save(image, `${model.data.runId}-map.png`);
  };
  return el("button", { type: "button", class: "save", onclick: () => void onclick() }, "Save map as PNG");
}

/** A button that saves the rows of a table. */
export function tableButton(model: Model, rows: () => readonly PageStation[]): HTMLElement {
  const onclick = () =>
    save(new Blob([tableCsv(model, rows())], { type: "text/csv;charset=utf-8" }), `${model.data.runId}-stations.csv`);
  return el("button", { type: "button", class: "save", onclick }, "Save table as CSV");
}

function save(content: Blob, name: string): void {
  const href = URL.createObjectURL(content);
  el("a", { href, download: name }).click();
  // Not at once: some browsers begin to read it later.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
