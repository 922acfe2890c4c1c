import { runSimulation } from "@cloud-copilot/iam-simulate";
import { expect } from "vitest";
import { PLACE } from "./intrinsics.ts";
import type { RecordedRequest } from "./s3-server.ts";

/** One call of an AWS API, as permissions see it. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** What IAM says of a call by a role with these policies, over TLS unless the call says otherwise. */
export async function decide(
  { action, resource, context = {} }: Call,
  policies: readonly unknown[],
  resourcePolicy?: unknown,
): Promise<"Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied"> {
  const all = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const response = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${PLACE.account}:assumed-role/a-role/a-session`,
        action,
        resource: { resource, accountId: PLACE.account },
        contextVariables: { "aws:SecureTransport": "true", "s3:TlsVersion": "1.3", ...context },
      },
      identityPolicies: policies.map((policy, i) => ({ name: `policy-${i}`, policy })),
      resourcePolicy,
      serviceControlPolicies: [{ orgIdentifier: "o-0", policies: [{ name: "all", policy: all }] }],
      resourceControlPolicies: [],
    },
    {},
  );
  if (response.resultType === "error") {
    expect.fail(`${action} on ${resource} cannot be simulated: ${JSON.stringify(response.errors)}`);
  }
  const { overallResult } = response;
  return overallResult;
}

/** What a request to S3 must be permitted: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export function callsOf({ operation, bucket, key }: RecordedRequest): Call[] {
  const object = `arn:aws:s3:::${bucket}/${key}`;
  switch (operation) {
    case "GetObject":
    case "HeadObject":
      // Listing decides between "not there" and "denied", and the functions tell these apart.
      return [
        { action: "s3:GetObject", resource: object },
        { action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}` },
      ];
    case "ListObjectsV2":
      return [{ action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}` }];
    case "PutObject":
    case "CreateMultipartUpload":
    case "UploadPart":
    case "CompleteMultipartUpload":
      return [{ action: "s3:PutObject", resource: object }];
    case "AbortMultipartUpload":
      return [{ action: "s3:AbortMultipartUpload", resource: object }];
    case "DeleteObject":
      return [{ action: "s3:DeleteObject", resource: object }];
    default:
      return expect.fail(`no permission is known for ${operation}`);
  }
}

/** A role's policies without one of their permissions, for each of them: an action with one resource. */
export function withoutEach(policies: readonly unknown[]): [policies: unknown[], action: string, resource: string][] {
  const documents = policies as readonly {
    Statement: { Effect: string; Action: string | string[]; Resource: string | string[] }[];
  }[];
  return documents.flatMap((document, d) =>
    document.Statement.flatMap((statement, s) => {
      if (statement.Effect !== "Allow") return [];
      const actions = [statement.Action].flat();
      const resources = [statement.Resource].flat();
      return actions.flatMap((action) =>
        resources.map((resource): [unknown[], string, string] => {
          const rest = [
            { ...statement, Action: actions.filter((one) => one !== action), Resource: resources },
            { ...statement, Action: action, Resource: resources.filter((one) => one !== resource) },
          ].filter(({ Action, Resource }) => Action.length > 0 && Resource.length > 0);
          const Statement = document.Statement.toSpliced(s, 1, ...rest);
          return [policies.with(d, { ...document, Statement }), action, resource];
        }),
      );
    }),
  );
}
