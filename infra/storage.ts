import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { keys } from "../lib/keys.ts";
import type { Settings } from "./settings.ts";

/**
 * A grid's marker expires this many days before its tiles. So no run finds half a grid: one that found the marker has long
 * ended when the first tile expires, and one that did not computes the grid anew.
 */
const DAYS_FROM_MARKER_TO_TILES = 7;

/** The two buckets, made here or existing ones by name. Nothing that a run writes can start a run. */
export class Storage extends Construct {
  readonly input: IBucket;
  readonly output: IBucket;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { inputBucket, outputBucket, keepBuckets, trigger, inputVersionDays, runDays, gridDays } = settings;
    const common = {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: keepBuckets ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    } satisfies BucketProps;
    const abortIncompleteMultipartUploadAfter = Duration.days(1);

    // The toolkit's classes do not fit its own interfaces under exactOptionalPropertyTypes: hence `as`.
    this.input =
      inputBucket === undefined
        ? (new Bucket(this, "Input", {
            ...common,
            versioned: true,
            eventBridgeEnabled: trigger === "eventbridge",
            lifecycleRules: [
              {
                id: "ReplacedInputs",
                noncurrentVersionExpiration: Duration.days(inputVersionDays),
                abortIncompleteMultipartUploadAfter,
              },
            ],
          }) as IBucket)
        : Bucket.fromBucketName(this, "Input", inputBucket);

    this.output =
      outputBucket === undefined
        ? (new Bucket(this, "Output", {
            ...common,
            lifecycleRules: [
              { id: "Runs", prefix: keys.runs, expiration: Duration.days(runDays) },
              { id: "Index", prefix: keys.indexEntries, expiration: Duration.days(runDays) },
              { id: "GridMarkers", prefix: keys.gridMarkers, expiration: Duration.days(gridDays) },
              { id: "Grids", prefix: keys.grids, expiration: Duration.days(gridDays + DAYS_FROM_MARKER_TO_TILES) },
              ...seriesRules(settings),
              { id: "Uploads", abortIncompleteMultipartUploadAfter },
            ],
          }) as IBucket)
        : Bucket.fromBucketName(this, "Output", outputBucket);

    Validations.of(this).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Claims, receipts and manifests say which run wrote what. Who read is for CloudTrail's data events to say, in accounts that want them: access logs would hold as many objects again.",
    });
  }
}

/**
 * The series of every product, and its `latest.json`, which is written after them and anew by every run: so it is gone only
 * where no run has come since, and not before the series that it names.
 */
function seriesRules({ products, seriesDays }: Settings): LifecycleRule[] {
  if (seriesDays === undefined) return [];
  const expiration = Duration.days(seriesDays);
  return products.map((product) => ({ id: `Series-${product}`, prefix: keys.product(product), expiration }));
}
