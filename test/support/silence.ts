import { channel, subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** A server of the tests says here that it will not answer on a connection any more. */
const silences = channel("s2s-test.silence");

/** @param socket - the server's end of the connection */
export function tellSilence(socket: Socket): void {
  silences.publish(socket);
}

/**
 * From now on the HTTP clients of this process give a silent connection up as soon as they have read all that was sent on
 * it, as if their time were over: they need not wait to know it, and take no slow answer for a silent one.
 */
export function giveUpOnSilence(): void {
  const clients = new Set<Socket>();
  subscribe("net.client.socket", (message) => {
    const { socket } = message as { readonly socket: Socket };
    clients.add(socket);
    socket.once("close", () => clients.delete(socket));
  });
  subscribe(silences.name, (message) => {
    const server = message as Socket;
    const client = [...clients].find(({ localPort }) => localPort === server.remotePort);
    if (client === undefined) return;
    const giveUp = () => {
      if (client.bytesRead < server.bytesWritten) return;
      client.destroy(Object.assign(new Error("the connection is silent"), { name: "TimeoutError" }));
    };
    client.on("data", giveUp);
    giveUp();
  });
}
