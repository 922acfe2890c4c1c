import { editMessages, MESSAGE } from "./hdf5-header.ts";

/**
 * h5wasm can set one filter on a dataset, and real NetCDF-4 files have two: shuffle, then deflate. So the dataset is
 * made empty with deflate alone and with options that nothing needs, which make its filter pipeline message just as
 * long as that of two filters; the file is closed, the message replaced, and HDF5 opens it as it would any other file
 * and runs both filters on whatever is written from then on.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.l "The Data Storage - Filter Pipeline Message", version 1.
 */
const DEFLATE = 1;
const SHUFFLE = 2;
const OPTIONAL = 1;

/** What `create_dataset` needs of its `compression` options for {@link shuffleAndDeflate} to fit in. */
export const ROOM_FOR_TWO_FILTERS = { compression: DEFLATE, compression_opts: Array<number>(8).fill(0) };

/**
 * Makes the filters of an empty dataset shuffle and deflate.
 *
 * @param path a closed file, of library bound `earliest`
 * @param address of the dataset's object header; the dataset was made with {@link ROOM_FOR_TWO_FILTERS}
 * @param elementSize bytes of a value
 * @param level of deflate, 1 to 9
 */
export function shuffleAndDeflate(path: string, address: number, elementSize: number, level: number): void {
  const pipeline = Buffer.concat([
    Buffer.from([1, 2, 0, 0, 0, 0, 0, 0]), // version, number of filters, reserved
    filter(SHUFFLE, "shuffle", elementSize),
    filter(DEFLATE, "deflate", level),
  ]);
  const edited = editMessages(path, [address], MESSAGE.filterPipeline, (body) => {
    if (body.length !== pipeline.length) {
      throw new Error(`${path}: filter pipeline message of ${body.length} bytes, not ${pipeline.length}`);
    }
    pipeline.copy(body);
  });
  if (edited !== 1) throw new Error(`${path}: ${edited} filter pipeline messages at ${address}, not 1`);
}

/** One filter of the pipeline with its one option; the name fills eight bytes with its final zero. */
function filter(id: number, name: "shuffle" | "deflate", option: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt16LE(id, 0);
  bytes.writeUInt16LE(name.length + 1, 2);
  bytes.writeUInt16LE(OPTIONAL, 4);
  bytes.writeUInt16LE(1, 6); // number of options
  bytes.write(name, 8, "ascii");
  bytes.writeUInt32LE(option, 16); // then four bytes of padding, the number of options being odd
  return bytes;
}
