import { Duration, Size } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Role } from "aws-cdk-lib/aws-iam";
import { Function } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { NAMESPACE_VARIABLE } from "../functions/coordinator/metrics.ts";
import { common, functionRole, logGroup } from "./function-parts.ts";
import { NODE_OPTIONS } from "./node-options.ts";
import { fetcherStatements } from "./permissions.ts";
import type { WorkerProps } from "./workers.ts";

export interface FetcherProps extends WorkerProps {
  /** Names of sources. */
  readonly sources: readonly string[];
}

/** The function that fetches inputs from their publishers, on a schedule. */
export class Fetcher extends Construct {
  readonly function: Function;
  readonly role: Role;

  constructor(scope: Construct, id: string, { settings, storage: { input }, sources }: FetcherProps) {
    super(scope, id);
    const logs = logGroup(this, settings);
    this.role = functionRole(this, logs, fetcherStatements({ input }));
    this.function = new Function(this, "Function", {
      ...common("fetcher", logs, this.role),
      description: "Fetches forecasts and observations from their publishers into the input bucket",
      // A file is held in both while it lands: lib/fetch/source.ts says how large one may be.
      memorySize: 1024,
      ephemeralStorageSize: Size.mebibytes(1024),
      timeout: Duration.minutes(15),
      // The next round does what this one left.
      retryAttempts: 0,
      environment: {
        INPUT_BUCKET: input.bucketName,
        FETCH_SOURCES: sources.join(","),
        FETCH_LOOK_BACK_DAYS: settings.fetchLookBackDays?.toString() ?? "",
        [NAMESPACE_VARIABLE]: settings.stackName,
        NODE_OPTIONS: NODE_OPTIONS.fetcher,
      },
    });
    new Rule(this, "Schedule", {
      description: "Asks publishers for new files",
      schedule: Schedule.rate(Duration.hours(settings.fetchHours)),
      targets: [new LambdaFunction(this.function)],
    });
  }
}
