import { Duration } from "aws-cdk-lib";
import type { Role } from "aws-cdk-lib/aws-iam";
import { Function } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { common, functionRole, logGroup, sizeOf } from "./function-parts.ts";
import { NODE_OPTIONS } from "./node-options.ts";
import { bandStatements, workerStatements } from "./permissions.ts";
import type { Settings } from "./settings.ts";
import type { Storage } from "./storage.ts";

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
