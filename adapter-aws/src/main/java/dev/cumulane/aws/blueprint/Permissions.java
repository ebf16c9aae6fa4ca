// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Template.allow;
import static dev.cumulane.aws.blueprint.Template.allowPassing;
import static dev.cumulane.aws.blueprint.Template.arn;
import static dev.cumulane.aws.blueprint.Template.att;
import static dev.cumulane.aws.blueprint.Template.statements;
import static dev.cumulane.aws.blueprint.Template.sub;

import dev.cumulane.cloud.Needs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What the functions' roles may do: the calls that each of them makes, on the resources that it makes them on. */
final class Permissions {
    private final Installation installation;
    private final BuildResources builds;
    private final String namespace;

    Permissions(Installation installation) {
        this.installation = installation;
        this.builds = new BuildResources(installation);
        this.namespace = installation.names().namespace();
    }

    /** Ingress reads for the pages and sends; it signs with its own rights what builds read and write. */
    List<Map<String, Object>> ingress(String name, Needs needs) {
        List<Map<String, Object>> statements = common(name);
        statements.add(allow("s3:GetObject", content("objects claims results caches")));
        statements.add(allow("s3:PutObject", content("objects claims results caches")));
        statements.add(allow("dynamodb:GetItem dynamodb:Query", att(DataResources.TABLE, "Arn")));
        statements.add(allow("dynamodb:Query", sub("${Journal.Arn}/index/*")));
        statements.addAll(logs(needs));
        List<Object> projects = projects(needs);
        if (!projects.isEmpty()) {
            statements.add(allow("codebuild:BatchGetBuilds", projects.toArray()));
        }
        statements.addAll(BuildResources.finding(namespace, needs.secrets()));
        statements.addAll(BuildResources.reading(namespace, installation.ingressSecrets()));
        return statements;
    }

    /** The engine keeps the journal, starts and stops work, and deploys. */
    List<Map<String, Object>> engine(String name, Needs needs) {
        List<Map<String, Object>> statements = common(name);
        statements.add(allow("s3:GetObject", content("objects claims results deploys")));
        statements.add(allow("s3:PutObject", content("objects claims results cancel deploys")));
        statements.add(allow(
                "dynamodb:BatchWriteItem dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:Query",
                att(DataResources.TABLE, "Arn")));
        statements.add(allow("dynamodb:Query dynamodb:Scan", sub("${Journal.Arn}/index/*")));
        statements.add(allow(
                "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage",
                att(DataResources.QUEUE, "Arn")));
        statements.add(allow(
                "scheduler:CreateSchedule",
                arn("scheduler", "schedule/" + installation.names().schedules() + "/*")));
        statements.add(allowPassing("scheduler", List.of(att("TimersRole", "Arn"))));
        statements.add(allow("events:PutEvents", att("Bus", "Arn")));
        statements.addAll(logs(needs));
        statements.addAll(building(needs));
        if (!needs.functions().isEmpty()) {
            statements.add(allow("lambda:InvokeFunction", workers(needs, "lambda", "function:", ":*")));
        }
        statements.addAll(BuildResources.finding(namespace, needs.secrets()));
        statements.addAll(BuildResources.reading(namespace, installation.engineSecrets()));
        statements.addAll(DeployResources.of(installation).engine(needs));
        if (needs.updatesItself()) {
            statements.addAll(SelfResources.engine(installation, needs));
        }
        if (!needs.alarms().isEmpty()) {
            statements.add(allow(
                    "cloudwatch:DescribeAlarms",
                    arns("cloudwatch", "alarm:", List.copyOf(needs.alarms())).toArray()));
        }
        return statements;
    }

    /** A worker carries out orders, and reads the secrets that it is there for. */
    List<Map<String, Object>> worker(String name, List<String> references) {
        List<Map<String, Object>> statements = common(name);
        statements.add(allow("s3:GetObject", content("objects claims results cancel")));
        statements.add(allow("s3:PutObject", content("objects claims results")));
        statements.add(allow("s3:AbortMultipartUpload", content("objects")));
        statements.addAll(BuildResources.reading(namespace, references));
        return statements;
    }

    private static List<Map<String, Object>> common(String name) {
        return statements(
                allow("logs:CreateLogStream logs:PutLogEvents", arn("logs", "log-group:/aws/lambda/" + name + ":*")),
                // Without it S3 answers 403 and not 404 for what is not there.
                allow("s3:ListBucket", att(DataResources.BUCKET, "Arn")),
                allow("sqs:GetQueueUrl sqs:SendMessage", att(DataResources.QUEUE, "Arn")));
    }

    /** What lies in the bucket under these prefixes, given as one text with spaces. */
    private static Object[] content(String prefixes) {
        return Arrays.stream(prefixes.split(" "))
                .map(prefix -> sub("${Artifacts.Arn}/" + prefix + "/*"))
                .toArray();
    }

    private List<Object> projects(Needs needs) {
        return arns("codebuild", "project/", builds.projects(needs));
    }

    private List<Map<String, Object>> building(Needs needs) {
        List<Map<String, Object>> statements = new ArrayList<>();
        List<Object> projects = projects(needs);
        if (!projects.isEmpty()) {
            statements.add(allow(
                    "codebuild:BatchGetBuilds codebuild:ListBuildsForProject codebuild:StartBuild codebuild:StopBuild",
                    projects.toArray()));
        }
        List<Object> roles = arns("iam", "role/", builds.handedRoles(needs));
        if (!roles.isEmpty()) {
            statements.add(allowPassing("codebuild", roles));
        }
        return statements;
    }

    /** A build has a stream of its own; an invocation's lines are looked for in their group. */
    private List<Map<String, Object>> logs(Needs needs) {
        List<Map<String, Object>> statements = new ArrayList<>();
        List<Object> streams = new ArrayList<>();
        builds.projects(needs)
                .forEach(project -> streams.add(arn("logs", "log-group:/aws/codebuild/" + project + ":*")));
        if (!needs.functions().isEmpty()) {
            streams.addAll(Arrays.asList(workers(needs, "logs", "log-group:/aws/lambda/", ":*")));
            List<Object> groups = new ArrayList<>(Arrays.asList(workers(needs, "logs", "log-group:/aws/lambda/", "")));
            groups.addAll(Arrays.asList(workers(needs, "logs", "log-group:/aws/lambda/", ":*")));
            statements.add(allow("logs:FilterLogEvents", groups.toArray()));
        }
        if (!streams.isEmpty()) {
            statements.add(allow("logs:GetLogEvents", streams.toArray()));
        }
        return statements;
    }

    private Object[] workers(Needs needs, String service, String before, String after) {
        List<String> names = new ArrayList<>();
        needs.eachWorker(
                (trust, references) -> names.add(installation.builds().names().worker(trust, references) + after));
        return arns(service, before, names).toArray();
    }

    private static List<Object> arns(String service, String before, List<String> names) {
        List<Object> arns = new ArrayList<>();
        names.forEach(name -> arns.add(arn(service, before + name)));
        return arns;
    }
}
