import type { handler } from "../../functions/coordinator.ts";
import type { Call } from "./permissions.ts";

type Durable = typeof handler;

/** What the runtime gives a durable function to talk to Lambda with. */
interface DurableClient {
  checkpoint(params: { readonly Updates?: readonly Update[] }): Promise<unknown>;
  getExecutionState(params: object): Promise<unknown>;
}

interface Update {
  readonly Type?: string;
  readonly ChainedInvokeOptions?: { readonly FunctionName?: string };
}

/**
 * The handler, with a record of what it asks of Lambda: to keep its state, to give it back, to invoke a function.
 *
 * @param execution - ARN of the execution, to which the first two are permitted
 */
export function recordedDurable(original: Durable, execution: string, calls: Call[]): Durable {
  const [functions] = execution.split(/(?<=:function:)/);
  /** Of a function of the same account, which may be called by its name. */
  const arnOf = (called: string) => (called.startsWith("arn:") ? called : `${functions}${called}`);
  const record = (action: string, resource: string) => calls.push({ action: `lambda:${action}`, resource });
  return (event, context) => {
    const injected = event as unknown as { durableExecutionClient: DurableClient };
    const client = injected.durableExecutionClient;
    injected.durableExecutionClient = {
      checkpoint(params) {
        record("CheckpointDurableExecution", execution);
        for (const { Type, ChainedInvokeOptions } of params.Updates ?? []) {
          if (Type === "CHAINED_INVOKE") record("InvokeFunction", arnOf(ChainedInvokeOptions?.FunctionName ?? "?"));
        }
        return client.checkpoint(params);
      },
      getExecutionState(params) {
        record("GetDurableExecutionState", execution);
        return client.getExecutionState(params);
      },
    };
    return original(event, context);
  };
}
