import type { Product } from "./product.ts";

/**
 * The keys of runs in the output store; those of grids are in lib/grid/stored-grid.ts. README's "A run in the bucket"
 * explains them to users.
 */
export const keys = {
  claim: (runId: string) => `runs/${runId}/claim.json`,
  plan: (runId: string) => `runs/${runId}/plan.json`,
  stations: (runId: string) => `runs/${runId}/stations.json`,
  chunk: (runId: string, chunkId: string) => `runs/${runId}/chunks/${chunkId}.json`,
  receipts: (runId: string) => `runs/${runId}/receipts/`,
  receipt: (runId: string, chunkId: string) => `runs/${runId}/receipts/${chunkId}.json`,
  manifest: (runId: string) => `runs/${runId}/manifest.json`,
  page: (runId: string) => `runs/${runId}/index.html`,
  table: (runId: string) => `runs/${runId}/stations.csv`,
  series: (product: string, forecast: string) => `runs/series/${product}/${forecast}.json`,
  latest: (product: string) => `${product}/latest.json`,
};

/** A function from a station's id to the key of its CSV. */
export function seriesKeys(product: Product, forecast: string): (station: string) => string {
  const words: Record<string, string> = { product: product.name, forecast, suffix: product.series.suffix };
  return (station) =>
    product.series.key.replace(/\{(\w+)\}/g, (_, word: string) => (word === "station" ? station : words[word]!));
}
