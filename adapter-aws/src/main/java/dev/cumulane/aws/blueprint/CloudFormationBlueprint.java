// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import dev.cumulane.cloud.Blueprint;
import dev.cumulane.pipeline.Plan;
import java.util.List;

/**
 * Writes an installation as a CloudFormation template in JSON: where its data lies, its three kinds of functions, a build project for each pipeline and trust level, and for
 * each of them a role of its own, whose statements are derived from the pipelines: exact actions and resources.
 *
 * <p>One action stands with all resources, since its service knows no others for it: {@code ecr:GetAuthorizationToken}, where an image mirror is used. The table and the bucket stay
 * when the template is removed, and so do the worker versions that runs in flight may still call.
 */
public final class CloudFormationBlueprint implements Blueprint {
    private final Installation installation;

    /**
     * The blueprint of an installation.
     *
     * @param installation what is installed
     */
    public CloudFormationBlueprint(Installation installation) {
        this.installation = installation;
    }

    @Override
    public String template(List<Plan> plans) {
        Needs needs = Needs.of(plans);
        Template template = new Template();
        new DataResources(installation.names()).write(template);
        new BuildResources(installation).write(template, needs);
        new FunctionResources(installation).write(template, needs);
        DeployResources.of(installation).rule(template, needs);
        return template.text();
    }
}
