// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Template.allow;
import static dev.cumulane.aws.blueprint.Template.arn;
import static dev.cumulane.aws.blueprint.Template.att;
import static dev.cumulane.aws.blueprint.Template.map;
import static dev.cumulane.aws.blueprint.Template.statements;

import dev.cumulane.aws.deliveries.AwsEnvironment;
import dev.cumulane.aws.deliveries.FunctionEnvironment;
import dev.cumulane.aws.deliveries.PipelineEnvironment;
import dev.cumulane.cloud.Needs;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the engine needs to deploy to the environments of the pipelines.
 *
 * @param namespace what the installation's resources are called
 * @param environments what the environments are bound to
 */
record DeployResources(String namespace, SortedMap<String, AwsEnvironment> environments) {
    static DeployResources of(Installation installation) {
        return new DeployResources(installation.names().namespace(), installation.environments());
    }

    /** What the engine may do. In another account it may only take on the role that is there; what that one may do is said there. */
    List<Map<String, Object>> engine(Needs needs) {
        List<Map<String, Object>> all = statements();
        TreeSet<String> roles = new TreeSet<>();
        bound(needs)
                .forEach(binding ->
                        binding.role().ifPresentOrElse(role -> roles.add(role.arn()), () -> all.addAll(on(binding))));
        if (!roles.isEmpty()) {
            all.add(allow("sts:AssumeRole", roles.toArray()));
        }
        return all;
    }

    private Stream<AwsEnvironment> bound(Needs needs) {
        return needs.environments().stream()
                .filter(name -> environments.containsKey(name))
                .map(name -> environments.get(name));
    }

    private static List<Map<String, Object>> on(AwsEnvironment binding) {
        return binding instanceof PipelineEnvironment pipeline
                ? on(pipeline)
                : List.of(on((FunctionEnvironment) binding));
    }

    private static Map<String, Object> on(FunctionEnvironment binding) {
        return allow(
                "lambda:CreateAlias lambda:DeleteAlias lambda:GetAlias lambda:GetFunctionConfiguration lambda:InvokeFunction"
                        + " lambda:PublishVersion lambda:UpdateAlias lambda:UpdateFunctionCode",
                arn("lambda", "function:" + binding.function()),
                arn("lambda", "function:" + binding.function() + ":*"));
    }

    private static List<Map<String, Object>> on(PipelineEnvironment binding) {
        List<Map<String, Object>> all = statements(
                allow(
                        "codepipeline:GetPipelineExecution codepipeline:ListActionExecutions codepipeline:ListPipelineExecutions"
                                + " codepipeline:StartPipelineExecution codepipeline:StopPipelineExecution",
                        arn("codepipeline", binding.pipeline())),
                allow(
                        "s3:PutObject",
                        Template.sub(
                                "arn:${AWS::Partition}:s3:::" + binding.source().bucket() + "/"
                                        + binding.source().key())));
        binding.approval().ifPresent(action -> {
            all.add(allow("codepipeline:GetPipelineState", arn("codepipeline", binding.pipeline())));
            all.add(allow("codepipeline:PutApprovalResult", arn("codepipeline", binding.pipeline() + "/*/" + action)));
        });
        return all;
    }

    /** The rule that brings events of the pipelines that are handed to; those of another account have to be forwarded there. */
    void rule(Template template, Needs needs) {
        TreeSet<String> pipelines = new TreeSet<>();
        bound(needs).forEach(binding -> {
            if (binding instanceof PipelineEnvironment pipeline) {
                pipelines.add(pipeline.pipeline());
            }
        });
        if (pipelines.isEmpty()) {
            return;
        }
        template.resource(
                "PipelinesRule",
                "AWS::Events::Rule",
                map(
                        "Name",
                        ruleName(namespace),
                        "EventPattern",
                        map(
                                "source",
                                List.of("aws.codepipeline"),
                                "detail-type",
                                List.of(
                                        "CodePipeline Pipeline Execution State Change",
                                        "CodePipeline Action Execution State Change"),
                                "detail",
                                map("pipeline", List.copyOf(pipelines))),
                        "Targets",
                        List.of(map("Id", "signals", "Arn", att(DataResources.QUEUE, "Arn")))));
    }

    static String ruleName(String namespace) {
        return namespace + "-pipelines";
    }
}
