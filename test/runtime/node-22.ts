import { fileURLToPath } from "node:url";

/** The program of the oldest Node that the packed command and library are promised for. */
export const NODE_22 = fileURLToPath(new URL("node_modules/node/bin/node", import.meta.url));
