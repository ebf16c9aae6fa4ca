// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Template.allow;
import static dev.cumulane.aws.blueprint.Template.arn;
import static dev.cumulane.aws.blueprint.Template.att;
import static dev.cumulane.aws.blueprint.Template.id;
import static dev.cumulane.aws.blueprint.Template.map;
import static dev.cumulane.aws.blueprint.Template.statements;

import dev.cumulane.aws.secrets.SecretsManagerSecrets;
import dev.cumulane.cloud.Needs;
import dev.cumulane.run.TrustLevel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A build project for each pipeline and trust level, a role for each set of secrets that builds are given, and the rule that tells of builds. */
final class BuildResources {
    private static final Pattern ECR =
            Pattern.compile("[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/(.+)");
    private static final int KEPT_DAYS = 90;

    private final Installation installation;

    BuildResources(Installation installation) {
        this.installation = installation;
    }

    /** The projects' names. */
    List<String> projects(Needs needs) {
        List<String> projects = new ArrayList<>();
        needs.builds().keySet().forEach(pipeline -> {
            for (TrustLevel trust : TrustLevel.values()) {
                projects.add(installation.builds().names().project(pipeline, trust));
            }
        });
        return projects;
    }

    /** The names of roles that the engine hands to builds in the place of their project's. */
    List<String> handedRoles(Needs needs) {
        List<String> roles = new ArrayList<>();
        needs.builds().forEach((pipeline, sets) -> {
            for (TrustLevel trust : Needs.WITH_SECRETS) {
                String project = installation.builds().names().project(pipeline, trust);
                sets.stream()
                        .filter(set -> !set.isEmpty())
                        .forEach(set ->
                                roles.add(installation.builds().names().buildRole(project, Needs.references(set))));
            }
        });
        return roles;
    }

    void write(Template template, Needs needs) {
        needs.builds().forEach((pipeline, sets) -> {
            for (TrustLevel trust : TrustLevel.values()) {
                String project = installation.builds().names().project(pipeline, trust);
                project(template, project);
                role(template, project, "");
                if (Needs.WITH_SECRETS.contains(trust)) {
                    sets.stream().filter(set -> !set.isEmpty()).forEach(set -> role(template, project, set));
                }
            }
        });
        List<String> projects = projects(needs);
        if (!projects.isEmpty()) {
            rule(template, projects);
        }
    }

    private void project(Template template, String project) {
        String role = installation.builds().names().buildRole(project, List.of());
        template.resource(
                id("project", project),
                "AWS::CodeBuild::Project",
                map(
                        "Name",
                        project,
                        "ServiceRole",
                        att(id(role), "Arn"),
                        "Source",
                        map(
                                "Type",
                                "NO_SOURCE",
                                "BuildSpec",
                                "{\"version\":\"0.2\",\"phases\":{\"build\":{\"commands\":[\"exit 64\"]}}}"),
                        "Artifacts",
                        map("Type", "NO_ARTIFACTS"),
                        "Environment",
                        map(
                                "Type",
                                "LINUX_CONTAINER",
                                "Image",
                                "aws/codebuild/standard:7.0",
                                "ComputeType",
                                installation.builds().computeType()),
                        "LogsConfig",
                        map("CloudWatchLogs", map("Status", "ENABLED"))));
        template.resource(
                id("logs", project),
                "AWS::Logs::LogGroup",
                map("LogGroupName", "/aws/codebuild/" + project, "RetentionInDays", KEPT_DAYS));
    }

    private void role(Template template, String project, String set) {
        String name = installation.builds().names().buildRole(project, Needs.references(set));
        List<Map<String, Object>> statements = statements(allow(
                "logs:CreateLogStream logs:PutLogEvents", arn("logs", "log-group:/aws/codebuild/" + project + ":*")));
        statements.addAll(reading(installation.names().namespace(), Needs.references(set)));
        installation
                .builds()
                .mirror()
                .map(ECR::matcher)
                .filter(Matcher::matches)
                .ifPresent(mirror -> {
                    statements.add(allow("ecr:GetAuthorizationToken", "*"));
                    statements.add(allow(
                            "ecr:BatchGetImage ecr:GetDownloadUrlForLayer ecr:BatchImportUpstreamImage",
                            arn("ecr", "repository/" + mirror.group(2) + "/*")));
                });
        template.role(id(name), name, "codebuild", statements);
    }

    /** What reads the values of these secrets, and of no others. */
    static List<Map<String, Object>> reading(String namespace, List<String> references) {
        return onEach(namespace, references, "ssm:GetParameter ssm:GetParameters", "secretsmanager:GetSecretValue");
    }

    /** What finds out whether these secrets exist, without reading them. A parameter is read without being decrypted. */
    static List<Map<String, Object>> finding(String namespace, Collection<String> references) {
        return onEach(namespace, references, "ssm:GetParameter", "secretsmanager:DescribeSecret");
    }

    /** Secrets Manager puts six characters of its own behind a name. */
    private static List<Map<String, Object>> onEach(
            String namespace, Collection<String> references, String ofParameters, String ofSecrets) {
        List<Map<String, Object>> statements = new ArrayList<>();
        for (String reference : references) {
            String name = SecretsManagerSecrets.name(namespace, reference);
            statements.add(
                    SecretsManagerSecrets.isParameter(reference)
                            ? allow(ofParameters, arn("ssm", "parameter" + name))
                            : allow(ofSecrets, arn("secretsmanager", "secret:" + name + "-??????")));
        }
        return statements;
    }

    private void rule(Template template, List<String> projects) {
        template.resource(
                "BuildsRule",
                "AWS::Events::Rule",
                map(
                        "Name",
                        installation.names().namespace() + "-builds",
                        "EventPattern",
                        map(
                                "source",
                                List.of("aws.codebuild"),
                                "detail-type",
                                List.of("CodeBuild Build State Change"),
                                "detail",
                                map(
                                        "build-status",
                                        List.of("SUCCEEDED", "FAILED", "FAULT", "STOPPED", "TIMED_OUT"),
                                        "project-name",
                                        projects)),
                        "Targets",
                        List.of(map("Id", "signals", "Arn", att(DataResources.QUEUE, "Arn")))));
        template.output("Builds", String.join(" ", projects), "The build projects.");
    }
}
