import { App, Validations } from "aws-cdk-lib";
import flags from "aws-cdk-lib/recommended-feature-flags.json" with { type: "json" };
import { AwsSolutionsChecks } from "cdk-nag";
import { isInputError } from "../lib/errors.ts";
import { settingsFrom } from "./settings.ts";
import { S2sFanoutStack } from "./stack.ts";

// What a new app is recommended to set, as `cdk init` would write it to cdk.json.
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
