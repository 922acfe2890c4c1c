import { isIP } from "node:net";

/** Where the requests for a bucket go. */
export interface BucketHost {
  readonly protocol: string;
  readonly hostname: string;
  /** Empty for the protocol's own. */
  readonly port: string;
  /** What comes before a key. */
  readonly base: string;
}

export interface HostSettings {
  readonly region: string;
  /** URL of another server than the region's own. */
  readonly endpoint?: string | undefined;
  /** Keys come after the host's name, not buckets before it: what most servers other than AWS need. */
  readonly forcePathStyle?: boolean | undefined;
}

/** The domains of AWS's partitions, by their regions. */
const DOMAINS: readonly (readonly [regions: RegExp, domain: string])[] = [
  [/^cn-/, "amazonaws.com.cn"],
  [/^eusc-/, "amazonaws.eu"],
  [/^us-iso-/, "c2s.ic.gov"],
  [/^us-isob-/, "sc2s.sgov.gov"],
  [/^eu-isoe-/, "cloud.adc-e.uk"],
  [/^us-isof-/, "csp.hci.ic.gov"],
  [/./, "amazonaws.com"],
];
/** A bucket that can stand before the host's name: with a dot in it, no certificate would fit. */
const LABEL = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** @throws TypeError for an endpoint that is no URL */
export function hostOf(bucket: string, { region, endpoint, forcePathStyle = false }: HostSettings): BucketHost {
  const domain = DOMAINS.find(([regions]) => regions.test(region))?.[1];
  const { protocol, hostname, port, pathname } = new URL(endpoint ?? `https://s3.${region}.${domain}`);
  const base = pathname.endsWith("/") ? pathname : `${pathname}/`;
  if (forcePathStyle || isIP(hostname) !== 0 || !LABEL.test(bucket)) {
    return { protocol, hostname, port, base: `${base}${bucket}/` };
  }
  return { protocol, hostname: `${bucket}.${hostname}`, port, base };
}
