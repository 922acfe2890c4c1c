import { type Contents, contentsOf, type DescribedDataset } from "../contents.ts";
import {
  firstReferences,
  netcdfAttributes,
  numbersOf,
  readStoredAttributes,
  type StoredAttribute,
  terminatedText,
} from "./attributes.ts";
import { type PlainDataset, readDataset, type Values } from "./dataset.ts";
import { GlobalHeap } from "./global-heap.ts";
import { requireKnown } from "./known-messages.ts";
import { readLinks } from "./links.ts";
import { insist, leave, type Metadata } from "./metadata.ts";
import { headerMessages, MESSAGE, type ObjectHeader } from "./object-header.ts";
import { rootAddress } from "./superblock.ts";

/** A dataset of the root group, as it was found. */
export interface FoundDataset extends PlainDataset {
  readonly name: string;
  readonly address: number;
  readonly attributes: ReadonlyMap<string, StoredAttribute>;
  readonly scaleName: string | null;
}

/** Of all datasets: those of 80,000 variables of time, latitude and longitude. */
const MOST_DIMENSIONS = 2 ** 18;

/**
 * What the root group of a file holds. All of it that can be asked for later is looked at here, but for the values.
 *
 * @throws LeftToLibrary where anything is not known here exactly, or damaged
 */
export function readContents(file: Metadata): Contents<Values> {
  const root = readHeader(file, rootAddress(file));
  const heap = new GlobalHeap(file);
  const links = readLinks(file, root) ?? leave("a root that is no group");
  insist(new Set(links.map(({ address }) => address)).size === links.length, "an object of two names");
  const found = links.flatMap((link) => findDataset(file, link) ?? []);
  const dimensions = found.reduce((sum, { space }) => sum + space.shape.length, 0);
  insist(dimensions <= MOST_DIMENSIONS, "more dimensions than are named here");
  const scales = new Map(found.map(({ address, name, scaleName: scale }) => [address, scale === null ? null : name]));
  return contentsOf(
    found.map((dataset) => describeDataset(dataset, scales, heap)),
    () => netcdfAttributes(readStoredAttributes(file, root), heap),
  );
}

/**
 * The dataset at an address; undefined where it is a group: groups within the root are not read, nor is anything in them.
 *
 * @throws LeftToLibrary
 */
export function findDataset(
  file: Metadata,
  { name, address }: { readonly name: string; readonly address: number },
): FoundDataset | undefined {
  const header = readHeader(file, address);
  insist(header.referenceCount === 1, "an object of several names");
  const attributes = readStoredAttributes(file, header);
  if (isGroup(file, header)) return undefined;
  return { name, address, ...readDataset(file, header), attributes, scaleName: scaleName(attributes) };
}

function readHeader(file: Metadata, address: number): ObjectHeader {
  const header = headerMessages(file, address);
  requireKnown(header);
  return header;
}

function isGroup(file: Metadata, header: ObjectHeader): boolean {
  const dataset = header.messages.some(({ type }) => type === MESSAGE.dataspace);
  const group = readLinks(file, header) !== undefined;
  insist(dataset !== group, "not a dataset, nor a group, but neither or both");
  return group;
}

const SCALE_CLASS = "DIMENSION_SCALE";

/** As HDF5's dimension scales have it: null where it is none, and no name where it has none. */
function scaleName(attributes: ReadonlyMap<string, StoredAttribute>): string | null {
  const [scaleClass, name] = [attributes.get("CLASS"), attributes.get("NAME")];
  if (scaleClass === undefined) return null;
  const { text, itemBytes } = terminatedText(scaleClass);
  insist(text === SCALE_CLASS && itemBytes === SCALE_CLASS.length + 1, "a class that is no dimension scale's");
  return name === undefined ? "" : terminatedText(name).text;
}

/** @param scales - of every dataset, by its address: its name, or null where it is no dimension scale */
export function describeDataset(
  { name, type, space, chunk, values, attributes, scaleName: scale }: FoundDataset,
  scales: ReadonlyMap<number, string | null>,
  heap: GlobalHeap,
): DescribedDataset<Values> {
  const { shape, maxShape } = space;
  const lists = scale === null ? attributes.get("DIMENSION_LIST") : undefined;
  const references = lists === undefined ? shape.map(() => undefined) : firstReferences(lists, heap);
  insist(references.length === shape.length, "a dimension list of another length");
  return {
    dimensions: {
      name,
      shape,
      unlimited: maxShape.map((size) => size === Infinity),
      scale: scale !== null,
      dimensionId: numbersOf(attributes.get("_Netcdf4Dimid"))[0],
      coordinates: numbersOf(attributes.get("_Netcdf4Coordinates")),
      attached: references.map((address) =>
        address === undefined ? undefined : (scales.get(address) ?? leave("a dimension that is no scale here")),
      ),
    },
    type,
    chunks: chunk,
    scaleName: scale,
    attributes: () => netcdfAttributes(attributes, heap),
    stored: () => values,
  };
}
