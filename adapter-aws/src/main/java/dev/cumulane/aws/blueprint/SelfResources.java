// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Template.allow;
import static dev.cumulane.aws.blueprint.Template.arn;
import static dev.cumulane.aws.blueprint.Template.att;
import static dev.cumulane.aws.blueprint.Template.id;
import static dev.cumulane.aws.blueprint.Template.map;
import static dev.cumulane.aws.blueprint.Template.ref;

import dev.cumulane.aws.client.AwsVariables;
import dev.cumulane.aws.deliveries.SelfDeliveries;
import dev.cumulane.aws.work.WorkNames;
import dev.cumulane.cloud.Needs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an installation needs that updates itself: engine and ingress are called by an alias, which a deployment can lead to another version. Without such a pipeline they are called
 * as they are.
 */
final class SelfResources {
    private static final List<String> CALLED = List.of("engine", "ingress");

    private final Installation installation;
    private final String namespace;

    SelfResources(Installation installation) {
        this.installation = installation;
        this.namespace = installation.names().namespace();
    }

    void write(Template template, Needs needs) {
        CALLED.forEach(role -> alias(template, namespace + "-" + role));
        template.change("EngineQueue", "FunctionName", live("engine"));
        template.change("IngressUrl", "Qualifier", SelfDeliveries.LIVE);
        template.change("IngressUrlPermission", "FunctionName", live("ingress"));
        template.change("IngressInvokePermission", "FunctionName", live("ingress"));
        sweep(template);
        variables(template, needs);
    }

    private Map<String, Object> live(String role) {
        return ref(id(namespace + "-" + role, SelfDeliveries.LIVE));
    }

    private void alias(Template template, String function) {
        String version = id(function, WorkNames.alias(installation.code().digest()), "version");
        template.ofCode(version, "AWS::Lambda::Version", map("FunctionName", ref(id(function))));
        template.resource(
                id(function, SelfDeliveries.LIVE),
                "AWS::Lambda::Alias",
                map(
                        "FunctionName",
                        ref(id(function)),
                        "FunctionVersion",
                        att(version, "Version"),
                        "Name",
                        SelfDeliveries.LIVE));
    }

    private void sweep(Template template) {
        Template.inner(template.properties("Sweep"), "Target").put("Arn", live("engine"));
        template.allowOnly("SweepRole", allow("lambda:InvokeFunction", live("engine")));
    }

    private void variables(Template template, Needs needs) {
        Map<String, Object> environment = Template.inner(template.properties(id(namespace + "-engine")), "Environment");
        Template.inner(environment, "Variables")
                .put(AwsVariables.WORKERS, String.join(" ", workers(installation, needs)));
    }

    private static List<String> workers(Installation installation, Needs needs) {
        List<String> workers = new ArrayList<>();
        needs.eachWorker(
                (trust, references) -> workers.add(installation.builds().names().worker(trust, references)));
        return workers;
    }

    /** What the engine may do with the functions of its own installation: give them code, never rights. */
    static List<Map<String, Object>> engine(Installation installation, Needs needs) {
        List<Map<String, Object>> all = new ArrayList<>();
        List<Object> called = new ArrayList<>();
        CALLED.forEach(role -> add(called, installation.names().namespace() + "-" + role));
        List<Object> workers = new ArrayList<>();
        workers(installation, needs).forEach(worker -> add(workers, worker));
        String both =
                "lambda:CreateAlias lambda:GetFunctionConfiguration lambda:PublishVersion lambda:UpdateFunctionCode"
                        + " lambda:UpdateFunctionConfiguration";
        all.add(allow(
                both + " lambda:DeleteAlias lambda:GetAlias lambda:InvokeFunction lambda:UpdateAlias",
                called.toArray()));
        if (!workers.isEmpty()) {
            all.add(allow(both + " lambda:PutFunctionEventInvokeConfig", workers.toArray()));
        }
        return all;
    }

    private static void add(List<Object> arns, String function) {
        arns.add(arn("lambda", "function:" + function));
        arns.add(arn("lambda", "function:" + function + ":*"));
    }
}
