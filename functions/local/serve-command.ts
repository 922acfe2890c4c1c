import { InputError } from "../../lib/errors.ts";
import { folderPlace } from "../../lib/store/place.ts";
import { say } from "./say.ts";
import { serve } from "./serve/server.ts";

export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number;
}

/** Shows the pages of a folder until the process ends. @throws InputError `BadName` for a bucket; as {@link serve} */
export async function serveCommand(out: string, { port }: ServeOptions): Promise<void> {
  const place = folderPlace(out);
  if (place.kind === "s3") {
    throw new InputError("BadName", "is in a bucket, which is not served from here", {
      file: out,
      hint: "Serve a folder; docs/outputs.md#all-runs-at-a-glance says how those of a bucket are read",
    });
  }
  const { url } = await serve(place.path, port);
  say(`${url} shows the runs in ${out}, to this machine alone, until Ctrl-C\n`);
}
