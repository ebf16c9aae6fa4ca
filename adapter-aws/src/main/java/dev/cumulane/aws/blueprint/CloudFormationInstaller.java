// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Installer;
import dev.cumulane.cloud.Pace;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudformation.model.StackResourceSummary;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * Installs by one CloudFormation stack, named as the namespace. The team's package and the template lie in a bucket beside it, by their digests, since functions are made from a package that is
 * there already, and a template of more than 51,200 bytes is read from a bucket.
 *
 * <p>A stack whose first creation failed is deleted and made anew; one that somebody else is changing is waited for. Table and bucket outlive the stack, in case somebody deletes it by
 * hand; {@link #remove} deletes them after it. One thread.
 */
public final class CloudFormationInstaller implements Installer {
    private static final Blueprint.Code NONE = new Blueprint.Code("none", Digest.of(new byte[0]));
    private static final String CODE_BUCKET = "CodeBucket";
    private static final String CODE_KEY = "CodeKey";

    private final AwsClients clients;
    private final AwsNames names;
    private final Blueprint blueprint;
    private final Stack stack;
    private final Buckets buckets;
    private final Pace pace;

    /**
     * An installer.
     *
     * @param clients the clients of CloudFormation, S3 and DynamoDB
     * @param names what everything is called
     * @param blueprint writes the template
     */
    public CloudFormationInstaller(AwsClients clients, AwsNames names, Blueprint blueprint) {
        this(clients, names, blueprint, Pace.USUAL);
    }

    CloudFormationInstaller(AwsClients clients, AwsNames names, Blueprint blueprint, Pace pace) {
        this.clients = clients;
        this.names = names;
        this.blueprint = blueprint;
        this.pace = pace;
        this.stack = new Stack(clients, names.stack(), pace);
        this.buckets = new Buckets(clients);
    }

    @Override
    public String name() {
        return stack.description();
    }

    @Override
    public List<Change> changes(Blueprint.Demand demand) {
        Optional<Deployed> deployed =
                stack.state().filter(state -> !state.isStillborn()).map(this::ours);
        Blueprint.Code code = deployed.map(Deployed::code).orElse(NONE);
        Deployed wanted = Deployed.parse(blueprint.template(demand, code));
        return Differences.between(
                deployed.map(Deployed::current).orElse(JsonNodeFactory.instance.objectNode()), wanted.current());
    }

    private Deployed ours(Stack.State state) {
        if (!state.isOurs()) {
            throw CloudException.permanent(
                    "CloudFormation", stack.description() + " was not made by Cumulane; choose another namespace");
        }
        return stack.template();
    }

    @Override
    public Installed install(Blueprint.Demand demand, Archive archive, Consumer<String> progress) {
        String template = blueprint.template(demand, archive.code());
        Optional<Stack.State> found = ready(progress);
        Optional<Deployed> deployed = found.map(this::ours);
        String wanted = deployed.map(before -> before.followedBy(template)).orElse(template);
        Map<String, String> parameters = Map.of(
                CODE_BUCKET,
                names.codeBucket(),
                CODE_KEY,
                "code/" + archive.code().digest().hex() + ".jar");
        upload(archive, parameters, progress);
        String url = uploaded(wanted);
        if (found.isEmpty()) {
            progress.accept("creating " + stack.description());
            stack.create(url, parameters);
            return installed(true, followed(Optional.empty(), progress));
        }
        Optional<String> seen = stack.newestEvent(found.get().id());
        if (!stack.update(url, parameters)) {
            return installed(false, found.get());
        }
        progress.accept("changing " + stack.description());
        return installed(true, followed(seen, progress));
    }

    /** The stack once nothing changes it; empty if there is none, or none that could be used. */
    private Optional<Stack.State> ready(Consumer<String> progress) {
        Optional<Stack.State> found = stack.state();
        if (found.isPresent() && found.get().isChanging()) {
            progress.accept("waiting: " + stack.description() + " is changing ("
                    + found.get().status() + ")");
            Stack.State before = found.get();
            found = Optional.of(stack.settled(before.id(), stack.newestEvent(before.id()), progress))
                    .filter(after -> !after.isGone());
        }
        if (found.isPresent() && found.get().isStillborn() && found.get().isOurs()) {
            progress.accept("deleting what an earlier, failed creation left ("
                    + found.get().status() + ")");
            deleted(found.get(), progress);
            return Optional.empty();
        }
        found.filter(state -> !state.isWhole()).ifPresent(state -> {
            throw CloudException.permanent(
                    "CloudFormation",
                    stack.description() + " is " + state.status() + " and cannot be changed"
                            + (state.reason().isEmpty() ? "" : " (" + state.reason() + ")")
                            + (state.status().equals("UPDATE_ROLLBACK_FAILED")
                                    ? "; 'aws cloudformation continue-update-rollback --stack-name " + names.stack()
                                            + "' brings it back"
                                    : "; remove it and install again"));
        });
        return found;
    }

    private void upload(Archive archive, Map<String, String> parameters, Consumer<String> progress) {
        String bucket = names.codeBucket();
        String key = parameters.getOrDefault(CODE_KEY, "");
        buckets.require(bucket);
        if (!buckets.has(bucket, key)) {
            progress.accept("uploading " + archive.file().getFileName() + " to bucket " + bucket);
            buckets.put(bucket, key, archive.file());
        }
    }

    private String uploaded(String template) {
        String key = "templates/" + Digest.of(template.getBytes(UTF_8)).hex() + ".json";
        if (!buckets.has(names.codeBucket(), key)) {
            buckets.put(names.codeBucket(), key, template);
        }
        return buckets.url(names.codeBucket(), key);
    }

    private Stack.State followed(Optional<String> seen, Consumer<String> progress) {
        String id = stack.state().map(Stack.State::id).orElse(names.stack());
        Stack.State end = stack.settled(id, seen, progress);
        if (!List.of("CREATE_COMPLETE", "UPDATE_COMPLETE").contains(end.status())) {
            throw CloudException.permanent(
                    "CloudFormation",
                    stack.description() + " is " + end.status() + ": " + stack.failure(id, seen, end));
        }
        return end;
    }

    private Installed installed(boolean changed, Stack.State state) {
        String address = Optional.ofNullable(state.outputs().get(FunctionResources.INGRESS_OUTPUT))
                .orElseThrow(() -> CloudException.permanent(
                        "CloudFormation", stack.description() + " has no output " + FunctionResources.INGRESS_OUTPUT));
        return new Installed(changed, URI.create(address.replaceFirst("/$", "")));
    }

    @Override
    public List<Belonging> belongings() {
        List<Belonging> all = new ArrayList<>();
        SortedMap<String, List<String>> others = new TreeMap<>();
        Optional<Stack.State> found = stack.state();
        if (found.isPresent()) {
            requireOurs(found.get());
            for (StackResourceSummary each : stack.resources()) {
                others.computeIfAbsent(each.resourceType(), any -> new ArrayList<>())
                        .add(Optional.ofNullable(each.physicalResourceId()).orElse(each.logicalResourceId()));
            }
            others.remove("AWS::S3::Bucket");
            others.remove("AWS::DynamoDB::Table");
        }
        if (hasTable()) {
            all.add(new Belonging("DynamoDB table " + names.table() + ": every run's history", true));
        }
        if (buckets.exists(names.bucket())) {
            all.add(new Belonging("S3 bucket " + names.bucket() + ": every artifact and plan", true));
        }
        if (buckets.exists(names.codeBucket())) {
            all.add(new Belonging("S3 bucket " + names.codeBucket() + ": installed packages", false));
        }
        others.forEach((type, resources) -> all.add(new Belonging(
                Differences.kind(type) + ": " + String.join(", ", resources), type.startsWith("AWS::SecretsManager"))));
        return all;
    }

    private void requireOurs(Stack.State state) {
        if (!state.isStillborn()) {
            ours(state);
        }
    }

    @Override
    public void remove(Consumer<String> progress) {
        Optional<Stack.State> found = stack.state();
        if (found.isPresent() && found.get().isChanging()) {
            progress.accept("waiting: " + stack.description() + " is changing");
            stack.settled(found.get().id(), stack.newestEvent(found.get().id()), progress);
            found = stack.state();
        }
        found.ifPresent(state -> {
            requireOurs(state);
            progress.accept("deleting " + stack.description());
            deleted(state, progress);
        });
        deleteTable(progress);
        for (String bucket : List.of(names.bucket(), names.codeBucket())) {
            if (buckets.exists(bucket)) {
                progress.accept("deleting bucket " + bucket + " and what is in it");
                buckets.delete(bucket);
            }
        }
    }

    private void deleted(Stack.State state, Consumer<String> progress) {
        Optional<String> seen = stack.newestEvent(state.id());
        stack.delete();
        Stack.State end = stack.settled(state.id(), seen, progress);
        if (!end.isGone()) {
            throw CloudException.permanent(
                    "CloudFormation",
                    stack.description() + " is " + end.status() + ": " + stack.failure(state.id(), seen, end));
        }
    }

    private AwsService dynamoDb() {
        return new AwsService("DynamoDB", "table " + names.table());
    }

    private boolean hasTable() {
        return dynamoDb().call("look for it", () -> {
            try {
                clients.dynamoDb().describeTable(request -> request.tableName(names.table()));
                return true;
            } catch (ResourceNotFoundException e) {
                return false;
            }
        });
    }

    private void deleteTable(Consumer<String> progress) {
        if (!hasTable()) {
            return;
        }
        progress.accept("deleting table " + names.table());
        dynamoDb().call("delete it", () -> {
            try {
                clients.dynamoDb().deleteTable(request -> request.tableName(names.table()));
            } catch (ResourceNotFoundException e) {
                // The answer to the call before this one was lost.
                return false;
            }
            return true;
        });
        Pace.Waiting waiting = pace.begin("DynamoDB", "table " + names.table());
        while (waiting.patiently(this::hasTable)) {
            waiting.pause();
        }
    }
}
