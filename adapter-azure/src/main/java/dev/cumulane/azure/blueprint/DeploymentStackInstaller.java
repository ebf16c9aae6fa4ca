// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.functions.FunctionApp;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Installer;
import dev.cumulane.cloud.Pace;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Installs by one deployment stack of the resource group, named as the namespace: what is no longer wanted is deleted with the change that no longer has it. The key of tickets, the jar in the
 * artifact store and the functions' packages follow when the stack stands. One thread.
 *
 * <p>Who installs owns the resource group, or may at least contribute to it and assign roles in it, and may write its blobs.
 */
public final class DeploymentStackInstaller implements Installer {
    /** A provider, a type and a name: what has more is a part of something. */
    private static final int WHOLE = 3;

    private static final Blueprint.Code NONE = new Blueprint.Code("none", Digest.of(new byte[0]));

    private final AzureNames names;
    private final BicepBlueprint blueprint;
    private final ArtifactStore artifacts;
    private final DeploymentStack stack;
    private final Packages packages;
    private final InstalledVault vault;

    /**
     * An installer.
     *
     * @param clients call the resource manager
     * @param blueprint writes the template
     * @param artifacts keeps the jar
     */
    public DeploymentStackInstaller(AzureClients clients, BicepBlueprint blueprint, ArtifactStore artifacts) {
        this(clients, blueprint, artifacts, Pace.USUAL);
    }

    DeploymentStackInstaller(AzureClients clients, BicepBlueprint blueprint, ArtifactStore artifacts, Pace pace) {
        this.names = clients.connection().names();
        this.blueprint = blueprint;
        this.artifacts = artifacts;
        this.stack = new DeploymentStack(clients, pace);
        this.packages = new Packages(clients, pace);
        this.vault = new InstalledVault(clients, pace);
    }

    @Override
    public String name() {
        return stack.description();
    }

    @Override
    public List<Change> changes(Blueprint.Demand demand) {
        Optional<JsonNode> deployed = stack.state().map(this::ours).map(state -> stack.template());
        Blueprint.Code code = deployed.map(DeploymentStackInstaller::code).orElse(NONE);
        JsonNode wanted = ArmText.of(blueprint.written(demand, code));
        return Differences.between(deployed.orElse(JsonNodeFactory.instance.objectNode()), wanted);
    }

    private DeploymentStack.State ours(DeploymentStack.State state) {
        if (!state.isOurs()) {
            throw CloudException.permanent(
                    DeploymentStack.SERVICE,
                    stack.description() + " was not made by Cumulane; choose another namespace");
        }
        return state;
    }

    private static Blueprint.Code code(JsonNode template) {
        JsonNode said = template.path("metadata");
        return new Blueprint.Code(
                said.path(BicepBlueprint.ENTRY).asText(),
                new Digest(said.path(BicepBlueprint.CODE).asText()));
    }

    @Override
    public Installed install(Blueprint.Demand demand, Archive archive, Consumer<String> progress) {
        Template template = blueprint.written(demand, archive.code());
        ObjectNode wanted = ArmText.of(template);
        String digest = Digest.of(wanted.toString().getBytes(UTF_8)).hex();
        Optional<DeploymentStack.State> found = calm(progress).map(this::ours);
        Optional<DeploymentStack.State> same = found.filter(DeploymentStack.State::isWhole)
                .filter(each -> digest.equals(each.tags().get(DeploymentStack.TEMPLATE)));
        boolean changed = same.isEmpty();
        if (changed) {
            progress.accept((found.isEmpty() ? "creating " : "changing ") + stack.description());
            stack.put(wanted, digest);
        }
        DeploymentStack.State state = same.orElseGet(() -> followed(progress));
        changed |= vault.makeTicketKey(progress);
        if (!artifacts.has(archive.code().digest())) {
            progress.accept("keeping " + archive.file().getFileName() + " for the runs that begin with it");
            artifacts.put(() -> Files.newInputStream(archive.file()));
            changed = true;
        }
        for (Resource app : template.resources().values()) {
            if (app.kind() == Kind.APP) {
                changed |= packages.publish(app.name(), kind(app), archive, progress);
            }
        }
        String address = Optional.ofNullable(state.outputs().get(FunctionResources.INGRESS_OUTPUT))
                .orElseThrow(() -> CloudException.permanent(
                        DeploymentStack.SERVICE,
                        stack.description() + " has no output " + FunctionResources.INGRESS_OUTPUT));
        return new Installed(changed, URI.create(address));
    }

    /** The stack once nothing changes it, if there is one. */
    private Optional<DeploymentStack.State> calm(Consumer<String> progress) {
        Optional<DeploymentStack.State> found = stack.state();
        if (found.isPresent() && found.get().isChanging()) {
            progress.accept("waiting: " + stack.description() + " is changing ("
                    + found.get().status() + ")");
            return stack.settled(progress);
        }
        return found;
    }

    private DeploymentStack.State followed(Consumer<String> progress) {
        DeploymentStack.State end = stack.settled(progress)
                .orElseThrow(() -> CloudException.permanent(
                        DeploymentStack.SERVICE, stack.description() + " was deleted meanwhile"));
        if (!end.isWhole()) {
            throw CloudException.permanent(
                    DeploymentStack.SERVICE, stack.description() + " is " + end.status() + ": " + stack.failure(end));
        }
        return end;
    }

    private static FunctionApp.Kind kind(Resource app) {
        return switch (app.symbol()) {
            case "ingressApp" -> FunctionApp.Kind.INGRESS;
            case "engineApp" -> FunctionApp.Kind.ENGINE;
            default -> FunctionApp.Kind.WORKER;
        };
    }

    @Override
    public List<Belonging> belongings() {
        List<Belonging> all = new ArrayList<>();
        SortedMap<String, List<String>> others = new TreeMap<>();
        for (String id : stack.state()
                .map(this::ours)
                .map(DeploymentStack.State::resources)
                .orElse(List.of())) {
            String[] path = id.split("/providers/");
            String[] parts = path[path.length - 1].split("/");
            if (parts.length == WHOLE) {
                others.computeIfAbsent(parts[0] + "/" + parts[1], any -> new ArrayList<>())
                        .add(parts[2]);
            }
        }
        if (others.getOrDefault(Kind.STORAGE.type(), new ArrayList<>()).remove(names.account())) {
            all.add(new Belonging(
                    "storage account " + names.account() + ": every run's history, every artifact and plan", true));
        }
        if (others.remove(Kind.VAULT.type()) != null) {
            all.add(new Belonging("key vault " + names.vault() + ": every secret", true));
        }
        others.forEach((type, each) -> {
            if (!each.isEmpty()) {
                all.add(new Belonging(Kind.words(type) + ": " + String.join(", ", each), false));
            }
        });
        return all;
    }

    /** A vault that is deleted keeps its name for a week; it is purged. */
    @Override
    public void remove(Consumer<String> progress) {
        calm(progress).map(this::ours).ifPresent(state -> {
            progress.accept("deleting " + stack.description());
            stack.delete();
            stack.settled(progress).ifPresent(end -> {
                throw CloudException.permanent(
                        DeploymentStack.SERVICE,
                        stack.description() + " is " + end.status() + ": " + stack.failure(end));
            });
        });
        vault.purge(progress);
    }
}
