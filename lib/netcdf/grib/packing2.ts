import { GribUnsupported } from "./damaged.ts";
import type { Scale } from "./packing/scale.ts";
import type { Packing } from "./packing/unpack.ts";
import type { Section } from "./section.ts";

/** How the values of edition 2 are stored, of its section 5. @throws GribDamaged, GribUnsupported */
export function packingOfEdition2(section: Section): Packing {
  const template = section.uint16(9);
  switch (template) {
    case 0:
      return { kind: "simple", ...scaleOf(section), bits: section.uint8(19) };
    case 2:
    case 3:
      return complexOf(section, template);
    case 4:
      return { kind: "ieee", precision: section.uint8(11) };
    case 40:
    case 40_000:
      return { kind: "jpeg2000", ...scaleOf(section), bits: section.uint8(19) };
    case 42:
      return {
        kind: "ccsds",
        ...scaleOf(section),
        bits: section.uint8(19),
        flags: section.uint8(21),
        blockSize: section.uint8(22),
        referenceInterval: section.uint16(23),
      };
    default:
      throw new GribUnsupported(
        `has values packed by template 5.${template}`,
        "Convert it: grib_set -r -s packingType=grid_simple in.grib out.grib",
      );
  }
}

function scaleOf(section: Section): Scale {
  return { reference: section.float32(11), binary: section.int16(15), decimal: section.int16(17) };
}

function complexOf(section: Section, template: 2 | 3): Packing {
  return {
    kind: "complex",
    ...scaleOf(section),
    bits: section.uint8(19),
    missing: section.uint8(22),
    groups: {
      count: section.uint32(31),
      firstWidth: section.uint8(35),
      widthBits: section.uint8(36),
      firstLength: section.uint32(37),
      lengthStep: section.uint8(41),
      lastLength: section.uint32(42),
      lengthBits: section.uint8(46),
    },
    order: template === 3 ? section.uint8(47) : 0,
    orderBytes: template === 3 ? section.uint8(48) : 0,
  };
}
