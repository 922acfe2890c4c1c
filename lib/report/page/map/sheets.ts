import { zoomTransform } from "d3-zoom";
import type { Model } from "../model.ts";
import { Base, type Sheet } from "./base.ts";
import { Field } from "./field.ts";
import type { Places } from "./places.ts";
import { projectionFor } from "./projection.ts";

/** A sheet, and what is drawn on it beneath the stations. */
export interface Drawn extends Sheet {
  readonly base: Base;
  readonly field: Field | undefined;
}

/** What a canvas is drawn on: what depends on its size alone is made again when that changes. */
export class Sheets {
  readonly #canvas: HTMLCanvasElement;
  readonly #data: Model["data"];
  readonly #places: Places;
  #made: Omit<Drawn, "view"> | undefined;

  constructor(canvas: HTMLCanvasElement, data: Model["data"], places: Places) {
    this.#canvas = canvas;
    this.#data = data;
    this.#places = places;
  }

  /** Undefined until the canvas has a size. */
  current(): Drawn | undefined {
    return this.#made && { ...this.#made, view: zoomTransform(this.#canvas) };
  }

  resize(width: number, height: number): void {
    this.#canvas.width = Math.round(width * devicePixelRatio);
    this.#canvas.height = Math.round(height * devicePixelRatio);
    const context = this.#canvas.getContext("2d")!;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const projection = projectionFor(this.#data.region, width, height);
    this.#places.place(projection);
    const { field: cells } = this.#data;
    const base = new Base(projection, this.#data);
    const field = cells && new Field(projection, cells);
    this.#made = { context, width, height, projection, base, field };
  }
}
