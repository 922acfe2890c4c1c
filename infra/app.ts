import { App, Validations } from "aws-cdk-lib";
import flags from "aws-cdk-lib/recommended-feature-flags.json" with { type: "json" };
import { AwsSolutionsChecks } from "cdk-nag";
import { isInputError } from "../lib/errors.ts";
import { settingsFrom } from "./settings.ts";
import { S2sFanoutStack } from "./stack.ts";

// The feature flags that are recommended for a new app: `cdk init` would write them to cdk.json.
const app = new App({ context: flags });
try {
  new S2sFanoutStack(app, settingsFrom(app.node.getAllContext()));
} catch (error) {
  if (!isInputError(error)) throw error;
  console.error(error.message);
  process.exit(1);
}
// A finding fails the synthesis, and so the deployment.
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
