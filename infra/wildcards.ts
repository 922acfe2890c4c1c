import { Stack, Validations } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { flattenCfnReference } from "cdk-nag/lib/utils/flatten-cfn-reference.js";
import type { Construct } from "constructs";

/** Tells cdk-nag why resources of these statements have a `*`. In an action, or elsewhere, a `*` remains a finding. */
export function acknowledgeWildcards(scope: Construct, statements: readonly PolicyStatement[], reason: string): void {
  const resources = statements.flatMap((statement) => Stack.of(scope).resolve(statement.resources) as unknown[]);
  for (const name of new Set(resources.map((resource) => flattenCfnReference(resource)))) {
    if (name.includes("*")) Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${name}]`, reason });
  }
}
