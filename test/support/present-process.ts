import { folderPresence } from "../../lib/store/presence.ts";

/** A process that is at work in a folder until it is ended: `present-process.ts <folder>`. It prints what claims call it. */
const [root = ""] = process.argv.slice(2);
const { owner } = folderPresence(root);
process.stdout.write(`${owner}\n`);
setInterval(() => {}, 2 ** 30);
