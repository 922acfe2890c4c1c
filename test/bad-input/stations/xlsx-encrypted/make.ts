import { oleFile } from "../../../support/workbooks.ts";

/** A workbook with a password. */
export default () => oleFile({ EncryptionInfo: Buffer.alloc(8), EncryptedPackage: Buffer.alloc(64) });

export const name = "stations.xlsx";
