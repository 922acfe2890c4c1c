import { DurableOperationError } from "@aws/durable-execution-sdk-js";

/** The work's result, or its own error: what the SDK wraps it in says only which operation failed. */
export async function plainly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unwrapped(error);
  }
}

/** The innermost error. */
export function unwrapped(error: unknown): unknown {
  let root = error;
  while (root instanceof DurableOperationError && root.cause !== undefined) root = root.cause;
  return root;
}
