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
import { bandStatements, coordinatorStatements, workerStatements } from "./permissions.ts";
import type { Settings } from "./settings.ts";
import type { Storage } from "./storage.ts";
import { acknowledgeWildcards } from "./wildcards.ts";

/** How long Lambda's console shows an execution; older runs are known from their manifests. */
const EXECUTION_HISTORY = Duration.days(30);
const DEAD_LETTERS_KEPT = Duration.days(14);

export interface WorkerProps {
  readonly settings: Settings;
  readonly storage: Storage;
}

/** The worker, a plain function. */
export class Worker extends Construct {
  readonly function: Function;
  readonly role: Role;

  constructor(scope: Construct, id: string, { settings, storage: { output } }: WorkerProps) {
    super(scope, id);
    const { products, workerMemoryMb, workerTimeoutSeconds } = settings;
    const logs = logGroup(this, settings);
    this.role = functionRole(this, logs, workerStatements({ output }, products));
    this.function = new Function(this, "Function", {
      ...common("station-chunk", logs, this.role),
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

/** The function that makes bands of grids, a plain one: as large as the coordinator, whose work it does. */
export class BandMaker extends Construct {
  readonly function: Function;
  readonly role: Role;

  constructor(scope: Construct, id: string, { settings, storage }: WorkerProps) {
    super(scope, id);
    const logs = logGroup(this, settings);
    this.role = functionRole(this, logs, bandStatements(storage));
    this.function = new Function(this, "Function", {
      ...common("grid-band", logs, this.role),
      ...sizeOf(settings),
      description: "Makes a band of an anomaly grid that is too large for one invocation",
      environment: {
        INPUT_BUCKET: storage.input.bucketName,
        OUTPUT_BUCKET: storage.output.bucketName,
        GRID_MEMORY_MB: settings.gridMemoryMb.toString(),
        NODE_OPTIONS: NODE_OPTIONS["grid-band"],
      },
    });
  }
}

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

/** Of an invocation that computes a grid, or a band of one. */
function sizeOf({ coordinatorMemoryMb, coordinatorTimeoutSeconds, coordinatorStorageMb }: Settings) {
  return {
    memorySize: coordinatorMemoryMb,
    timeout: Duration.seconds(coordinatorTimeoutSeconds),
    ephemeralStorageSize: Size.mebibytes(coordinatorStorageMb),
  } satisfies Partial<FunctionProps>;
}

function common(name: FunctionName, logs: LogGroup, role: Role) {
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
