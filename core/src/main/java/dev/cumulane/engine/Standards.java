// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Signer;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.http.Hosts;
import dev.cumulane.internal.http.SafeCaller;
import dev.cumulane.internal.standards.EventFollower;
import dev.cumulane.internal.standards.Origin;
import dev.cumulane.internal.standards.Past;
import dev.cumulane.internal.standards.ProvenanceFollower;
import dev.cumulane.internal.standards.Telemetry;
import dev.cumulane.internal.standards.TelemetryFollower;
import dev.cumulane.internal.standards.WebEventSink;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What an engine tells of its runs in the words of the standards: CloudEvents with CDEvents, OpenTelemetry, SLSA provenance. Immutable; it tells nothing that is not
 * asked for.
 *
 * <p>How far it was told is kept in the journal: whatever dies in between, each event is told at least once and in order, and a repetition has the same id. What cannot be
 * told is tried again and shows in the run; the run does not wait for it.
 */
public final class Standards {
    private final Origin origin;
    private final List<BiFunction<Cloud, Past, Follower>> followers;

    private Standards(Origin origin, List<BiFunction<Cloud, Past, Follower>> followers) {
        this.origin = origin;
        this.followers = List.copyOf(followers);
    }

    /**
     * Nothing yet, from this place.
     *
     * @param source an absolute URI that stands for this installation, such as {@code https://ci.example.com}: the {@code source} of events, and the builder that
     *     provenance names
     * @return what tells nothing yet
     */
    public static Standards from(URI source) {
        return new Standards(new Origin(source, Optional.empty()), List.of());
    }

    /**
     * The same, with the address of this installation's pages: what is told then says where people can look. Say it first; what was asked for before is not changed.
     *
     * @param address a web address
     * @return the same with it
     */
    public Standards withPages(URI address) {
        return new Standards(new Origin(origin.source(), Optional.of(address)), followers);
    }

    /**
     * The same, and events go to the cloud's bus; on one machine, that is the file {@code events.jsonl}.
     *
     * @return the same with it
     */
    public Standards events() {
        Origin from = origin;
        return and((cloud, past) -> new EventFollower("cloudevents/bus", cloud.events(), from, past));
    }

    /**
     * The same, and events are posted to a web address, which may be inside one's own network.
     *
     * @param address where to
     * @return the same with it
     */
    public Standards eventsTo(URI address) {
        return eventsTo(address, cloud -> Optional::empty);
    }

    /**
     * The same, and events are posted to a web address with a signature by the Standard Webhooks specification.
     *
     * @param address where to
     * @param key the reference of the secret to sign with
     * @return the same with it
     */
    public Standards eventsTo(URI address, String key) {
        return eventsTo(address, cloud -> () -> Optional.of(read(cloud, key)));
    }

    private Standards eventsTo(URI address, Function<Cloud, Supplier<Optional<byte[]>>> key) {
        String inside = address.getScheme() + "://" + address.getRawAuthority();
        Hosts hosts = Hosts.of().andInside(List.of(inside));
        Origin from = origin;
        return and((cloud, past) -> new EventFollower(
                "cloudevents/" + address.getHost(),
                new WebEventSink(new SafeCaller(hosts), address, key.apply(cloud), cloud.clock()),
                from,
                past));
    }

    /**
     * The same, and spans and metrics of each run go to the OpenTelemetry that is registered globally when the engine opens. Without one, nothing is told.
     *
     * @return the same with it
     * @see SpanIds
     */
    public Standards telemetry() {
        Origin from = origin;
        return and((cloud, past) -> new TelemetryFollower(new Telemetry(GlobalOpenTelemetry.getOrNoop(), from), past));
    }

    /**
     * The same, and the provenance of each artifact is kept in the artifact store, without a signature.
     *
     * @return the same with it
     */
    public Standards provenance() {
        return provenance(cloud -> Optional::empty);
    }

    /**
     * The same, and the provenance of each artifact is kept in the artifact store, signed with a private key that is a secret: see {@link Signer#pkcs8}.
     *
     * @param key the reference of the secret, which the signatures name, too
     * @return the same with it
     */
    public Standards provenanceSignedWith(String key) {
        return provenance(cloud -> () -> Optional.of(Signer.pkcs8(key, read(cloud, key))));
    }

    /**
     * The same, and the provenance of each artifact is kept in the artifact store, signed by a service that keeps its key for itself.
     *
     * @param signer the service
     * @return the same with it
     */
    public Standards provenanceSignedBy(Signer signer) {
        return provenance(cloud -> () -> Optional.of(signer));
    }

    private Standards provenance(Function<Cloud, Supplier<Optional<Signer>>> signer) {
        Origin from = origin;
        return and((cloud, past) -> new ProvenanceFollower(cloud.artifacts(), signer.apply(cloud), from, past));
    }

    private Standards and(BiFunction<Cloud, Past, Follower> follower) {
        List<BiFunction<Cloud, Past, Follower>> more = new ArrayList<>(followers);
        more.add(follower);
        return new Standards(origin, more);
    }

    List<Follower> followers(Cloud cloud, Past past) {
        return followers.stream().map(follower -> follower.apply(cloud, past)).toList();
    }

    private static byte[] read(Cloud cloud, String reference) {
        return cloud.secrets()
                .read(reference)
                .orElseThrow(() -> CloudException.permanent("secrets", "there is no secret '" + reference + "'"));
    }
}
