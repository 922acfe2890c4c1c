import { Duration, RemovalPolicy, Size } from "aws-cdk-lib";
import { type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, type FunctionProps, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { bundle, type FunctionName } from "./bundle.ts";
import type { Settings } from "./settings.ts";
import { acknowledgeWildcards } from "./wildcards.ts";

/** Of an invocation that computes a grid, or a band of one. */
export function sizeOf({ coordinatorMemoryMb, coordinatorTimeoutSeconds, coordinatorStorageMb }: Settings) {
  return {
    memorySize: coordinatorMemoryMb,
    timeout: Duration.seconds(coordinatorTimeoutSeconds),
    ephemeralStorageSize: Size.mebibytes(coordinatorStorageMb),
  } satisfies Partial<FunctionProps>;
}

/** What every function has. */
export function common(name: FunctionName, logs: LogGroup, role: Role) {
  return {
    code: Code.fromAsset(bundle(name).folder),
    handler: "index.handler",
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    logGroup: logs,
    role,
    // An execution is replayed by the version that it began with, so a deployment deletes no version. One whose first
    // deployment fails goes with that.
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
  } satisfies Partial<FunctionProps>;
}

/** Logs of a function, which go with the stack. */
export function logGroup(scope: Construct, { logDays }: Settings): LogGroup {
  return new LogGroup(scope, "Logs", { retention: logDays, removalPolicy: RemovalPolicy.DESTROY });
}

/** A role of its own for each function, without AWS's managed policies: they allow every log group of the account. */
export function functionRole(scope: Construct, logs: LogGroup, statements: readonly PolicyStatement[]): Role {
  const role = new Role(scope, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  logs.grantWrite(role);
  for (const statement of statements) role.addToPolicy(statement);
  acknowledgeWildcards(
    role,
    statements,
    "Keys hold the names of runs, grids and stations: permissions go by their fixed parts.",
  );
  return role;
}
