// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.DeploymentLedger;
import dev.cumulane.cloud.DeploymentLedger.Entry;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.UnpackedArtifacts;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Carries out steps on one container app. Each states what should be, and may be repeated. */
final class AppRollout {
    private static final String SERVICE = "Container Apps";
    private static final int LONGEST_IMAGE = 500;
    private static final int DIGITS = 8;
    private static final Set<String> RUNNING = Set.of("Running", "RunningAtMaxScale", "ScaledToZero");
    private static final Set<String> BROKEN = Set.of("Failed", "ActivationFailed", "Degraded");

    private final ContainerAppEnvironment binding;
    private final ContainerApp app;
    private final ArtifactStore store;
    private final DeploymentLedger ledger;
    private final Predicate<String> rings;
    private final ContainerAppsDeliveries.Pace pace;

    AppRollout(
            ContainerAppEnvironment binding,
            ContainerApp app,
            ArtifactStore store,
            DeploymentLedger ledger,
            Predicate<String> rings,
            ContainerAppsDeliveries.Pace pace) {
        this.binding = binding;
        this.app = app;
        this.store = store;
        this.ledger = ledger;
        this.rings = rings;
        this.pace = pace;
    }

    /** Carries out a step that is not stale. */
    StepReport carryOut(DeploymentStep step) {
        if (step.wanted() instanceof DeploymentStep.Prepared prepared) {
            return prepare(step, prepared.release());
        }
        if (step.wanted() instanceof DeploymentStep.RolledBack) {
            return rollBack(step);
        }
        Optional<String> prepared = ledger.of(step).flatMap(Entry::prepared);
        if (prepared.isEmpty()) {
            return StepReport.failure("nothing was prepared by this deployment");
        }
        if (step.wanted() instanceof DeploymentStep.Healthy healthy) {
            enter(step, entry -> entry);
            return healthy.alarm()
                    .filter(rings)
                    .map(ringing -> "alarm '" + ringing + "' rings")
                    .or(() -> app.revision(prepared.get()).flatMap(AppRollout::broken))
                    .map(StepReport::failure)
                    .orElseGet(() -> report(app.settled()));
        }
        return step.wanted() instanceof DeploymentStep.Shifted shifted
                ? shift(step, shifted.percent())
                : complete(step);
    }

    private StepReport prepare(DeploymentStep step, Release release) {
        Optional<String> missing = UnpackedArtifacts.missing(store, release);
        if (missing.isPresent()) {
            return StepReport.failure(missing.get());
        }
        if (release.artifacts().size() != 1) {
            return StepReport.failure("a container app takes one artifact, and the release " + release.name() + " has "
                    + release.artifacts().size());
        }
        String image = image(release.artifacts().get(0));
        String suffix = "n" + step.fence() + "-" + image.substring(image.length() - DIGITS);
        String revision = app.name() + "--" + suffix;
        if (app.revision(revision).isEmpty()) {
            JsonNode now = pinned(step.environment());
            app.change("make revision " + revision, template(now, suffix, image));
        }
        Optional<String> broken = started(revision);
        if (broken.isPresent()) {
            return StepReport.failure(broken.get());
        }
        enter(step, entry -> entry.preparing(revision));
        return unaddressed(app.settled());
    }

    /** The image that an artifact names: one file of one line, with the digest, in the one repository that is bound. */
    private String image(Produced artifact) {
        byte[] text = UnpackedArtifacts.make(
                store, List.of(artifact), unpacked -> only(unpacked.files().values()));
        String image = new String(text, UTF_8).strip();
        if (!image.matches(Pattern.quote(binding.repository()) + "@sha256:[0-9a-f]{64}")) {
            throw refused("artifact " + artifact.name() + " names no image of " + binding.repository()
                    + " by its digest, such as " + binding.repository() + "@sha256:4f1c…");
        }
        return image;
    }

    private static byte[] only(Collection<Path> files) throws IOException {
        if (files.size() != 1) {
            throw refused("what is deployed to a container app is one file with the name of an image, not "
                    + files.size() + " files");
        }
        Path file = files.iterator().next();
        return Files.size(file) > LONGEST_IMAGE ? new byte[0] : Files.readAllBytes(file);
    }

    private static CloudException refused(String message) {
        return CloudException.permanent(SERVICE, message);
    }

    /** The app, whose traffic stays where it is whatever revision comes next. What was live before anything was deployed by us is written down once. */
    private JsonNode pinned(String environment) {
        JsonNode now = app.settled();
        AppTraffic traffic = AppTraffic.read(now);
        if (traffic.shares().size() == 1) {
            store.create(origin(environment), traffic.shares().firstKey().getBytes(UTF_8));
        }
        if (!AppTraffic.followsLatest(now)) {
            return now;
        }
        app.change("keep the traffic where it is", traffic.change(now));
        return app.settled();
    }

    private static String origin(String environment) {
        return "deploys/" + environment + "/origin";
    }

    private ObjectNode template(JsonNode now, String suffix, String image) {
        ArrayNode containers = now.at("/properties/template/containers").deepCopy();
        ObjectNode changed = null;
        for (JsonNode container : containers) {
            boolean wanted = binding.container()
                    .map(name -> container.path("name").asText().equals(name))
                    .orElse(true);
            if (wanted && changed == null) {
                changed = (ObjectNode) container;
            }
        }
        if (changed == null) {
            throw refused("app " + app.name() + " has no container '"
                    + binding.container().orElse("") + "'");
        }
        changed.put("image", image);
        ObjectNode change = containers.objectNode();
        ObjectNode template = change.putObject("properties").putObject("template");
        template.put("revisionSuffix", suffix).set("containers", containers);
        return change;
    }

    /** Waits until it is decided whether a revision runs; tells why it does not. */
    private Optional<String> started(String revision) {
        ContainerApp.Waiting waiting = new ContainerApp.Waiting(pace);
        while (true) {
            Optional<JsonNode> found = app.revision(revision);
            Optional<String> broken = found.flatMap(AppRollout::broken);
            if (broken.isPresent() || found.filter(AppRollout::runs).isPresent()) {
                return broken;
            }
            waiting.pause("revision " + revision + " does not run yet");
        }
    }

    private static boolean runs(JsonNode revision) {
        return revision.at("/properties/provisioningState").asText().equals("Provisioned")
                && RUNNING.contains(revision.at("/properties/runningState").asText());
    }

    private static Optional<String> broken(JsonNode revision) {
        JsonNode properties = revision.path("properties");
        boolean broken = properties.path("provisioningState").asText().equals("Failed")
                || BROKEN.contains(properties.path("runningState").asText());
        String why = properties
                .path("provisioningError")
                .asText(properties.path("runningStateDetails").asText("its log says why"));
        return broken
                ? Optional.of("revision " + revision.path("name").asText() + " does not run: " + why)
                : Optional.empty();
    }

    private Entry enter(DeploymentStep step, UnaryOperator<Entry> change) {
        return ledger.enter(step, change)
                .orElseThrow(() -> refused(ledger.stale(step).orElse("stale: a later step has begun")));
    }

    private StepReport shift(DeploymentStep step, int percent) {
        Entry entry = enter(step, before -> before.leadingTo(before.prepared()));
        String prepared = entry.prepared().orElseThrow();
        String former = entry.former().orElse(prepared);
        boolean whole = percent == 100 || former.equals(prepared);
        AppTraffic wanted =
                AppTraffic.of(whole ? Map.of(prepared, 100) : Map.of(prepared, percent, former, 100 - percent));
        JsonNode now = app.settled();
        AppTraffic found = AppTraffic.read(now);
        boolean touched = step.version().filter(tag -> !tag.equals(found.tag())).isPresent();
        if (touched && !found.equals(wanted)) {
            return StepReport.failure("the traffic of app " + app.name()
                    + " was changed since the step before, and not by this deployment");
        }
        return report(led(now, wanted));
    }

    /** The former release is stopped; it stays there to be brought back. */
    private StepReport complete(DeploymentStep step) {
        StepReport shifted = shift(step, 100);
        Optional<Entry> entry = ledger.of(step);
        if (shifted.succeeded()) {
            entry.flatMap(Entry::former)
                    .filter(former -> !entry.flatMap(Entry::prepared).equals(Optional.of(former)))
                    .ifPresent(this::stop);
        }
        return shifted;
    }

    private StepReport rollBack(DeploymentStep step) {
        boolean begun = ledger.of(step).isPresent();
        Entry entry = enter(step, before -> before.leadingTo(before.former()));
        Optional<String> target = entry.former().or(() -> begun ? origin(step) : Optional.empty());
        JsonNode now = app.settled();
        if (target.isEmpty()) {
            return unaddressed(now);
        }
        start(target.get());
        JsonNode back = led(now, AppTraffic.of(Map.of(target.get(), 100)));
        entry.prepared().filter(prepared -> !target.get().equals(prepared)).ifPresent(this::stop);
        return entry.former().isPresent() ? report(back) : unaddressed(back);
    }

    private Optional<String> origin(DeploymentStep step) {
        return store.read(origin(step.environment())).map(bytes -> new String(bytes, UTF_8));
    }

    private void start(String revision) {
        if (app.revision(revision).filter(AppRollout::isActive).isEmpty()) {
            app.activate(revision);
            started(revision).ifPresent(why -> {
                throw refused(why);
            });
        }
    }

    private void stop(String revision) {
        if (app.revision(revision).filter(AppRollout::isActive).isPresent()) {
            app.deactivate(revision);
        }
    }

    private static boolean isActive(JsonNode revision) {
        return revision.at("/properties/active").asBoolean();
    }

    private JsonNode led(JsonNode now, AppTraffic wanted) {
        if (AppTraffic.read(now).equals(wanted) && !AppTraffic.followsLatest(now)) {
            return now;
        }
        app.change("share the traffic", wanted.change(now));
        JsonNode after = app.settled();
        if (!AppTraffic.read(after).equals(wanted)) {
            String changed = "the traffic of app " + app.name() + " was changed meanwhile";
            throw CloudException.retryable(SERVICE, changed, new IllegalStateException(changed));
        }
        return after;
    }

    private StepReport report(JsonNode live) {
        String own =
                "https://" + live.at("/properties/configuration/ingress/fqdn").asText();
        return new StepReport(
                true,
                "",
                Optional.of(AppTraffic.read(live).tag()),
                Optional.of(binding.address().orElse(own)));
    }

    private static StepReport unaddressed(JsonNode live) {
        return new StepReport(true, "", Optional.of(AppTraffic.read(live).tag()), Optional.empty());
    }
}
