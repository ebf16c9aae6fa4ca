// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.deliveries.AwsEnvironment;
import dev.cumulane.aws.work.BuildSettings;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Needs;
import dev.cumulane.pipeline.Environment;
import dev.cumulane.pipeline.Plan;
import java.util.List;
import java.util.SortedMap;

/**
 * Writes an installation as a CloudFormation template in JSON: where its data lies, its three kinds of functions, a build project for each pipeline and trust level, and for
 * each of them a role of its own, whose statements are derived from the pipelines: exact actions and resources.
 *
 * <p>One action stands with all resources, since its service knows no others for it: {@code ecr:GetAuthorizationToken}, where an image mirror is used. The table and the bucket stay
 * when the template is removed, and so do the worker versions that runs in flight may still call.
 */
public final class CloudFormationBlueprint implements Blueprint {
    private final AwsNames names;
    private final BuildSettings builds;
    private final SortedMap<String, AwsEnvironment> environments;

    /**
     * The blueprint of an installation.
     *
     * @param names what everything is called
     * @param builds how builds are run
     * @param environments what the environments are bound to
     */
    public CloudFormationBlueprint(
            AwsNames names, BuildSettings builds, SortedMap<String, AwsEnvironment> environments) {
        this.names = names;
        this.builds = builds;
        this.environments = environments;
    }

    @Override
    public String template(Demand demand, Code code) {
        Needs needs = Needs.of(demand.plans());
        requireBindings(needs);
        Installation installation =
                new Installation(names, builds, environments, code, demand.ingressSecrets(), demand.engineSecrets());
        Template template = new Template(code);
        new DataResources(names).write(template);
        new BuildResources(installation).write(template, needs);
        new FunctionResources(installation).write(template, needs);
        List<String> pipelines = demand.plans().stream().map(Plan::pipeline).toList();
        new Monitoring(installation).write(template, needs, pipelines);
        DeployResources.of(installation).rule(template, needs);
        if (needs.updatesItself()) {
            new SelfResources(installation).write(template, needs);
        }
        return template.text();
    }

    private void requireBindings(Needs needs) {
        for (String environment : needs.environments()) {
            if (!environments.containsKey(environment) && !environment.equals(Environment.ITSELF.name())) {
                throw new IllegalArgumentException("a pipeline deploys to environment '" + environment
                        + "', which cloud aws has no binding for; it has: "
                        + (environments.isEmpty() ? "none" : String.join(", ", environments.keySet())));
            }
        }
    }
}
