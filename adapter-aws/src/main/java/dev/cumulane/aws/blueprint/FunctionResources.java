// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Template.allow;
import static dev.cumulane.aws.blueprint.Template.allowPassing;
import static dev.cumulane.aws.blueprint.Template.arn;
import static dev.cumulane.aws.blueprint.Template.att;
import static dev.cumulane.aws.blueprint.Template.id;
import static dev.cumulane.aws.blueprint.Template.map;
import static dev.cumulane.aws.blueprint.Template.ref;
import static dev.cumulane.aws.blueprint.Template.statements;
import static dev.cumulane.aws.blueprint.Template.sub;

import dev.cumulane.aws.work.WorkNames;
import dev.cumulane.run.TrustLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The functions {@code ingress} and {@code engine}, and a worker for each trust level and set of secrets, with their roles. */
final class FunctionResources {
    /** How long the engine may take for a batch. */
    static final int ENGINE_SECONDS = 120;

    private static final int INGRESS_SECONDS = 25;
    private static final int WORKER_SECONDS = 900;
    private static final int KEPT_DAYS = 30;
    private static final String RUNTIME = "java25";
    private static final String BUCKET_CONTENT = "${Artifacts.Arn}/*";

    private final Installation installation;
    private final String namespace;

    FunctionResources(Installation installation) {
        this.installation = installation;
        this.namespace = installation.names().namespace();
    }

    void write(Template template, Needs needs) {
        template.parameter("CodeBucket", "The bucket that holds the team's package.");
        template.parameter("CodeKey", "The key of the team's package in that bucket.");
        ingress(template, needs);
        engine(template, needs);
        List<TrustLevel> withSecrets = Needs.WITH_SECRETS;
        for (String set : needs.functions()) {
            for (TrustLevel trust : set.isEmpty() ? List.of(TrustLevel.values()) : withSecrets) {
                worker(template, trust, Needs.references(set));
            }
        }
    }

    private void function(Template template, String name, String role, int seconds, Map<String, Object> more) {
        Map<String, Object> variables = map(
                "CUMULANE_ROLE",
                role,
                "CUMULANE_CODE",
                installation.code().digest().hex());
        variables.putAll(more);
        template.resource(
                id(name),
                "AWS::Lambda::Function",
                map(
                        "FunctionName",
                        name,
                        "Runtime",
                        RUNTIME,
                        "Handler",
                        installation.code().handler(),
                        "Code",
                        map("S3Bucket", ref("CodeBucket"), "S3Key", ref("CodeKey")),
                        "MemorySize",
                        1024,
                        "Timeout",
                        seconds,
                        "Role",
                        att(id(name, "role"), "Arn"),
                        // A run is a chain of function, queue, function; the engine itself ends one that makes no
                        // record.
                        "RecursiveLoop",
                        "Allow",
                        "Environment",
                        map("Variables", variables)));
        template.resource(
                id(name, "logs"),
                "AWS::Logs::LogGroup",
                map("LogGroupName", "/aws/lambda/" + name, "RetentionInDays", KEPT_DAYS));
    }

    private void role(Template template, String name, List<Map<String, Object>> more) {
        List<Map<String, Object>> statements = statements(
                allow("logs:CreateLogStream logs:PutLogEvents", arn("logs", "log-group:/aws/lambda/" + name + ":*")),
                allow("s3:GetObject s3:PutObject", sub(BUCKET_CONTENT)),
                // Without it S3 answers 403 and not 404 for what is not there.
                allow("s3:ListBucket", att(DataResources.BUCKET, "Arn")),
                allow("sqs:GetQueueUrl sqs:SendMessage", att(DataResources.QUEUE, "Arn")));
        statements.addAll(more);
        template.role(id(name, "role"), name, "lambda", statements);
    }

    private void ingress(Template template, Needs needs) {
        String name = namespace + "-ingress";
        function(template, name, "ingress", INGRESS_SECONDS, map());
        List<Map<String, Object>> statements = statements(allow(
                "dynamodb:GetItem dynamodb:Query", att(DataResources.TABLE, "Arn"), sub("${Journal.Arn}/index/*")));
        statements.addAll(BuildResources.finding(namespace, needs.secrets()));
        statements.addAll(BuildResources.reading(namespace, installation.engineSecrets()));
        role(template, name, statements);
        template.resource(
                "IngressUrl",
                "AWS::Lambda::Url",
                map("TargetFunctionArn", att(id(name), "Arn"), "AuthType", "NONE", "InvokeMode", "BUFFERED"));
        template.resource(
                "IngressUrlPermission",
                "AWS::Lambda::Permission",
                map(
                        "Action",
                        "lambda:InvokeFunctionUrl",
                        "FunctionName",
                        ref(id(name)),
                        "FunctionUrlAuthType",
                        "NONE",
                        "Principal",
                        "*"));
        template.resource(
                "IngressInvokePermission",
                "AWS::Lambda::Permission",
                map(
                        "Action",
                        "lambda:InvokeFunction",
                        "FunctionName",
                        ref(id(name)),
                        "InvokedViaFunctionUrl",
                        true,
                        "Principal",
                        "*"));
        template.output("Ingress", att("IngressUrl", "FunctionUrl"), "Where webhooks, pages and builds ask.");
    }

    private void engine(Template template, Needs needs) {
        String name = namespace + "-engine";
        function(template, name, "engine", ENGINE_SECONDS, map("CUMULANE_INGRESS", att("IngressUrl", "FunctionUrl")));
        role(template, name, engineStatements(needs));
        template.resource(
                "EngineQueue",
                "AWS::Lambda::EventSourceMapping",
                map(
                        "EventSourceArn",
                        att(DataResources.QUEUE, "Arn"),
                        "FunctionName",
                        ref(id(name)),
                        "BatchSize",
                        10,
                        "MaximumBatchingWindowInSeconds",
                        0,
                        "FunctionResponseTypes",
                        List.of("ReportBatchItemFailures")));
        template.role(
                "SweepRole",
                namespace + "-sweep",
                "scheduler",
                List.of(allow("lambda:InvokeFunction", att(id(name), "Arn"))));
        template.resource(
                "Sweep",
                "AWS::Scheduler::Schedule",
                map(
                        "Name",
                        namespace + "-sweep",
                        "GroupName",
                        ref("Timers"),
                        "ScheduleExpression",
                        "rate(5 minutes)",
                        "FlexibleTimeWindow",
                        map("Mode", "OFF"),
                        "Target",
                        map(
                                "Arn",
                                att(id(name), "Arn"),
                                "RoleArn",
                                att("SweepRole", "Arn"),
                                "Input",
                                "{\"sweep\": true}",
                                "RetryPolicy",
                                map("MaximumRetryAttempts", 0))));
    }

    private List<Map<String, Object>> engineStatements(Needs needs) {
        BuildResources builds = new BuildResources(installation);
        List<Map<String, Object>> statements = statements(
                allow(
                        "dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:Query",
                        att(DataResources.TABLE, "Arn")),
                allow("dynamodb:Query dynamodb:Scan", sub("${Journal.Arn}/index/*")),
                allow(
                        "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage",
                        att(DataResources.QUEUE, "Arn")),
                allow(
                        "scheduler:CreateSchedule",
                        arn("scheduler", "schedule/" + installation.names().schedules() + "/*")),
                allowPassing("scheduler", List.of(att("TimersRole", "Arn"))),
                allow("events:PutEvents", att("Bus", "Arn")));
        List<Object> projects = arns("codebuild", "project/", builds.projects(needs));
        if (!projects.isEmpty()) {
            statements.add(allow(
                    "codebuild:BatchGetBuilds codebuild:ListBuildsForProject codebuild:StartBuild codebuild:StopBuild",
                    projects.toArray()));
            List<Object> logs = new ArrayList<>();
            builds.projects(needs)
                    .forEach(project -> logs.add(arn("logs", "log-group:/aws/codebuild/" + project + ":*")));
            statements.add(allow("logs:GetLogEvents", logs.toArray()));
        }
        List<Object> roles = arns("iam", "role/", builds.handedRoles(needs));
        if (!roles.isEmpty()) {
            statements.add(allowPassing("codebuild", roles));
        }
        if (!needs.functions().isEmpty()) {
            statements.add(allow("lambda:InvokeFunction", arn("lambda", "function:" + namespace + "-worker-*")));
        }
        statements.addAll(BuildResources.finding(namespace, needs.secrets()));
        statements.addAll(BuildResources.reading(namespace, installation.engineSecrets()));
        statements.addAll(DeployResources.of(installation).engine(needs));
        if (!needs.alarms().isEmpty()) {
            List<String> alarms = List.copyOf(needs.alarms());
            statements.add(allow(
                    "cloudwatch:DescribeAlarms",
                    arns("cloudwatch", "alarm:", alarms).toArray()));
        }
        return statements;
    }

    private static List<Object> arns(String service, String before, List<String> names) {
        List<Object> arns = new ArrayList<>();
        names.forEach(name -> arns.add(arn(service, before + name)));
        return arns;
    }

    /** A worker, and the version and the alias of this code, which stay for the runs that began with it. */
    private void worker(Template template, TrustLevel trust, List<String> references) {
        String name = installation.builds().names().worker(trust, references);
        function(template, name, "worker", WORKER_SECONDS, map());
        role(template, name, BuildResources.reading(namespace, references));
        String alias = WorkNames.alias(installation.code().digest());
        template.kept(id(name, alias, "version"), "AWS::Lambda::Version", map("FunctionName", ref(id(name))));
        template.kept(
                id(name, alias, "alias"),
                "AWS::Lambda::Alias",
                map(
                        "FunctionName",
                        ref(id(name)),
                        "FunctionVersion",
                        att(id(name, alias, "version"), "Version"),
                        "Name",
                        alias));
        template.kept(
                id(name, alias, "invocations"),
                "AWS::Lambda::EventInvokeConfig",
                map(
                        "FunctionName",
                        ref(id(name)),
                        "Qualifier",
                        alias,
                        "MaximumRetryAttempts",
                        0,
                        "DestinationConfig",
                        map("OnFailure", map("Destination", att(DataResources.QUEUE, "Arn")))));
    }
}
