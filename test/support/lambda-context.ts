import type { Context } from "aws-lambda";

/** A Lambda context with as much time left as `remaining` says when it is asked. */
export function lambdaContext(remaining: () => number = () => 300_000): Context {
  return {
    awsRequestId: "00000000-0000-4000-8000-000000000000",
    callbackWaitsForEmptyEventLoop: false,
    functionName: "station-chunk",
    functionVersion: "1",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:111122223333:function:station-chunk:live",
    logGroupName: "/aws/lambda/station-chunk",
    logStreamName: "test",
    memoryLimitInMB: "512",
    getRemainingTimeInMillis: remaining,
    done() {},
    fail() {},
    succeed() {},
  };
}
