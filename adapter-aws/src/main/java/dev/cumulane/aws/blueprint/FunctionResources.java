// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Template.allow;
import static dev.cumulane.aws.blueprint.Template.att;
import static dev.cumulane.aws.blueprint.Template.id;
import static dev.cumulane.aws.blueprint.Template.map;
import static dev.cumulane.aws.blueprint.Template.ref;

import dev.cumulane.aws.client.AwsVariables;
import dev.cumulane.aws.work.WorkNames;
import dev.cumulane.cloud.Needs;
import dev.cumulane.run.TrustLevel;
import java.util.List;
import java.util.Map;

/** The functions {@code ingress} and {@code engine}, and a worker for each trust level and set of secrets, with their roles. */
final class FunctionResources {
    /** How long the engine may take for a batch. */
    static final int ENGINE_SECONDS = 120;

    /** The output with the URL of ingress. */
    static final String INGRESS_OUTPUT = "Ingress";

    private static final int INGRESS_SECONDS = 25;
    private static final int WORKER_SECONDS = 900;
    private static final int KEPT_DAYS = 30;
    private static final String RUNTIME = "java25";

    private final Installation installation;
    private final Permissions permissions;
    private final String namespace;

    FunctionResources(Installation installation) {
        this.installation = installation;
        this.permissions = new Permissions(installation);
        this.namespace = installation.names().namespace();
    }

    void write(Template template, Needs needs) {
        template.parameter("CodeBucket", "The bucket that holds the team's package.");
        template.parameter("CodeKey", "The key of the team's package in that bucket.");
        ingress(template, needs);
        engine(template, needs);
        needs.eachWorker((trust, references) -> worker(template, trust, references));
    }

    private void function(Template template, String name, String role, int seconds, Map<String, Object> more) {
        Map<String, Object> variables = map(
                AwsVariables.ROLE,
                role,
                AwsVariables.ACCOUNT,
                ref("AWS::AccountId"),
                AwsVariables.CODE,
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
                        installation.code().entry(),
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

    private void ingress(Template template, Needs needs) {
        String name = namespace + "-ingress";
        function(template, name, "ingress", INGRESS_SECONDS, map());
        role(template, name, permissions.ingress(name, needs));
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
        template.output(INGRESS_OUTPUT, att("IngressUrl", "FunctionUrl"), "Where webhooks, pages and builds ask.");
    }

    private void engine(Template template, Needs needs) {
        String name = namespace + "-engine";
        function(template, name, "engine", ENGINE_SECONDS, map(AwsVariables.INGRESS, att("IngressUrl", "FunctionUrl")));
        role(template, name, permissions.engine(name, needs));
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

    private static void role(Template template, String name, List<Map<String, Object>> statements) {
        template.role(id(name, "role"), name, "lambda", statements);
    }

    /** A worker, and the version and the alias of this code, which stay for the runs that began with it. */
    private void worker(Template template, TrustLevel trust, List<String> references) {
        String name = installation.builds().names().worker(trust, references);
        function(template, name, "worker", WORKER_SECONDS, map());
        role(template, name, permissions.worker(name, references));
        String alias = WorkNames.alias(installation.code().digest());
        template.ofCode(id(name, alias, "version"), "AWS::Lambda::Version", map("FunctionName", ref(id(name))));
        template.ofCode(
                id(name, alias, "alias"),
                "AWS::Lambda::Alias",
                map(
                        "FunctionName",
                        ref(id(name)),
                        "FunctionVersion",
                        att(id(name, alias, "version"), "Version"),
                        "Name",
                        alias));
        template.ofCode(
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
