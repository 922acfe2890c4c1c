import { Annotations, Duration, RemovalPolicy, Size } from "aws-cdk-lib";
import { Policy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Code,
  type DurableConfig,
  Function,
  type FunctionProps,
  type IFunction,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { NAMESPACE_VARIABLE } from "../functions/coordinator/metrics.ts";
import { bundle, type FunctionName } from "./bundle.ts";
import { NODE_OPTIONS } from "./node-options.ts";
import { coordinatorStatements, workerStatements } from "./permissions.ts";
import type { Settings } from "./settings.ts";
import type { Storage } from "./storage.ts";
import { acknowledgeWildcards } from "./wildcards.ts";

/** Kept by Lambda for looking at in the console; the manifests tell of older runs. */
const EXECUTION_HISTORY = Duration.days(30);
/** Of an event whose execution could not begin; one that began and failed is not tried again, but kept as a dead letter. */
const EVENT_ATTEMPTS_AFTER_THE_FIRST = 2;
const DEAD_LETTERS_KEPT = Duration.days(14);

/** The worker, a plain function. */
export class Worker extends Construct {
  readonly function: Function;
  readonly role: Role;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, settings: Settings, { output }: Storage) {
    super(scope, id);
    const { products, workerMemoryMb, workerTimeoutSeconds } = settings;
    this.logs = logGroup(this, settings);
    this.role = functionRole(this, this.logs, workerStatements({ output }, products));
    this.function = new Function(this, "Function", {
      ...common("station-chunk", this.logs, this.role),
      description: "Writes the CSVs of one chunk of stations",
      memorySize: workerMemoryMb,
      timeout: Duration.seconds(workerTimeoutSeconds),
      environment: {
        OUTPUT_BUCKET: output.bucketName,
        NODE_OPTIONS: NODE_OPTIONS["station-chunk"],
      },
    });
  }
}

/** The coordinator, a durable function that is invoked through its alias `live`. */
export class Coordinator extends Construct {
  readonly function: Function;
  readonly role: Role;
  readonly alias: IFunction;
  readonly logs: LogGroup;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, settings: Settings, storage: Storage, worker: Function) {
    super(scope, id);
    const { products, executionTimeoutMinutes } = settings;
    const { input, output } = storage;
    this.logs = logGroup(this, settings);
    this.deadLetters = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTERS_KEPT,
    });
    this.role = functionRole(this, this.logs, coordinatorStatements(storage, products));
    const durableConfig: DurableConfig = {
      executionTimeout: Duration.minutes(executionTimeoutMinutes),
      retentionPeriod: EXECUTION_HISTORY,
    };
    this.function = new Function(this, "Function", {
      ...common("coordinator", this.logs, this.role),
      description: "Sees the runs of a new forecast to their end: claim, plan, grid, chunks, manifest",
      durableConfig,
      memorySize: settings.coordinatorMemoryMb,
      timeout: Duration.seconds(settings.coordinatorTimeoutSeconds),
      ephemeralStorageSize: Size.mebibytes(settings.coordinatorStorageMb),
      deadLetterQueue: this.deadLetters,
      environment: {
        INPUT_BUCKET: input.bucketName,
        OUTPUT_BUCKET: output.bucketName,
        // A version, not an alias: a run that is under way during a deployment ends with the worker it began with.
        STATION_CHUNK_FUNCTION: worker.currentVersion.functionArn,
        STATIONS_KEY: settings.stationsKey,
        PRODUCTS: products.join(","),
        BASELINE: settings.baseline ?? "",
        CHUNK_SIZE: settings.chunkSize?.toString() ?? "",
        MAX_CONCURRENCY: settings.concurrency.toString(),
        GRID_MEMORY_MB: settings.gridMemoryMb.toString(),
        [NAMESPACE_VARIABLE]: settings.stackName,
        NODE_OPTIONS: NODE_OPTIONS.coordinator,
      },
    });
    // Apart from the role's own policy, which the function waits for: these name the function itself.
    const statements = [
      new PolicyStatement({
        sid: "KeepState",
        actions: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
        resources: [`${this.function.functionArn}:*`],
      }),
      new PolicyStatement({
        sid: "InvokeWorker",
        actions: ["lambda:InvokeFunction"],
        resources: [`${worker.functionArn}:*`],
      }),
    ];
    const durable = new Policy(this, "DurableExecution", { roles: [this.role], statements });
    acknowledgeWildcards(
      durable,
      statements,
      "A run keeps to the versions that it began with, of itself and of the worker.",
    );
    Annotations.of(this.function).acknowledgeInfo(
      "aws-lambda:Function.DurableConfig",
      "The function is durable from its first deployment on.",
    );
    // As in storage.ts, the class does not fit its own interface.
    this.alias = this.function.addAlias("live", {
      retryAttempts: EVENT_ATTEMPTS_AFTER_THE_FIRST,
      maxEventAge: Duration.hours(6),
    }) as IFunction;
    this.alias.node.addDependency(durable);
  }
}

function common(name: FunctionName, logs: LogGroup, role: Role) {
  return {
    code: Code.fromAsset(bundle(name).folder),
    handler: "index.handler",
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    logGroup: logs,
    role,
    // An execution replays the very code that it began with, so no version goes while one may be under way.
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  } satisfies Partial<FunctionProps>;
}

function logGroup(scope: Construct, { logDays }: Settings): LogGroup {
  return new LogGroup(scope, "Logs", { retention: logDays, removalPolicy: RemovalPolicy.DESTROY });
}

/** A role of its own for each function, without AWS's managed policies: they allow every log group of the account. */
function functionRole(scope: Construct, logs: LogGroup, statements: readonly PolicyStatement[]): Role {
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
