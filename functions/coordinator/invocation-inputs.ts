import type { RunOrder } from "../../lib/run/events.ts";
import type { RunInputs } from "../../lib/run/inputs.ts";
import type { S3Client } from "../../lib/store/s3-client.ts";
import { s3Archive, s3Beside } from "../../lib/store/s3-files.ts";
import { s3Input } from "../../lib/store/s3-folder.ts";
import { TemporaryFolder } from "../../lib/store/temporary-folder.ts";
import type { CoordinatorSettings } from "../settings.ts";

/**
 * The inputs of a run. They are looked up and downloaded when a step first asks for them, and kept for the steps after it in the
 * same invocation: so the archive comes once for plan and grid, and a HEAD serves claim and plan. Hindcasts, which no grid is
 * made of and which could fill the disk beside one, are kept for a step.
 */
export class InvocationInputs {
  readonly #order: RunOrder;
  readonly #client: S3Client;
  readonly #settings: CoordinatorSettings;
  #kept: { readonly folder: TemporaryFolder; readonly inputs: RunInputs } | undefined;

  constructor(order: RunOrder, client: S3Client, settings: CoordinatorSettings) {
    this.#order = order;
    this.#client = client;
    this.#settings = settings;
  }

  /** Gives a step the inputs. One that fails is tried again with inputs that are looked up anew. */
  async use<T>(step: (inputs: RunInputs) => Promise<T>): Promise<T> {
    await using folder = new TemporaryFolder();
    this.#kept ??= this.#open();
    try {
      return await step({ ...this.#kept.inputs, ...this.#ofStep(folder) });
    } catch (error) {
      await this.letGo();
      throw error;
    }
  }

  /**
   * Removes what was downloaded. To be called before anything that the execution may be suspended in: it goes on in another
   * invocation, and nothing that stands after the wait in this one is ever reached.
   */
  async letGo(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.folder[Symbol.asyncDispose]();
  }

  #open() {
    const folder = new TemporaryFolder();
    const { product, forecastKey } = this.#order;
    const { OBSERVATIONS_KEY, STATIONS_KEY, STATIONS_ENCODING } = this.#settings;
    const { key, climatology } = product.observations;
    const inputs: RunInputs = {
      observations: this.#archive(OBSERVATIONS_KEY ?? key, folder),
      forecast: this.#file(forecastKey, folder),
      stations: this.#file(STATIONS_KEY, folder),
      climatology: climatology && this.#file(climatology.key, folder),
      encoding: STATIONS_ENCODING,
    };
    return { folder, inputs };
  }

  #ofStep(folder: TemporaryFolder): Pick<RunInputs, "hindcasts" | "beside"> {
    const { product, forecastKey } = this.#order;
    const { climatology, initialisations } = product.forecast;
    const place = { client: this.#client, bucket: this.#settings.INPUT_BUCKET, key: forecastKey };
    return {
      hindcasts: climatology && this.#archive(climatology.key, folder),
      beside: initialisations && s3Beside(place, folder.path),
    };
  }

  #file(key: string, { path }: TemporaryFolder) {
    return s3Input(this.#client, this.#settings.INPUT_BUCKET, key, path);
  }

  #archive(pattern: string, { path }: TemporaryFolder) {
    return s3Archive({ client: this.#client, bucket: this.#settings.INPUT_BUCKET, pattern }, path);
  }
}
