// Reads the command's bundle, which infra/command/build.ts makes: all of its code in one file, in chunks, each with what
// V8 compiled of it. In JavaScript, as functions/s2s.js is, and loading nothing that Node has not loaded by itself.
//
// The bundle is used only while it is what the sources would be: it lists the size and the time of change of every file
// that it was made of, and of the list of installed packages. An edit, a checkout or an installation changes one of them,
// and then the sources are run. Its own size and time of change stand in it too, so that one which was cut off or written
// to is left alone.

// To import them as modules takes a tenth of Node's own start.
const { closeSync, fstatSync, openSync, readSync, statSync } = process.getBuiltinModule("fs");
const { Script } = process.getBuiltinModule("vm");
const { crc32 } = process.getBuiltinModule("zlib");

const root = import.meta.dirname.slice(0, -"functions".length);
const folder = `${root}build/command`;

/** Bytes of the first line: the length of the header, with spaces before it. */
const LENGTH_LINE = 12;

/**
 * The bundle of the command, ready to be run.
 *
 * @returns undefined where it is missing, damaged, or not made of the sources as they are now
 */
export function openBundle(path = `${folder}/bundle`) {
  let file;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  const bundle = readHeader(file);
  if (bundle !== undefined && bundle.header.inputs.every(isUnchanged)) return loaderOf(file, bundle);
  closeSync(file);
  return undefined;
}

/** The size, and the time of change in ms, that a file has. */
function isUnchanged([name, size, changed]) {
  const stat = statSync(root + name, { throwIfNoEntry: false });
  return stat !== undefined && stat.size === size && stat.mtimeMs === changed;
}

function readHeader(file) {
  try {
    const length = Number(read(file, 0, LENGTH_LINE).utf8Slice());
    const header = JSON.parse(read(file, LENGTH_LINE, length).utf8Slice());
    const start = LENGTH_LINE + length;
    const { size, mtimeMs } = fstatSync(file);
    return size === start + header.bytes && mtimeMs === header.written ? { header, start } : undefined;
  } catch {
    // Not as it was written.
    return undefined;
  }
}

function read(file, position, length) {
  const bytes = Buffer.allocUnsafeSlow(length);
  if (readSync(file, bytes, 0, length, position) !== length) throw new Error("the bundle ends too early");
  return bytes;
}

/** Runs chunks, each once, as CommonJS modules do. The file stays open: what is loaded late is what was built with the rest. */
function loaderOf(file, { header, start }) {
  const modules = new Map();
  const scripts = new Map();
  // Where stack traces have the chunks: beside the bundle.
  const nameOf = (chunk) => `${folder}/${chunk}`;

  function load(chunk) {
    const known = modules.get(chunk);
    if (known !== undefined) return known.exports;
    // A name that is not there is damage, too.
    const [at, length, cached, checksum] = header.chunks[chunk] ?? [0, 0, 0];
    const bytes = read(file, start + at, length + cached);
    // V8 takes what it has compiled as it is, whatever is in it.
    if (crc32(bytes) !== checksum) throw new Error(`${folder}/bundle is damaged: remove it, and the sources are run`);
    const filename = nameOf(chunk);
    const script = new Script(bytes.utf8Slice(0, length), {
      filename,
      // V8 takes it only from the very version, and with the options, that made it.
      ...(cached === 0 ? {} : { cachedData: bytes.subarray(length) }),
    });
    const module = { exports: {} };
    modules.set(chunk, module);
    scripts.set(chunk, script);
    script.runInThisContext()(module.exports, requireIn, module, filename, folder);
    return module.exports;
  }

  function requireIn(name) {
    if (name.startsWith("./")) return load(name.slice(2));
    return process.getBuiltinModule(name) ?? process.getBuiltinModule("module").createRequire(`${folder}/`)(name);
  }

  return {
    load,
    /** What V8 has compiled so far, by chunk. */
    compiled: () => new Map(Array.from(scripts, ([chunk, script]) => [chunk, script.createCachedData()])),
  };
}
