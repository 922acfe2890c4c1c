import { fetchSources } from "../../lib/fetch/fetch.ts";
import type { Source } from "../../lib/fetch/source.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { sweepFolder } from "../../lib/store/growing.ts";
import { s3Store } from "../../lib/store/s3.ts";
import { slimClient } from "../../lib/store/s3-slim/client.ts";
import { withTemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { hurriedPatience } from "./publisher.ts";

/** What this process is told by its only argument, as JSON. */
export interface FetchOrder {
  readonly sources: readonly Source[];
  readonly now: number;
  readonly kind: "folder" | "bucket";
  /** Path of the folder, or name of the bucket. */
  readonly to: string;
}

/** One round of fetching, in a process that may be killed. */
const { sources, now, kind, to } = JSON.parse(process.argv[2]!) as FetchOrder;
if (kind === "folder") sweepFolder(to);
const store = kind === "folder" ? folderStore(to) : s3Store(slimClient({ forcePathStyle: true }), to);
await withTemporaryFolder((folder) => fetchSources(sources, { store, now, patience: hurriedPatience(), folder }));
