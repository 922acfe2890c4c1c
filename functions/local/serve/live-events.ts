import type { ServerResponse } from "node:http";
import { messageOf } from "../../../lib/errors.ts";

/** From one look at the folder to the next, as long as somebody follows. */
const LOOK_MS = 1000;

export interface LiveEvents {
  /** Sends a browser what there is, and then each time that something is new. */
  follow(response: ServerResponse): void;
  end(): void;
}

/** Server-sent events, of one message: what `make` makes, on one line. */
export function liveEvents(make: () => Promise<string>): LiveEvents {
  const followers = new Map<ServerResponse, string>();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const message = await made();
    for (const [response, last] of followers) {
      if (last === message) continue;
      followers.set(response, message);
      response.write(message);
    }
    timer = followers.size === 0 ? undefined : setTimeout(() => void look(), LOOK_MS);
  }

  async function made(): Promise<string> {
    try {
      return `data: ${await make()}\n\n`;
    } catch (error) {
      // A folder that cannot be read for now is looked at again. A comment is no message.
      return `: ${messageOf(error).replaceAll(/[\r\n]+/g, " ")}\n\n`;
    }
  }

  return {
    follow(response) {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      // So that the browser knows at once that it is connected.
      response.write("retry: 2000\n\n");
      response.once("close", () => followers.delete(response));
      followers.set(response, "");
      timer ??= setTimeout(() => void look(), 0);
    },
    end() {
      clearTimeout(timer);
      for (const response of followers.keys()) response.end();
      followers.clear();
    },
  };
}
