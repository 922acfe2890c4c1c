import { Annotations, Duration } from "aws-cdk-lib";
import { Policy, PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import { type DurableConfig, Function, type IFunction } from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { NAMESPACE_VARIABLE } from "../functions/coordinator/metrics.ts";
import { common, functionRole, logGroup, sizeOf } from "./function-parts.ts";
import { NODE_OPTIONS } from "./node-options.ts";
import { coordinatorStatements } from "./permissions.ts";
import { acknowledgeWildcards } from "./wildcards.ts";
import type { BandMaker, Worker, WorkerProps } from "./workers.ts";

/** How long Lambda's console shows an execution; older runs are known from their manifests. */
const EXECUTION_HISTORY = Duration.days(30);
const DEAD_LETTERS_KEPT = Duration.days(14);

export interface CoordinatorProps extends WorkerProps {
  readonly worker: Worker;
  readonly bandMaker: BandMaker;
}

/** The coordinator, a durable function that is invoked through its alias `live`. */
export class Coordinator extends Construct {
  readonly function: Function;
  readonly role: Role;
  readonly alias: IFunction;
  readonly logs: LogGroup;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: CoordinatorProps) {
    super(scope, id);
    const { settings, storage, worker, bandMaker } = props;
    this.logs = logGroup(this, settings);
    this.deadLetters = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTERS_KEPT,
    });
    this.role = functionRole(this, this.logs, coordinatorStatements(storage, settings.products));
    const durableConfig: DurableConfig = {
      executionTimeout: Duration.minutes(settings.executionTimeoutMinutes),
      retentionPeriod: EXECUTION_HISTORY,
    };
    this.function = new Function(this, "Function", {
      ...common("coordinator", this.logs, this.role),
      ...sizeOf(settings),
      description: "Sees the runs of a new forecast to their end: claim, plan, grid, chunks, manifest",
      durableConfig,
      deadLetterQueue: this.deadLetters,
      environment: coordinatorEnvironment(props),
    });
    Annotations.of(this.function).acknowledgeInfo(
      "aws-lambda:Function.DurableConfig",
      "The function is durable from its first deployment on.",
    );
    const mayRun = this.#allowExecutions([worker.function, bandMaker.function]);
    // As in storage.ts, the class does not fit its own interface.
    this.alias = this.function.addAlias("live", { maxEventAge: Duration.hours(6) }) as IFunction;
    this.alias.node.addDependency(mayRun);
  }

  /** A policy beside the role's own: it names the function, which is made only after the role's own policy. */
  #allowExecutions(workers: readonly IFunction[]): Policy {
    const statements = [
      new PolicyStatement({
        sid: "KeepState",
        actions: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
        resources: [`${this.function.functionArn}:*`],
      }),
      new PolicyStatement({
        sid: "InvokeWorkers",
        actions: ["lambda:InvokeFunction"],
        resources: workers.map(({ functionArn }) => `${functionArn}:*`),
      }),
      new PolicyStatement({
        // Each forecast below a prefix has an execution of its own.
        sid: "InvokeItself",
        actions: ["lambda:InvokeFunction"],
        resources: [`${this.function.functionArn}:*`],
      }),
    ];
    const policy = new Policy(this, "DurableExecution", { roles: [this.role], statements });
    acknowledgeWildcards(
      policy,
      statements,
      "A run keeps to the versions that it began with, of itself and of the workers.",
    );
    return policy;
  }
}

/** What functions/settings.ts reads. */
function coordinatorEnvironment(props: CoordinatorProps): Record<string, string> {
  const { settings, storage, worker, bandMaker } = props;
  return {
    INPUT_BUCKET: storage.input.bucketName,
    OUTPUT_BUCKET: storage.output.bucketName,
    // Versions, not aliases: a run that is under way during a deployment keeps the workers that it began with.
    STATION_CHUNK_FUNCTION: worker.function.currentVersion.functionArn,
    GRID_BAND_FUNCTION: bandMaker.function.currentVersion.functionArn,
    OBSERVATIONS_KEY: settings.observationsKey ?? "",
    STATIONS_KEY: settings.stationsKey,
    STATIONS_ENCODING: settings.stationsEncoding ?? "",
    PRODUCTS: settings.products.join(","),
    BASELINE: settings.baseline ?? "",
    GRID: settings.grid ?? "",
    CHUNK_SIZE: settings.chunkSize?.toString() ?? "",
    MAX_CONCURRENCY: settings.concurrency.toString(),
    GRID_MEMORY_MB: settings.gridMemoryMb.toString(),
    EXECUTION_TIMEOUT_MINUTES: settings.executionTimeoutMinutes.toString(),
    INVOCATION_STORAGE_MB: settings.coordinatorStorageMb.toString(),
    INVOCATION_SECONDS: settings.coordinatorTimeoutSeconds.toString(),
    [NAMESPACE_VARIABLE]: settings.stackName,
    NODE_OPTIONS: NODE_OPTIONS.coordinator,
  };
}
