/** Where a test's deployment would be. */
export const PLACE: Place = {
  account: "111122223333",
  region: "us-east-1",
  partition: "aws",
  urlSuffix: "amazonaws.com",
};

export type Place = Readonly<Record<"account" | "region" | "partition" | "urlSuffix", string>>;

/** `Mappings` of a template: names, first and second keys. */
export type Mappings = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

export interface Resource {
  readonly Type: string;
  /** Those that tests read. */
  readonly Properties: {
    readonly Bucket?: unknown;
    readonly Code?: { readonly S3Key: string };
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
    readonly FunctionName?: { readonly Ref: string };
    readonly PolicyDocument?: unknown;
    readonly Roles?: readonly { readonly Ref: string }[];
  };
}

/**
 * A value of a template with its references replaced by names and ARNs that a deployment could have.
 *
 * @throws Error for a reference that it does not know
 */
export function resolver(
  resources: Readonly<Record<string, Resource>>,
  { mappings = {}, place = PLACE }: { readonly mappings?: Mappings; readonly place?: Place } = {},
): (value: unknown) => unknown {
  return resolve;

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [""];
    switch (name) {
      case "Ref":
        return nameOf(String(argument));
      case "Fn::GetAtt":
        return arnOf(...(argument as [string, string]));
      case "Fn::Join": {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.map(resolve).join(separator);
      }
      case "Fn::FindInMap": {
        const [mapping, first, second] = (argument as unknown[]).map((key) => String(resolve(key)));
        return mappings[mapping!]![first!]![second!];
      }
      default:
        return Object.fromEntries(entries.map(([key, inner]) => [key, resolve(inner)]));
    }
  }

  function nameOf(id: string): string {
    switch (id) {
      case "AWS::Partition":
        return place.partition;
      case "AWS::URLSuffix":
        return place.urlSuffix;
      case "AWS::Region":
        return place.region;
      case "AWS::AccountId":
        return place.account;
    }
    const { Type, Properties } = resources[id]!;
    if (Type === "AWS::S3::Bucket") return id.includes("Input") ? "input-bucket" : "output-bucket";
    if (Type === "AWS::Lambda::Version") return `${arnOf(Properties.FunctionName!.Ref, "Arn")}:1`;
    return id.toLowerCase();
  }

  function arnOf(id: string, attribute: string): string {
    const type = resources[id]!.Type;
    const { partition } = place;
    const where = `${place.region}:${place.account}`;
    switch (`${type}.${attribute}`) {
      case "AWS::S3::Bucket.Arn":
        return `arn:${partition}:s3:::${nameOf(id)}`;
      case "AWS::Lambda::Function.Arn":
        return `arn:${partition}:lambda:${where}:function:${nameOf(id)}`;
      case "AWS::Logs::LogGroup.Arn":
        return `arn:${partition}:logs:${where}:log-group:${nameOf(id)}:*`;
      case "AWS::SQS::Queue.QueueName":
        return nameOf(id);
      case "AWS::SQS::Queue.Arn":
        return `arn:${partition}:sqs:${where}:${nameOf(id)}`;
      default:
        throw new Error(`no value is known for ${attribute} of ${id}, ${type}`);
    }
  }
}
