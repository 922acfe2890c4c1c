import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { settingsFrom } from "../../infra/settings.ts";
import { S2sFanoutStack } from "../../infra/stack.ts";
import { type Mappings, PLACE, type Resource, resolver } from "./intrinsics.ts";

/** A stack as it would be deployed. */
export interface Synthesized {
  readonly template: Template;
  readonly resources: Readonly<Record<string, Resource>>;
  /** See {@link resolver}. */
  readonly resolve: (value: unknown) => unknown;
  /** What a deployment to this place prints, by the ids of the outputs. */
  outputs(place?: typeof PLACE): Readonly<Record<string, unknown>>;
  functionOf(name: "Coordinator" | "Worker" | "BandMaker" | "Fetcher"): DeployedFunction;
}

export interface DeployedFunction {
  readonly arn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The module in its asset. */
  readonly module: string;
  /** Documents of the policies attached to its role. */
  readonly policies: unknown[];
}

interface TemplateJson {
  readonly Resources: Record<string, Resource>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  readonly Mappings: Mappings;
}

/** Synthesizes the stack with these settings, and no others than a newcomer has. */
export function synthesize(context: Record<string, unknown> = {}): Synthesized {
  const app = new App({ context, analyticsReporting: false });
  const stack = new S2sFanoutStack(app, settingsFrom(context));
  const { directory } = app.synth();
  const template = Template.fromStack(stack);
  const { Resources: resources, Outputs, Mappings: mappings } = template.toJSON() as TemplateJson;
  const resolve = resolver(resources, { mappings });

  return {
    template,
    resources,
    resolve,
    outputs(place = PLACE) {
      const there = resolver(resources, { mappings, place });
      return Object.fromEntries(Object.entries(Outputs).map(([id, { Value }]) => [id, there(Value)]));
    },
    functionOf(name) {
      const constructs = {
        Coordinator: stack.coordinator,
        Worker: stack.worker,
        BandMaker: stack.bandMaker,
        Fetcher: stack.fetcher,
      };
      const { function: deployed, role } = constructs[name]!;
      const { Ref: id } = stack.resolve(deployed.functionName) as { Ref: string };
      const { Ref: roleId } = stack.resolve(role.roleName) as { Ref: string };
      const { Code, Environment } = resources[id]!.Properties;
      return {
        arn: resolve({ "Fn::GetAtt": [id, "Arn"] }) as string,
        environment: resolve(Environment!.Variables) as Record<string, string>,
        module: join(directory, `asset.${Code!.S3Key.replace(/\.zip$/, "")}`, "index.mjs"),
        policies: Object.values(resources)
          .filter(
            ({ Type, Properties }) =>
              Type === "AWS::IAM::Policy" && Properties.Roles?.some((one) => one.Ref === roleId),
          )
          .map(({ Properties }) => resolve(Properties.PolicyDocument)),
      };
    },
  };
}
